"""Web pages: the main text by trafilatura, and what a crawler needs to know of them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin

from copilot.knowledge.sources.formats.html import body_markdown, html_tree, title_of
from copilot.knowledge.sources.formats.parsed import Parsed, UnreadableError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_LINKS = 5_000
_FEWEST_CHARS = 40


def parse_page(content: bytes, *, url: str, declared: str = "") -> Parsed:
    """A page that was fetched from `url`. Raises `UnreadableError` when nobody could read anything on it."""
    root = html_tree(content, declared)
    _resolve_links(root, url)
    rules = _robots(root)
    title = _meta(root, "og:title") or title_of(root)
    text = "" if "noindex" in rules else _main_text(root, title)
    if not text.strip() and "noindex" not in rules:
        raise UnreadableError("The page holds no text to read; it may be drawn by a script.")
    return Parsed(
        title=title,
        text=text,
        links=() if "nofollow" in rules else _links(root),
        canonical=_canonical(root),
        modified=_meta(root, "article:modified_time"),
        unlisted="noindex" in rules,
    )


def _main_text(root: HtmlElement, title: str) -> str:
    from copy import deepcopy

    import trafilatura

    # It takes the tree apart, and what it finds too short to be an article may still be one.
    found = trafilatura.extract(
        deepcopy(root),
        output_format="markdown",
        include_comments=False,
        include_links=True,
        include_tables=True,
    )
    text = (found or "").strip()
    if len(text) < _FEWEST_CHARS:
        return body_markdown(root, title)
    first = f"# {title}"
    return text[len(first) :].lstrip() if title and text.startswith(first + "\n") else text


def _resolve_links(root: HtmlElement, url: str) -> None:
    """Make addresses whole, and take off the links of a page to places on itself."""
    base = next((element.get("href") for element in root.iter("base") if element.get("href")), "")
    start = urljoin(url, base or "")
    for link in list(root.iter("a")):
        href = (link.get("href") or "").strip()
        try:
            whole = urljoin(start, href)
        except ValueError:
            whole = ""
        if (
            not href
            or urldefrag(whole).url == urldefrag(url).url
            or not whole.startswith(("http:", "https:", "mailto:"))
        ):
            _unlink(link)
        else:
            link.set("href", whole)


def _unlink(link: HtmlElement) -> None:
    """Leave a link's words without its address."""
    link.attrib.pop("href", None)
    link.tag = "span"


def _links(root: HtmlElement) -> tuple[str, ...]:
    found = (
        urldefrag(link.get("href") or "").url
        for link in root.iter("a")
        if "nofollow" not in (link.get("rel") or "")
    )
    return tuple(dict.fromkeys(address for address in found if address.startswith("http")))[:_MAX_LINKS]


def _canonical(root: HtmlElement) -> str:
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return (link.get("href") or "").strip()
    return ""


def _robots(root: HtmlElement) -> frozenset[str]:
    rules = [
        (meta.get("content") or "").lower()
        for meta in root.iter("meta")
        if (meta.get("name") or "").lower() == "robots"
    ]
    words = frozenset(word.strip() for rule in rules for word in rule.split(","))
    return words | {"noindex", "nofollow"} if "none" in words else words


def _meta(root: HtmlElement, name: str) -> str:
    for meta in root.iter("meta"):
        if name in {meta.get("property"), meta.get("name")}:
            return " ".join((meta.get("content") or "").split())
    return ""
