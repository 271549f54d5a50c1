"""What becomes of a document's words, by form."""

from __future__ import annotations

import pytest

from copilot.knowledge.sources.child import parse
from copilot.knowledge.sources.formats.parsed import Form, UnreadableError
from tests.knowledge.sources.make import docx, pdf


def html(body: str, head: str = "") -> tuple[str, str]:
    parsed = parse(Form.HTML, f"<html><head>{head}</head><body>{body}</body></html>".encode())
    return parsed.title, parsed.text


@pytest.mark.parametrize(
    ("content", "title", "text"),
    [
        ("# Refunds\n\nWithin 14 days.", "Refunds", "Within 14 days."),
        ("Refunds\n=======\n\nWithin 14 days.", "Refunds", "Within 14 days."),
        ("---\ntitle: 'Refunds'\ntags: [a]\n---\n# Refunds\nWithin 14 days.", "Refunds", "Within 14 days."),
        ("---\ntitle: Refunds\n---\n# When\n\nWithin 14 days.", "Refunds", "# When\n\nWithin 14 days."),
        ("Within 14 days.\r\n\r\n## Later\r\n<!-- to do -->", "", "Within 14 days.\n\n## Later"),
        ("\ufeff# Rückgabe\n\nBinnen 14 Tagen.", "Rückgabe", "Binnen 14 Tagen."),
    ],
)
def test_markdown(content: str, title: str, text: str) -> None:
    parsed = parse(Form.MARKDOWN, content.encode())
    assert (parsed.title, parsed.text) == (title, text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig", "cp1252"])
def test_plain_text_in_any_encoding(encoding: str) -> None:
    text = "Rückgabe\n\nDie Rückgabe ist binnen vierzehn Tagen möglich, für Käufe über 50 Euro auch später."
    parsed = parse(Form.TEXT, text.encode(encoding))
    assert parsed.title == "Rückgabe"
    assert parsed.text.startswith("Die Rückgabe ist binnen vierzehn Tagen möglich")


def test_binary_is_no_text() -> None:
    with pytest.raises(UnreadableError, match="binary"):
        parse(Form.TEXT, b"MZ\x00\x00\x01")


def test_html_keeps_what_orders_the_words() -> None:
    title, text = html(
        "<nav><a href='/'>Home</a></nav><h1>Reset your password</h1><p>Open <b>Settings</b>,\n then "
        "<a href='https://example.com/a b'>this page</a>.</p><h2>On a phone</h2><ol><li>Tap <code>Menu</code></li>"
        "<li>Choose<ul><li>Reset</li><li><p>Confirm</p></li></ul></li></ol><pre>a\n  b</pre>"
        "<table><tr><th>Plan</th><th>Days</th></tr><tr><td>Pro</td><td>30</td></tr></table>"
        "<blockquote><p>Never share it.</p></blockquote><script>alert(1)</script><footer>Imprint</footer>",
        head="<title>Reset your password | Acme Help</title>",
    )
    assert title == "Reset your password"
    assert text.split("\n\n") == [
        "Open **Settings**, then [this page](https://example.com/a%20b).",
        "## On a phone",
        "1. Tap `Menu`\n2. Choose\n   - Reset\n   - Confirm",
        "```\na\n  b\n```",
        "| Plan | Days |\n| --- | --- |\n| Pro | 30 |",
        "> Never share it.",
    ]


def test_html_main_part_and_layout_tables() -> None:
    assert html("<div>Menu</div><main><p>The text.</p></main><div>Ads</div>")[1] == "The text."
    assert html("<table><tr><td><p>One</p><p>Two</p></td></tr></table>")[1] == "One\n\nTwo"


def test_html_says_its_encoding() -> None:
    content = "<meta charset='iso-8859-15'><p>Preis: 5 €, große Mengen günstiger.</p>".encode("iso-8859-15")
    assert parse(Form.HTML, content).text == "Preis: 5 €, große Mengen günstiger."


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 30_000 + "deep" + "</div>" * 30_000,
        "<ul><li>" * 5_000 + "deep",
        "<b>" * 20_000 + "deep",
        "<table><tr><td>" * 3_000 + "deep",
        "<p>\x00\x08 deep \ufffe",
    ],
)
def test_html_that_would_break_a_recursion(hostile: str) -> None:
    parse(Form.HTML, hostile.encode())


def test_word_headings_and_lists() -> None:
    parsed = parse(
        Form.DOCX,
        docx(("Heading1", "Returns"), ("", "Within 14 days."), ("Heading2", "How & where"), ("", "By post.")),
    )
    assert parsed.title == "Returns"
    assert parsed.text == "Within 14 days.\n\n## How & where\n\nBy post."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted"),
        (b"PK\x03\x04 broken", "damaged"),
        (docx(("", "small"), extra={"word/media/zeros.bin": bytes(101_000_000)}), "more than 100 MB"),
        (docx(), "no text"),
    ],
)
def test_word_documents_that_cannot_be_read(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        parse(Form.DOCX, content)


def test_pdf_headings_paragraphs_and_running_heads() -> None:
    first: list[tuple[float, str]] = [
        (20, "Returns"),
        (0, ""),
        (11, "You can return what you bought within fourteen days, and"),
        (11, "get the money back."),
        (0, ""),
        (11, "Send it by post."),
    ]
    others: list[list[tuple[float, str]]] = [
        [(15, f"Part {number}"), (0, ""), (11, "- keep the receipt"), (11, f"{number}. and the box")]
        for number in range(2, 6)
    ]
    framed = [
        [(8, "Acme handbook"), *lines, (8, f"page {number}"), (8, str(number))]
        for number, lines in enumerate([first, *others], start=1)
    ]
    parsed = parse(Form.PDF, pdf(*framed))
    assert parsed.title == "Returns"
    assert parsed.text.split("\n\n")[:6] == [
        "You can return what you bought within fourteen days, and get the money back.",
        "Send it by post.",
        "## Part 2",
        "- keep the receipt",
        "2. and the box",
        "## Part 3",
    ]


def test_pdf_names_its_title() -> None:
    assert parse(Form.PDF, pdf([(11, "Some words.")], title="Warranty")).title == "Warranty"
    assert parse(Form.PDF, pdf([(11, "Some words.")], title="Microsoft Word - warranty.doc")).title == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.4 nothing", "damaged"),
        (pdf([(11, "Some words.")], encrypted=True), "encrypted"),
        (pdf([]), "only pictures"),
    ],
)
def test_pdfs_that_cannot_be_read(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        parse(Form.PDF, content)


def page(body: str, head: str = "") -> bytes:
    filler = "<p>" + "Every return is checked by hand before the money goes back to you. " * 4 + "</p>"
    return f"<html><head>{head}</head><body><nav><a href='/a'>Menu</a></nav><article>{body}{filler}</article>".encode()


def test_a_web_page_for_a_crawler() -> None:
    content = page(
        "<h1>Returns</h1><p>See <a href='refunds.html#when'>refunds</a> or <a href='#top'>the top</a>.</p>",
        head="<title>Returns - Acme</title><link rel=canonical href=/help/returns>",
    )
    parsed = parse(Form.PAGE, content, url="https://acme.example/help/returns.html?x=1")
    assert parsed.title == "Returns"
    assert parsed.canonical == "/help/returns"
    assert parsed.links == ("https://acme.example/a", "https://acme.example/help/refunds.html")
    assert "[refunds](https://acme.example/help/refunds.html#when) or the top" in parsed.text
    assert "Menu" not in parsed.text


def test_a_web_page_that_wants_no_listing_or_following() -> None:
    parsed = parse(Form.PAGE, page("", head="<meta name=robots content='none'>"), url="https://acme.example/")
    assert parsed.unlisted
    assert parsed.links == ()


def test_a_page_drawn_by_a_script_says_so() -> None:
    with pytest.raises(UnreadableError, match="script"):
        parse(Form.PAGE, b"<body><div id=app></div><script>draw()</script>", url="https://acme.example/")
