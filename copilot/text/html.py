"""Messages for the screen: HTML that loads nothing, runs nothing and cannot freeze Qt's text engine.

Whatever arrives (plain text, Markdown, a mail's HTML) is rewritten tag by tag into a small flat subset and then checked
once more by nh3. The limits are those that were measured on QTextDocument: nested tables cost it twice the time per
level, deep nesting is quadratic, and a megabyte takes half a second to lay out.

Markdown goes through markdown-it-py rather than python-markdown, which needs 26 seconds for 8,000 brackets and fails on
nested lists; markdown-it-py is linear on both, escapes raw HTML and limits nesting.
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING

from copilot.domain import HiddenKind, HiddenPart, Message
from copilot.text.flat import flatten
from copilot.text.plain import MAX_HTML_CHARS

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MAX_MARKDOWN_CHARS = 20_000
"""Longer text is shown as plain paragraphs: nobody writes that much Markdown in a message."""
MAX_SHOWN_CHARS = 50_000
MAX_DEPTH = 8

TAGS = frozenset(
    {
        "p",
        "div",
        "br",
        "hr",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "s",
        "del",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
    }
    | {"a", "h4", "table", "thead", "tbody", "tr", "td", "th"}
)
"""Everything that can come out of this module."""
_LABELS = {
    HiddenKind.QUOTE: "Quoted",
    HiddenKind.SIGNATURE: "Signature",
    HiddenKind.DISCLAIMER: "Disclaimer",
    HiddenKind.FORWARD: "Forwarded",
}


def render_message(message: Message, *, whole: bool) -> tuple[str, str, bool]:
    """The message as safe HTML, its hidden parts as safe HTML, and whether something was left out for length.

    Formatting of an HTML mail is kept where what was hidden can be told apart by its markup; otherwise its clean text
    is shown. `whole` lifts the limit of `MAX_SHOWN_CHARS`, never the absolute one of a million characters.
    """
    limit = MAX_HTML_CHARS if whole else MAX_SHOWN_CHARS
    body, shortened = _body(message, limit)
    hidden, cut = _hidden(message.hidden, limit)
    return body, hidden, shortened or cut


def markdown_to_html(text: str, *, limit: int = MAX_SHOWN_CHARS) -> tuple[str, bool]:
    """Untrusted Markdown or plain text as safe HTML, and whether it was shortened to `limit` characters."""
    if len(text) > MAX_MARKDOWN_CHARS:
        return _plain_to_html(text, limit)
    html, shortened = flatten(_markdown().render(text), limit=limit, depth=MAX_DEPTH)
    return _gate(html), shortened


def _body(message: Message, limit: int) -> tuple[str, bool]:
    if message.html and not message.text.strip():
        html, shortened = flatten(
            message.html[:MAX_HTML_CHARS], limit=limit, depth=MAX_DEPTH, drop_quotes=True
        )
        safe = _gate(html)
        if shortened or _letters(safe) == _letters(escape(message.clean)):
            return safe, shortened or len(message.html) > MAX_HTML_CHARS
    return markdown_to_html(message.clean or message.text, limit=limit)


def _plain_to_html(text: str, limit: int) -> tuple[str, bool]:
    shown = text[:limit]
    paragraphs = (part.strip("\n") for part in shown.split("\n\n"))
    html = "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in paragraphs if part.strip())
    return _gate(html), len(shown) < len(text)


def _hidden(parts: tuple[HiddenPart, ...], limit: int) -> tuple[str, bool]:
    rendered: list[str] = []
    shortened = False
    for part in parts:
        html, cut = _plain_to_html(part.text, limit)
        limit -= len(html)
        rendered.append(f"<p><b>{_LABELS[part.kind]}</b></p>{html}")
        shortened |= cut
        if limit <= 0:
            return "<hr>".join(rendered), True
    return "<hr>".join(rendered), shortened


def _gate(html: str) -> str:
    import nh3

    return nh3.clean(
        html.strip(),
        tags=set(TAGS),
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def _letters(text: str) -> str:
    """What is left of a text without tags, white space and punctuation: for telling whether two say the same."""
    import nh3

    bare = nh3.clean(text, tags=set())
    return "".join(c for c in bare if c.isalnum())


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Indented code and underlined headings are how plain mails look, not what their writers mean; and who writes
    # "&amp;" is talking about it.
    return MarkdownIt("js-default", {"html": False, "breaks": True}).disable(["code", "lheading", "entity"])
