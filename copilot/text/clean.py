"""From a message as it arrived to what the person wrote this time.

Quoted history, heads of forwarded mail, signatures and disclaimers go to `Message.hidden`, in their order, for
viewing; every line of the text ends up in exactly one of the two. A quoted line with an answer under it is part of the
answer and stays, so forum posts, chats and Markdown pass unchanged.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from copilot.domain import HiddenKind, HiddenPart, Message
from copilot.text.language import detect_language
from copilot.text.plain import html_to_text
from copilot.text.replies import mark_history, split_shared_lines
from copilot.text.signatures import mark_closings

MAX_ROUNDS = 4
"""Cleaning is repeated until nothing changes; a text that still changes after this many rounds is left whole."""
MAX_TEXT_CHARS = 1_000_000
"""What follows is not read for history: it stays as it is."""


def clean_message(message: Message) -> Message:
    """The message with `clean`, `hidden` and `language` filled in from `text`, or from `html` where there is no text.

    Pure, never raises, and takes time in proportion to the length. `clean` is empty only if the message holds no text.
    """
    clean, hidden = _cleaned(message)
    return replace(message, clean=clean, hidden=hidden, language=detect_language(clean))


def _cleaned(message: Message) -> tuple[str, tuple[HiddenPart, ...]]:
    if message.text.strip():
        return clean_text(message.text, author=message.author.name)
    flat = html_to_text(message.html)
    signatures = tuple(HiddenPart(kind=HiddenKind.SIGNATURE, text=text) for text in flat.signatures)
    if not flat.text:
        return "\n\n".join(flat.signatures), ()
    clean, hidden = clean_text(flat.text, author=message.author.name)
    return clean, signatures + hidden


def clean_text(text: str, *, author: str = "") -> tuple[str, tuple[HiddenPart, ...]]:
    """What was written this time, and what was taken off, in order."""
    whole = _normal(text)
    if len(whole) > MAX_TEXT_CHARS:
        return whole, ()
    lines, marks = _marked(whole, author)
    clean = _visible(lines, marks)
    again = clean
    for _ in range(MAX_ROUNDS):
        if not again:
            break
        inner = _visible(*_marked(again, author))
        if inner in ("", again):
            break
        again = inner
    else:
        return whole, ()
    if again == clean and clean:
        return clean, _hidden(lines, marks)
    return _repeated(whole, author)


def _repeated(whole: str, author: str) -> tuple[str, tuple[HiddenPart, ...]]:
    """Clean in rounds, collecting what each round takes off."""
    hidden: list[HiddenPart] = []
    text = whole
    while True:
        lines, marks = _marked(text, author)
        inner = _visible(lines, marks)
        if inner in ("", text):
            return text, tuple(hidden)
        hidden = [*_hidden(lines, marks), *hidden]
        text = inner


def _marked(text: str, author: str) -> tuple[list[str], list[HiddenKind | None]]:
    lines = split_shared_lines(text)
    marks = mark_history(lines)
    mark_closings(lines, marks, author)
    return lines, marks


def _normal(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def _visible(lines: list[str], marks: list[HiddenKind | None]) -> str:
    return "\n".join(line for line, mark in zip(lines, marks, strict=True) if mark is None).strip()


def _hidden(lines: list[str], marks: list[HiddenKind | None]) -> tuple[HiddenPart, ...]:
    parts: list[HiddenPart] = []
    for kind, run in groupby(zip(lines, marks, strict=True), key=lambda pair: pair[1]):
        text = "\n".join(line for line, _ in run).strip()
        if kind is not None and text:
            parts.append(HiddenPart(kind=kind, text=text))
    return tuple(parts)
