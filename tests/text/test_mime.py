from __future__ import annotations

import base64
import json
import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from copilot.text.charsets import decoded, header_text
from copilot.text.mime import MailAddress, parse_mail

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "mime-robustness" / "dev.jsonl"


def test_takes_a_mail_with_two_forms_an_image_and_a_file_apart() -> None:
    mail = EmailMessage()
    mail["Subject"] = "Größe der Kästen"
    mail["From"] = "Jörg Weber <joerg@nestbox.example>"
    mail["To"] = "help@nestbox.example, Sam <sam@nestbox.example>"
    mail.set_content("Hallo – passt das?\n")
    mail.add_alternative('<p>Hallo – passt das?</p><img src="cid:box">', subtype="html")
    mail.add_attachment(
        b"\x89PNG", maintype="image", subtype="png", filename="C:\\boxes\\Kästen.png", cid="<box>"
    )
    parsed = parse_mail(mail.as_bytes())
    assert parsed.subject == "Größe der Kästen"
    assert parsed.senders == (MailAddress("Jörg Weber", "joerg@nestbox.example"),)
    assert [person.address for person in parsed.recipients] == ["help@nestbox.example", "sam@nestbox.example"]
    assert parsed.text == "Hallo – passt das?\n"
    assert parsed.html.startswith("<p>Hallo – passt das?</p>")
    [file] = parsed.files
    assert (file.name, file.media_type, file.content, file.content_id) == (
        "Kästen.png",
        "image/png",
        b"\x89PNG",
        "box",
    )


def test_html_alone_is_told_as_html_and_a_footer_beside_it_loses_nothing() -> None:
    alone = parse_mail(b"Content-Type: text/html\n\n<p>It broke</p>")
    assert (alone.text, alone.html) == ("", "<p>It broke</p>")
    both = parse_mail(
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>It broke</p>\n"
        b"--x\n\nA list of birds & boxes\n--x--\n"
    )
    assert both.text == "It broke\n\nA list of birds & boxes"
    assert "<p>It broke</p>" in both.html
    assert "birds &amp; boxes" in both.html


def test_a_mail_in_a_mail_is_a_file() -> None:
    inner = b"Subject: inner\n\nold words"
    mail = parse_mail(
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nsee below\n--x\nContent-Type: message/rfc822\n\n"
        + inner
        + b"\n--x--\n"
    )
    assert mail.text == "see below"
    assert [file.media_type for file in mail.files] == ["message/rfc822"]
    assert b"old words" in mail.files[0].content


def test_a_boundary_that_goes_on_in_the_next_line_is_found() -> None:
    raw = (
        b'Content-Type: multipart/mixed; boundary="two\r\n words"\r\n\r\n--two words\r\n\r\nHello\r\n'
        b"--two words\r\nContent-Type: application/pdf; name=bill.pdf\r\n\r\n%PDF\r\n--two words--\r\n"
    )
    parsed = parse_mail(raw)
    assert parsed.text.strip() == "Hello"
    assert [file.name for file in parsed.files] == ["bill.pdf"]


def test_a_multipart_without_its_boundary_is_text() -> None:
    assert parse_mail(b"Content-Type: multipart/mixed; boundary=x\n\nstill words\n").text == "still words\n"


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("naïve".encode("cp1252"), "utf-8", "naïve"),
        ("naïve".encode(), "us-ascii", "naïve"),
        ("naïve".encode(), "no-such-set", "naïve"),
        ("“quoted”".encode("cp1252"), "iso-8859-1", "“quoted”"),
        ("鳥の巣".encode("iso-2022-jp"), "ISO-2022-JP", "鳥の巣"),
        ("鳥の巣".encode("cp932"), "x-sjis", "鳥の巣"),
        ("巢箱".encode("gb18030"), "gb2312", "巢箱"),
        (b"\xef\xbb\xbfwords", "cp1252", "words"),
        (b"aGk=", "base64", "aGk="),
        (b"\x81", "", "\ufffd"),
    ],
)
def test_believes_a_character_set_as_far_as_the_bytes_agree(content: bytes, charset: str, text: str) -> None:
    assert decoded(content, charset) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?q?Gr=C3=B6=C3=9Fe?=\n =?utf-8?b?IGRlciBLw6RzdGVu?=", "Größe der Kästen"),
        ("=?no-such?q?a=C3=A4?=", "aä"),
        ("=?utf-8?b?broken", "=?utf-8?b?broken"),
        ("=?utf-8?b?a?=", "=?utf-8?b?a?="),
        (b"Gr\xc3\xb6\xc3\x9fe".decode("ascii", "surrogateescape"), "Größe"),
    ],
)
def test_reads_heads(raw: str, text: str) -> None:
    assert header_text(raw) == text


_LINES = st.sampled_from(
    (
        b"Content-Type: multipart/mixed; boundary=x",
        b'Content-Type: multipart/alternative; boundary="y',
        b"Content-Type: message/rfc822",
        b"Content-Type: text/html; charset=utf-16",
        b"Content-Type: text/plain; charset*0*=x'y'%ff",
        b"Content-Type: message/delivery-status",
        b"Content-Transfer-Encoding: base64 ",
        b"Content-Transfer-Encoding: x-uuencode",
        b"Content-Disposition: attachment; filename*=bogus''%E4%80",
        b"Content-Disposition: attachment; filename*0*=a; filename*1=b",
        b"From: =?utf-8?b?\xff?= <a@b",
        b"Subject: \xe4\xf6",
        b"begin 644 x",
        b"--x",
        b"--x--",
        b"--y",
        b"",
        b"=3D=ZZ",
        b"\x00\xff",
    )
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(_LINES, st.binary(max_size=20)), max_size=25).map(b"\n".join))
@example(b"Content-Type: text/plain; charset*0*=x'y'%ff\n\n\xff")  # the library raises a TypeError here
def test_never_raises(raw: bytes) -> None:
    parsed = parse_mail(raw)
    for text in (parsed.subject, parsed.text, parsed.html, *(file.name for file in parsed.files)):
        text.encode()  # no half characters that a database or a screen would choke on


@pytest.mark.skipif(not SHARED.exists(), reason="the shared mails are not on this machine")
def test_heads_and_words_of_broken_mails_are_read() -> None:
    rows = [json.loads(line) for line in SHARED.read_text().splitlines()]
    for row in rows:
        parsed = parse_mail(base64.b64decode(row["eml_base64"]))
        assert parsed.subject == (row["expected"]["subject"] or "")
        assert [person.address for person in parsed.senders] == row["expected"]["from_addresses"]


def test_deep_nesting_and_long_heads_are_no_trap() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2_000))
    start = time.process_time()
    assert "needle" in (found := parse_mail(deep + b"\nneedle\n")).text or found.files
    for head in (
        b"From: " + b"(" * 200_000,
        b"Subject: " + b"=?a?q?x" * 100_000,
        b"To: " + b'"a' * 100_000,
        b"Content-Type: multipart/x" + b"; a=" * 250_000,
    ):
        parse_mail(head + b"\n\nbody")
    assert time.process_time() - start < 10
