"""Pieces of wire shapes that records of many desks are made of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator

T = TypeVar("T")
V = TypeVar("V")


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _text(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return "" if value is None else value


def _list(value: Any) -> Any:
    return [] if value is None or value == "" else value


def _mapping(value: Any) -> Any:
    return {} if value is None or value == [] else value


Date = Annotated[datetime, AfterValidator(_utc)]
"""A moment in UTC; one without a time zone is meant in UTC."""
Text = Annotated[str, BeforeValidator(_text)]
"""A text, where nothing is an empty one and a number its digits."""
Rows = Annotated[list[T], BeforeValidator(_list)]
"""A list, where nothing is an empty one."""
Table = Annotated[dict[str, V], BeforeValidator(_mapping)]
"""An object read as a mapping, where nothing (and PHP's empty array) is an empty one."""
