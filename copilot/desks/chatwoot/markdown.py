"""A rep's Markdown as Chatwoot may have it: its renderer leaves raw HTML out, and with it the customer's words."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_CODE_OR_TAG = re.compile(
    r"(^```.*?^```|`[^`\n]*`|^(?: {4}|\t)[^\n]*$|\\[\\<])|<(?=[A-Za-z/!?])", re.DOTALL | re.MULTILINE
)
_HTML = frozenset({"html_block", "html_inline"})


def safe_markdown(text: str) -> str:
    r"""The text with `<` escaped where a renderer would take it for the beginning of a tag; code stays as it is.

    Where code and tags are so entangled that this is not enough, every such sign becomes an entity, also in code. Takes
    a while for long texts.
    """
    escaped = _CODE_OR_TAG.sub(lambda found: found[1] or r"\<", text)
    return escaped if not _TAG.search(text) or not _has_html(escaped) else _TAG.sub("&lt;", text)


def _has_html(text: str) -> bool:
    tokens = _parser().parse(text)
    return any(one.type in _HTML for token in tokens for one in (token, *(token.children or ())))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # takes a moment, and most replies have no tags

    return MarkdownIt("commonmark")
