"""What looks like HTML in a reply reaches the customer as the text it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from copilot.desks.chatwoot.markdown import safe_markdown

PIECES = (
    *("<b>", "</b>", "<", "`", "``", "```", "~~~", "\n", "\n\n", "    ", "\t", "\\", "a", " ", "<!-- x -->"),
    *(
        "<a@b.c>",
        "<http://x.y>",
        "<?x?>",
        "- ",
        "> ",
        "1. ",
        "&lt;",
        "[x](y)",
        "*",
        "<div>\n",
        "<![CDATA[x]]>",
    ),
)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("1 < 2 > 0", "1 < 2 > 0"),
        ("a <b>c</b>", r"a \<b>c\</b>"),
        (r"a \<b>", r"a \<b>"),
        ("`<b>` and <b>", r"`<b>` and \<b>"),
        ("```\n<b>\n```\n<i>", "```\n<b>\n```\n\\<i>"),
        ("    <b>\n<i>", "    <b>\n\\<i>"),
        ("<!-- x -->", r"\<!-- x -->"),
        ("```<b>`", "```&lt;b>`"),
    ],
)
def test_tags_become_text(text: str, safe: str) -> None:
    assert safe_markdown(text) == safe


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_no_html_is_left_whatever_is_written(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(safe_markdown(text))
    kinds = {one.type for token in tokens for one in (token, *(token.children or ()))}
    assert not kinds & {"html_block", "html_inline"}
