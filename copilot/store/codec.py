"""How times, texts and small collections stand in a column."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def to_ms(moment: datetime) -> int:
    """Whole milliseconds since 1970, UTC; finer parts are cut off. `moment` must know its time zone."""
    return (moment - EPOCH) // _MILLISECOND


def from_ms(ms: int) -> datetime:
    """The moment that `to_ms` wrote down."""
    return EPOCH + ms * _MILLISECOND


def optional_ms(moment: datetime | None) -> int | None:
    """`to_ms`, where there is a moment."""
    return None if moment is None else to_ms(moment)


def optional_moment(ms: int | None) -> datetime | None:
    """`from_ms`, where there is a moment."""
    return None if ms is None else from_ms(ms)


def storable(text: str) -> str:
    """`text` with what neither UTF-8 nor SQLite can hold (lone surrogates, NUL) replaced.

    One odd mail must not stop a sync.
    """
    if text.isascii() and "\x00" not in text:
        return text
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def optional_text(text: str | None) -> str | None:
    """`storable`, where there is a text."""
    return None if text is None else storable(text)


def to_json(value: object) -> str:
    """JSON that is equal for equal values."""
    return _ENCODER.encode(value)


def texts_to_json(texts: tuple[str, ...]) -> str:
    """Some texts as one column."""
    return to_json([storable(text) for text in texts]) if texts else "[]"


def texts_from_json(column: str) -> tuple[str, ...]:
    """The texts that `texts_to_json` wrote down."""
    return tuple(json.loads(column)) if column != "[]" else ()


def fields_to_json(fields: Mapping[str, str]) -> str:
    """Custom fields as one column."""
    return to_json({storable(name): storable(value) for name, value in fields.items()}) if fields else "{}"


def fields_from_json(column: str) -> dict[str, str]:
    """The fields that `fields_to_json` wrote down."""
    return dict(json.loads(column)) if column != "{}" else {}


def new_id() -> str:
    """A globally unique id that sorts by time: UUID version 7 (RFC 9562, section 5.7)."""
    ms = time.time_ns() // 1_000_000
    tail = secrets.randbits(74)
    number = ms << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | tail & (1 << 62) - 1
    digits = f"{number:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
