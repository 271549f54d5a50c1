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

_AMID = (
    r"(?<=[a-z,'’][ ])(?<!\bon[ ])(?<!click[ ])(?<!press[ ])(?<!choose[ ])(?<!select[ ])(?<!\bhit[ ])(?<!\bthe[ ])"
    r"(?-i:(?=[A-Z]))"
)
_BEGINS = rf"(?:^[^\w\n]{{0,4}}|[.!?]['\")]?[ \t]{{1,3}}|{_AMID})(?:(?:please|now|also)[ ])?"
"""Where an order begins: with its line, after a sentence, or with a capital amid a sentence that it breaks into.

After "click" or "on" a capital is more often the name of a button.
"""
_ADDED = (
    "add|append|include|insert|integrate|incorporate|introduce|provide|write|give|develop|use|group|combine|embed"
    "|mention|start|begin|end|finish|prepend|attach|put|craft|create|make|advertise|promote|share"
)
_ALTERED = (
    "modify|augment|enhance|render|replace|substitute|scramble|jumble|rearrange|misspell|remove|convert|anagram"
    "|encode|encrypt|encipher|reverse|translate|transform|rewrite|rephrase|obfuscate|spell|swap|shift|transpose"
    "|express|present|deliver|format|capitali[sz]e|alternate|mirror|change|alter|respond|answer|reply|output"
)
_OUTPUT = "response|answer|reply|message|output"
_CODES = (
    r"base ?(?:16|32|58|64|85)|rot-?13|morse(?: code)?|(?:caesar|substitution|vigen[eè]re|atbash) cipher|pig latin"
    r"|leet ?speak|emojis?|hexadecimal|ascii codes?|binary(?: code)?|reverse(?:d)? (?:order|text)|backwards"
)

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
    rf"{_BEGINS}(?:{_ADDED}|{_ALTERED})\b(?:[^.\n]|\.(?=\w)){{0,100}}\b(?:your|this) (?:{_OUTPUT})\b"
    rf"|{_BEGINS}(?:{_ALTERED})\b[^.\n]{{0,60}}\byour\b[^.\n]{{0,30}}\b(?:words|{_OUTPUT})\b"
    rf"|{_BEGINS}in your (?:{_OUTPUT}),? (?:please )?(?:suggest|include|add|tease|mention|say|tell|claim|recommend"
    r"|promote|state|hint|warn|spread|invite|urge|encourage|insert|use)"
)
_DISGUISE = (
    rf"{_BEGINS}(?:{_ALTERED}|write|use)\b[^.\n]{{0,60}}\b(?:{_CODES})\b"
    rf"|{_BEGINS}(?:replace|substitute|swap|convert|shift|reverse|misspell|anagram|alternate)"
    r"\b[^.\n]{0,30}\b(?:letters?|vowels|consonants|words|characters)\b"
)
_CHORE = (
    rf"{_BEGINS}(?:write|compose|draft|develop|create|generate|provide|produce|tell)(?: me)? (?:an?|the|some)"
    r" [^.\n]{0,30}\b(?:poem|story|essay|speech|song|lyrics|haiku|limerick|joke|screenplay|sonnet|fable|letter to)\b"
    rf"|{_BEGINS}translate (?:the following|this)\b[^.\n]{{0,40}}\b(?:in)?to [a-z]{{4,12}}\b"
    r"|\b(?:what(?:['’]s| is)|how do you say) ['‘“\"][^'\"’”\n]{1,40}['’”\"] in [a-z]{4,12}\b"
)
_SIGNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (_OVERRIDES, _NEW_ROLE, _FALSE_SPEAKER, _SECRECY, _ORDER_TO_WRITER, _DISGUISE, _CHORE)
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
