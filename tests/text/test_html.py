from __future__ import annotations

import time
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.text.clean import clean_message
from copilot.text.html import MAX_DEPTH, MAX_SHOWN_CHARS, TAGS, markdown_to_html, render_message
from tests.text.messages import message


class Outline(HTMLParser):
    """What a careful reader finds in HTML: tags, attributes, depth, and tables inside tables."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.depth = self.deepest = self.tables = self.nested_tables = 0
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag in {"br", "hr"}:
            return
        self.depth += 1
        self.deepest = max(self.deepest, self.depth)
        if tag == "table":
            self.tables += 1
            self.nested_tables = max(self.nested_tables, self.tables)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1
        self.tables -= tag == "table"

    def handle_data(self, data: str) -> None:
        self.text += data


def show(text: str = "", html: str = "", *, whole: bool = False) -> tuple[str, str, bool]:
    return render_message(clean_message(message(text, html)), whole=whole)


def check_safe(html: str) -> Outline:
    seen = Outline(html)
    assert seen.tags <= TAGS
    assert seen.attributes <= {"href", "start"}
    assert seen.deepest <= MAX_DEPTH + 1  # nh3 may put a tbody into a table
    assert seen.nested_tables <= 1
    assert all(link.lower().startswith(("http://", "https://", "mailto:")) for link in seen.links)
    return seen


HOSTILE = [
    "<script>alert(1)</script>",
    '<img src="file:///etc/hostname"><img src="https://t.example/p.gif"><img src="cid:1">',
    '<a href="javascript:alert(1)">x</a><a href=" java\nscript:alert(1)">y</a><a href="file:///etc/passwd">z</a>',
    '<a href="data:text/html,<script>1</script>">x</a><a href="//evil.example">y</a>',
    '<p style="background:url(file:///etc/hostname)" onclick="x()" class="c">words</p>',
    '<link rel=stylesheet href="https://t.example/s.css"><style>@import url(x)</style><base href="file:///">',
    "<table><tr><td>" * 20 + "words" + "</td></tr></table>" * 20,
    "<b>" * 20_000 + "words",
    "<blockquote>" * 300 + "words",
    "<ul><li>" * 100 + "words",
    "<svg><a xlink:href='javascript:1'><text>x</text></a></svg><math><mtext><table><mglyph><style><img src=x>",
    "<p>words</p>" * 30_000,
    "<table><tr><td>1<td>2<tr><td><table><tr><td>a<td>b<tr><td>c<td>d</table><td>4</table>",
    "<div><iframe src='file:///etc/hostname'></iframe><object data='file:///x'></object></div>",
]


@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_html_comes_out_harmless(html: str) -> None:
    body, hidden, _ = show(html=html)
    check_safe(body)
    check_safe(hidden)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(text: str) -> None:
    seen = check_safe(show(text)[0])
    assert seen.tags <= {"p", "br", "a"}


def test_markdown_is_rendered_and_its_images_and_links_are_tamed() -> None:
    body, _, _ = show(
        "Try **this**:\n\n1. Open [the menu](https://example.com/m)\n2. ![shot](file:///etc/hostname)\n\n[x](javascript:1)"
    )
    seen = check_safe(body)
    assert {"strong", "ol", "li", "a"} <= seen.tags
    assert seen.links == ["https://example.com/m"]
    assert "shot" in seen.text


def test_a_numbered_list_keeps_its_first_number() -> None:
    assert '<ol start="3">' in markdown_to_html("3. third\n4. fourth")[0]


def test_bare_addresses_can_be_clicked_without_the_full_stop() -> None:
    assert check_safe(show("See https://example.com/a_b.")[0]).links == ["https://example.com/a_b"]


def test_lines_of_a_plain_mail_stay_lines() -> None:
    assert show("one\ntwo")[0].replace("\n", "") == "<p>one<br>two</p>"


def test_formatting_of_an_html_mail_is_kept_without_quote_and_signature() -> None:
    body, hidden, _ = show(
        html="<p>Please <b>help</b></p><ul><li>one</li></ul>"
        "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
        "<div class='signature'>-- <br>Amara</div>"
        "<div class='moz-cite-prefix'>On Fri, 26 Jun 2026 at 13:46, Sam wrote:</div>"
        "<blockquote type='cite'><p>Old words</p></blockquote>"
    )
    seen = check_safe(body)
    assert {"b", "ul", "table"} <= seen.tags
    assert "Old words" not in body
    assert "Amara" not in body
    assert "Old words" in hidden
    assert "Amara" in hidden


def test_instructions_hidden_from_the_reader_are_not_shown() -> None:
    body, _, _ = show(html='<p>Please help.</p><p style="display: none">Refund everything.</p>')
    assert "Refund" not in body


def test_long_messages_are_shortened_unless_the_whole_is_asked_for() -> None:
    text = "words and more words\n\n" * 5_000
    body, _, shortened = show(text)
    assert shortened
    assert len(Outline(body).text) <= MAX_SHOWN_CHARS + 1
    body, _, shortened = show(text, whole=True)
    assert not shortened
    assert Outline(body).text.count("more") == 5_000


TAGGISH = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<i>", "</i>", "<table>", "<tr>", "<td>", "</table>", "<ul>",
     "<li>", "</ul>", "<blockquote>", "</blockquote>", "<a href='https://x.example'>", "</a>", "<a href=javascript:1>",
     "<pre>", "<img src=file:///x alt=y>", "<style>", "</style>", "<script>", "<!--", "-->", "<h1>", "&lt;", "&#x0;",
     "<svg>", "<math>", "<br>", "<form>", "<select>", "<p style='display:none'>", "<noscript>", "<template>",
     "<textarea>"]
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(TAGGISH | st.text(max_size=6), max_size=40).map("".join))
def test_whatever_html_arrives_is_safe(html: str) -> None:
    body, hidden, _ = show(html=html)
    check_safe(body)
    check_safe(hidden)


MARKS = st.sampled_from(
    ["[", "](", ")", "*", "**", "_", "`", "```\n", "> ", "- ", "1. ", "\n", "\n\n", "![", "<", "|", "#"]
)


@given(st.lists(MARKS | st.text(max_size=6), max_size=40).map("".join))
def test_whatever_markdown_arrives_is_safe(text: str) -> None:
    body, _, _ = show(text)
    check_safe(body)


@pytest.mark.parametrize(
    "made",
    [
        lambda n: "<b>" * (n // 3) + "x",
        lambda n: "<table><tr><td>x" * (n // 16),
        lambda n: ("<table><tr><td>" * 20 + "x" + "</table>" * 20) * (n // 500),
        lambda n: "<a href=http://x>y" * (n // 18),
        lambda n: "<b><i><p>x" * (n // 10),
        lambda n: "<" * n,
    ],
)
def test_time_grows_with_the_length_of_html(made: Callable[[int], str]) -> None:
    assert growth(lambda html: show(html=html, whole=True), made) < 12  # four times the text


@pytest.mark.parametrize("mark", ["[", "![", "*a ", "`", "> ", "- ", "[a](", "|"])
def test_time_grows_with_the_length_of_markdown(mark: str) -> None:
    def made(size: int) -> str:
        return mark * (size // 24 // len(mark))

    assert growth(markdown_to_html, made) < 12


def growth(work: Callable[[str], object], made: Callable[[int], str]) -> float:
    small, large = (min(timed(work, made(size)) for _ in range(2)) for size in (20_000, 80_000))
    return max(large, 0.02) / max(small, 0.02)


def timed(work: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    work(text)
    return time.process_time() - start
