"""Broken and unusual mails beside another parser's reading of them: dev.jsonl with `eml_base64` and `expected`.

The expected reading is stalwart's mail-parser's, which has its own mind where a mail is broken (it shows a multipart
without its boundary to nobody, we show it as text), so 100 is no aim but for crashes. White space does not count in
bodies. The baseline is the standard library's `EmailMessage` as its documentation uses it. Nothing is learned.
"""

from __future__ import annotations

import base64
import email
import email.policy
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from copilot.text.mime import parse_mail
from tests.bench.quality.frame import Bench, Figure, QualitySet
from tests.bench.quality.parts import Record

_BASELINE = "standard library"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one parser made of a mail."""

    subject: str
    senders: tuple[str, ...]
    text: str
    files: int


Reader = Callable[[bytes], Reading]


def measure(bench: Bench) -> list[Figure]:
    """Shares of mails read without a crash, and read as the other parser reads them."""
    parts = bench.parts()
    records = parts.dev if parts.heldout is None else parts.heldout
    ours = [_read(_ours, record) for record in records]
    plain = [_read(_theirs, record) for record in records]
    figures = []
    for metric, goal, right in (
        ("read without a crash", 100.0, _survived),
        ("subject as expected", None, _subject),
        ("senders as expected", None, _senders),
        ("text as expected", None, _text),
        ("count of files as expected", None, _files),
    ):
        mine, other = (_share(records, readings, right) for readings in (ours, plain))
        figures.append(
            Figure(metric, mine, goal, {_BASELINE: other}, note=f"{len(records)} mails, nothing learned")
        )
    return figures


def _read(reader: Reader, record: Record) -> Reading | None:
    try:
        return reader(base64.b64decode(record["eml_base64"]))
    except Exception:  # noqa: BLE001 - a crash, of whatever kind, is what is counted here
        return None


def _ours(raw: bytes) -> Reading:
    mail = parse_mail(raw)
    return Reading(mail.subject, tuple(one.address for one in mail.senders), mail.text, len(mail.files))


def _theirs(raw: bytes) -> Reading:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    body = mail.get_body(("plain",))
    senders = mail["from"].addresses if mail["from"] else ()
    return Reading(
        str(mail["subject"] or ""),
        tuple(one.addr_spec for one in senders),
        "" if body is None else str(body.get_content()),
        len(list(mail.iter_attachments())),
    )


def _share(
    records: Sequence[Record],
    readings: Sequence[Reading | None],
    right: Callable[[Record, Reading], bool],
) -> float:
    good = [
        reading is not None and right(record["expected"], reading)
        for record, reading in zip(records, readings, strict=True)
    ]
    return 100 * sum(good) / max(1, len(good))


def _survived(expected: Record, reading: Reading) -> bool:
    return True


def _subject(expected: Record, reading: Reading) -> bool:
    return (expected["subject"] or "") == reading.subject


def _senders(expected: Record, reading: Reading) -> bool:
    return tuple(expected["from_addresses"]) == reading.senders


def _text(expected: Record, reading: Reading) -> bool:
    words = "".join(body["text"] or "" for body in expected["text_bodies"] if body["kind"] == "Text")
    return "".join(words.split()) == "".join(reading.text.split())


def _files(expected: Record, reading: Reading) -> bool:
    return bool(expected["n_attachments"] == reading.files)


SET = QualitySet(name="mime-robustness", folder="mime-robustness", measure=measure)
