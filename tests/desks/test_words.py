"""Words on their way to a desk, and how they are known again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.desks import words
from copilot.domain import Capabilities, Channel, Message, Person, RemoteId, ReplyLimits, Role, Upload
from copilot.errors import RefusedError, UnsupportedError

ME = Person(remote_id=RemoteId("agent1"), name="Agnes", role=Role.REP)
OTHER = Person(remote_id=RemoteId("agent2"), name="Ahmed", role=Role.REP)


def a_message(html: str = "", text: str = "", author: Person = ME) -> Message:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return Message(remote_id=RemoteId("1"), author=author, created=now, html=html, text=text)


@given(text=st.text(max_size=300), key=st.text(min_size=1, max_size=40))
def test_what_was_sent_is_known_again_by_its_key_alone(text: str, key: str) -> None:
    message = a_message(words.marked_html(text, key))
    assert words.is_ours(message, text, key=key, me=ME)
    assert words.is_ours(message, "other words", key=key, me=ME)
    assert not words.is_ours(message, text, key=f"{key}x", me=ME)
    assert not words.is_ours(a_message(message.html, author=OTHER), text, key=key, me=ME)


@pytest.mark.parametrize(
    "message",
    [
        a_message("<p>Any <strong>news</strong>?</p>"),
        a_message("<div>Any news&#63;</div>\n"),
        a_message(text="Any   news?"),
    ],
)
def test_without_a_mark_the_letters_decide(message: Message) -> None:
    assert words.is_ours(message, "Any **news**?", key="k", me=ME)
    assert not words.is_ours(message, "Any news yet?", key="k", me=ME)


def test_a_mark_that_somebody_quotes_is_not_ours() -> None:
    quoting = f"<blockquote>{words.marked_html('Any news?', 'k')}</blockquote><p>Yes.</p>"
    assert not words.is_ours(a_message(quoting), "Any news?", key="k", me=ME)


def test_two_messages_without_a_letter_are_told_apart() -> None:
    assert words.is_ours(a_message("<p>👍</p>"), "👍", key="k", me=ME)
    assert not words.is_ours(a_message("<p>👎</p>"), "👍", key="k", me=ME)


def test_markup_of_the_text_is_shown_and_never_runs() -> None:
    html = words.marked_html("Write <script>alert(1)</script> & **bold**\nnext", "k")
    assert "<script" not in html
    assert html.startswith(
        "<p>Write &lt;script&gt;alert(1)&lt;/script&gt; &amp; <strong>bold</strong><br>\nnext</p>"
    )
    assert "k" not in html.partition("<!--")[2].partition("sidedesk ")[2].removesuffix(" -->")


@pytest.mark.parametrize("text", ["", " \n\t", "\u00a0"])
def test_nothing_is_refused_before_it_leaves(text: str) -> None:
    with pytest.raises(RefusedError):
        words.refuse_nothing(text)
    words.refuse_nothing(text, [Upload(name="a", media_type="text/plain", content=b"x")])


def test_an_empty_file_is_refused_by_name() -> None:
    with pytest.raises(RefusedError, match=r"log\.txt"):
        words.refuse_nothing("See it.", [Upload(name="log.txt", media_type="text/plain", content=b"")])


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Some **bold** and `code`.", "Some bold and code."),
        ("See [the page](https://example.org/a?b=1&c=2).", "See the page (https://example.org/a?b=1&c=2)."),
        ("https://example.org/a", "https://example.org/a"),
        ("- one\n- two", "- one\n- two"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("> quoted\n\nanswer", "> quoted\n\nanswer"),
        ("1 < 2 & <b>x</b>", "1 < 2 & <b>x</b>"),
        ("Write &amp; or &lt; for it", "Write &amp; or &lt; for it"),
    ],
)
def test_markdown_as_plain_text(text: str, plain: str) -> None:
    assert words.to_plain(text) == plain
    assert words.is_ours(a_message(text=plain), text, key="k", me=ME)


def test_a_channels_own_limits_go_before_the_desks() -> None:
    short = ReplyLimits(characters=10, markup=False, attachments=False)
    desk = Capabilities(reply_limit=100, channels={Channel.SMS: short})
    assert words.limits_of(desk, Channel.SMS) == short
    assert words.limits_of(desk, Channel.EMAIL) == ReplyLimits(characters=100)
    words.refuse_too_much("0123456789", (), short, Channel.SMS)
    with pytest.raises(RefusedError, match="11 characters; sms takes 10"):
        words.refuse_too_much("01234567890", (), short, Channel.SMS)
    with pytest.raises(UnsupportedError):
        words.refuse_too_much("x", [Upload(name="a", media_type="a/b", content=b"x")], short, Channel.SMS)
