"""Words on their way to a desk in whatever form it takes, and how we know them again. Shared by the connectors.

A rep writes Markdown. It goes out as HTML where the channel shows HTML, else as the plain text a person would write.
Where a desk keeps the HTML it was given, the last thing in it is a comment that holds a hash of the outbox entry's key:
nobody sees it, and two messages of the same words ("Any news?" sent twice) are told apart. Without such a place (or
where the desk takes comments out) the author and the letters decide.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from html import unescape

from copilot.domain import Attachment, Capabilities, Channel, Message, Person, ReplyLimits, Upload
from copilot.errors import RefusedError, UnsupportedError
from copilot.text.html import markdown_to_html
from copilot.text.plain import MAX_HTML_CHARS, html_to_text

_MARKER = re.compile(r"<!-- sidedesk ([0-9a-f]{32}) -->\s*$")
_MARKUP = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
_LINK = re.compile(r"\[([^\[\]\n]+)\]\((https?://[^()\s]+)\)")
_LIST_ITEM = re.compile(r"^ {0,2}(\*|\d+\.) ", re.MULTILINE)


def refuse_nothing(text: str, attachments: Sequence[Upload] = ()) -> None:
    """Desks take empty messages and mail them, so we see to that before anything leaves. Raises `RefusedError`."""
    if not text.strip() and not attachments:
        raise RefusedError("There is nothing to send.", "Write something, or attach a file.")
    for upload in attachments:
        if not upload.content:
            raise RefusedError(f"The file {upload.name} is empty.", "Attach it again, or leave it out.")


def text_or_names(text: str, files: Sequence[Upload] | Sequence[Attachment]) -> str:
    """The text, or where there is none the files' names: some desks take no message without a word."""
    return text if text.strip() else ", ".join(file.name for file in files)


def limits_of(capabilities: Capabilities, channel: Channel) -> ReplyLimits:
    """What a reply on this channel of this desk may be."""
    usual = ReplyLimits(
        characters=capabilities.reply_limit,
        markup=capabilities.html,
        attachments=capabilities.attachments,
    )
    return capabilities.channels.get(channel, usual)


def refuse_too_much(text: str, attachments: Sequence[Upload], limits: ReplyLimits, channel: Channel) -> None:
    """See that a text, as it would be sent, fits its channel. Raises `RefusedError` or `UnsupportedError`."""
    if limits.characters and len(text) > limits.characters:
        raise RefusedError(
            f"The reply has {len(text)} characters; {channel.value} takes {limits.characters}.",
            "Make it shorter, or send it in two parts.",
        )
    if attachments and not limits.attachments:
        raise UnsupportedError(
            f"Files cannot be sent over {channel.value}.", "Send a link to the file instead."
        )


def to_html(text: str) -> str:
    """The whole of a Markdown text as safe HTML. Takes a while for long texts."""
    html, _ = markdown_to_html(text, limit=len(text) + 1)
    return html


def to_plain(text: str) -> str:
    """The whole of a Markdown text as a person would write it where there is no markup. Takes a while for long ones."""
    html = to_html(text)
    if len(html) > MAX_HTML_CHARS:
        return text.strip()
    once_more = html.replace("&amp;", "&amp;amp;")  # inscriptis resolves entities twice
    plain = _LINK.sub(r"\1 (\2)", html_to_text(once_more).text)
    return _LIST_ITEM.sub(lambda item: f"{'-' if item[1] == '*' else item[1]} ", plain)


def hash_of(key: str) -> str:
    """What stands for an outbox entry's key outside of this program: 32 hexadecimal digits."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def marked_html(text: str, key: str) -> str:
    """The HTML of a message, with the mark by which we know it again. Takes a while for long texts."""
    return f"{to_html(text)}<!-- sidedesk {hash_of(key)} -->"


def mark_in(html: str) -> str | None:
    """The hash at the end of a message's HTML, None where there is none. A mark that is merely quoted is none."""
    found = _MARKER.search(html)
    return found[1] if found else None


def is_ours(message: Message, text: str, *, key: str, me: Person) -> bool:
    """Whether a message on the desk is the one with this key and text.

    It must be written by us. Then the mark decides; a message without one (written in the desk itself, or on one that
    takes comments out) is ours when it has the same letters and digits in the same order.
    """
    if message.author.remote_id != me.remote_id:
        return False
    mark = mark_in(message.html)
    return mark == hash_of(key) if mark is not None else same_words(message, text)


def same_words(message: Message, text: str) -> bool:
    """Whether a message says what a Markdown text says, whatever became of its layout."""
    if message.html:
        return _letters(_MARKUP.sub("", message.html)) == _letters(_MARKUP.sub("", to_html(text)))
    return _letters(message.text) == _letters(to_plain(text))


def _letters(text: str) -> str:
    bare = unescape(text)
    return "".join(c for c in bare if c.isalnum()) or "".join(bare.split())
