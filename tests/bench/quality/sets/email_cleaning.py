"""History and signatures taken off real mails: dev.jsonl with three tasks, each by the rules of its own collection.

`signature`: lines marked as signature; precision and recall over lines. `strip_quotes`: what is left without history;
white space and what we hide besides history (signatures, heads of forwarded mail) don't count. `reply_split`: what
the first message must hold or not hold; conditions on older messages are no job of ours and are left out.
Nothing is learned. The baseline is mail-parser-reply with all its languages; ours know closings from the same lists.
"""

from __future__ import annotations

import email
import email.policy
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from copilot.domain import HiddenKind
from copilot.text.clean import clean_text
from copilot.text.plain import html_to_text
from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.parts import Record

_LANGUAGES = ["en", "de", "cs", "da", "es", "fr", "it", "ja", "ko", "nl", "pl", "sv", "zh"]
_BASELINE = "mail-parser-reply"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a cleaner leaves of a mail, the signatures it took off, and all it took off that is no history."""

    body: str
    signatures: str
    besides: tuple[str, ...] = ()


Cleaner = Callable[[str, str], Cleaned]


def measure(bench: Bench) -> list[Figure]:
    """Ours beside mail-parser-reply on the three tasks."""
    parts = bench.parts()
    records = parts.dev if parts.heldout is None else parts.heldout
    of = {
        task: [r for r in records if r["task"] == task]
        for task in ("signature", "strip_quotes", "reply_split")
    }
    ours, theirs = _signature_lines(of["signature"], _ours), _signature_lines(of["signature"], _theirs)
    figures = [
        Figure(
            f"signature lines {name}", mine, None, {_BASELINE: other}, note=f"{len(of['signature'])} mails"
        )
        for name, mine, other in zip(("precision", "recall"), ours, theirs, strict=True)
    ]
    for task, right in (("strip_quotes", _history_gone), ("reply_split", _conditions_met)):
        mine, other = (_share(of[task], right, cleaner) for cleaner in (_ours, _theirs))
        figures.append(
            Figure(
                f"{task} right",
                mine,
                None,
                {_BASELINE: other},
                note=f"{len(of[task])} mails, nothing learned",
            )
        )
    return figures


def _ours(text: str, author: str) -> Cleaned:
    clean, hidden = clean_text(text, author=author)
    besides = tuple(part.text for part in hidden if part.kind is not HiddenKind.QUOTE)
    return Cleaned(
        clean, "\n".join(part.text for part in hidden if part.kind is HiddenKind.SIGNATURE), besides
    )


def _theirs(text: str, author: str) -> Cleaned:
    from mailparser_reply import EmailReplyParser

    replies: list[Any] = EmailReplyParser(languages=_LANGUAGES).read(text).replies
    if not replies:
        return Cleaned(text, "")
    first = replies[0]
    return Cleaned(
        first.body, first.signatures or "", tuple(filter(None, (first.signatures, *first.disclaimers)))
    )


def _signature_lines(records: Sequence[Record], cleaner: Cleaner) -> tuple[float, float]:
    """Precision and recall of the lines taken off."""
    right = wrong = missed = 0
    for record in records:
        gone = _lines(record["text"]) - _lines(cleaner(record["text"], record["sender"]).body)
        signed = _lines("\n".join(record["signature_lines"]))
        right += (gone & signed).total()
        wrong += (gone - signed).total()
        missed += (signed - gone).total()
    return 100 * right / max(1, right + wrong), 100 * right / max(1, right + missed)


def _lines(text: str) -> Counter[str]:
    return Counter(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _share(records: Sequence[Record], right: Callable[[Record, Cleaner], bool], cleaner: Cleaner) -> float:
    return 100 * sum(right(record, cleaner) for record in records) / max(1, len(records))


def _history_gone(record: Record, cleaner: Cleaner) -> bool:
    cleaned = cleaner(_plain(record), "")
    expected = record["expected_reply"]
    left = _dense(html_to_text(expected).text if record["format"] == "html" else expected)
    for part in cleaned.besides:
        left = left.replace(_dense(part), "", 1)
    return left == _dense(cleaned.body)


def _plain(record: Record) -> str:
    """The text of a mail given as text, as HTML or raw."""
    if record["format"] == "html":
        return html_to_text(record["text"]).text
    if record["format"] == "eml":
        mail = email.message_from_string(record["text"], policy=email.policy.default)
        body = mail.get_body(("plain",))
        return "" if body is None else cast("str", body.get_content())
    return str(record["text"])


def _dense(text: str) -> str:
    return "".join(text.split())


def _conditions_met(record: Record, cleaner: Cleaner) -> bool:
    cleaned = cleaner(record["text"], "")
    fields = {"body": cleaned.body, "signatures": cleaned.signatures}
    return all(
        _holds(fields[condition["field"]], condition["op"], condition["value"])
        for condition in record["expect"]
        if condition.get("reply") == 0 and condition.get("field") in fields
    )


def _holds(text: str, how: str, value: str) -> bool:
    if how == "equals":
        return text.strip() == value.strip()
    return (value in text) is (how == "contains")


SET = QualitySet(name="email-cleaning", folder="email-cleaning", measure=measure)
