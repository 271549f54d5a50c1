"""Signs that a message speaks to an AI instead of to a person.

A warning for the rep, nothing more: no text of a customer is ever an instruction here, whether a sign was seen or not.
Conservative on purpose, since a false alarm calls an honest customer an attacker.
"""

from __future__ import annotations

import re

from copilot.domain import Message
from copilot.text.plain import MAX_HTML_CHARS, without_tags

MAX_READ_CHARS = 200_000
MAX_SIGNS = 5

_ADDED = (
    "add|append|include|insert|integrate|incorporate|introduce|provide|write|give|develop|use|group|combine"
)
_ALTERED = "modify|augment|enhance|render|replace|substitute|scramble|jumble|rearrange|misspell|remove|convert|anagram"
_OUTPUT = "response|answer|reply|message|output"

_OVERRIDES = (
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,30}\b(?:previous|prior|above|earlier|preceding|your|all"
    r"|system)\b[^.\n]{0,20}\b(?:instructions?|prompts?|rules|guidelines|directions|polic(?:y|ies))\b"
)
_NEW_ROLE = (
    r"\byou are now (?:in [^.\n]{0,20}mode|an? (?:ai|assistant|chatbot|different|new|unrestricted|helpful))\b"
    r"|\bas an? (?:ai|language model)(?: agent| assistant| model)?,? (?:you (?:must|should|will|are)|output|respond)\b"
)
_FALSE_SPEAKER = (
    r"\b(?:system|developer) (?:prompt|message|instructions?)\b|^[#<\[ \t]{0,8}system[ \t]{0,3}[:>\]]"
    r"|^(?:<!--)?[ \t]{0,8}(?:assistant|ai|<\|?im_start\|?>)[ \t]{0,3}:[ \t]{0,3}"
    r"(?:set|mark|send|forward|refund|approve|ignore|skip)"
)
_SECRECY = (
    r"\b(?:do not|don['’]t|never) (?:mention|reveal|tell|show)[^.\n]{0,30}\b(?:to )?"
    r"the (?:rep|agent|human|user|operator)\b"
)
_ORDER_TO_WRITER = (
    rf"^\W{{0,4}}(?:(?:please|now) )?(?:{_ADDED}|{_ALTERED})\b(?:[^.\n]|\.(?=\w)){{0,100}}"
    rf"\b(?:your|this) (?:{_OUTPUT})\b"
    rf"|^\W{{0,4}}(?:{_ALTERED})\b[^.\n]{{0,60}}\byour\b[^.\n]{{0,30}}\b(?:words|{_OUTPUT})\b"
    rf"|^\W{{0,4}}in your (?:{_OUTPUT}),? (?:please )?(?:suggest|include|add|tease|mention|say|tell|claim|recommend)"
)
_SIGNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (_OVERRIDES, _NEW_ROLE, _FALSE_SPEAKER, _SECRECY, _ORDER_TO_WRITER)
)


def injection_signs(message: Message) -> tuple[str, ...]:
    """The passages of a message that look addressed to an AI, also those hidden from a human reader; at most five."""
    unseen = without_tags(message.html[: min(MAX_READ_CHARS, MAX_HTML_CHARS)]) if message.html else ""
    comments = "\n".join(re.findall(r"<!--(.{1,500}?)-->", message.html[:MAX_READ_CHARS], re.DOTALL))
    return signs_in("\n".join((message.text, unseen, comments)))


def signs_in(text: str) -> tuple[str, ...]:
    """The passages of a text that look addressed to an AI, in the order of the rules; each at most once."""
    found: list[str] = []
    read = text[:MAX_READ_CHARS]
    for pattern in _SIGNS:
        match = pattern.search(read)
        if match is None:
            continue
        passage = " ".join(match.group().split())
        if not any(passage in other or other in passage for other in found):
            found.append(passage)
    return tuple(found[:MAX_SIGNS])
