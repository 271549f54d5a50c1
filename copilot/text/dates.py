"""From "by Friday" to a date: what a promise's words mean, given the moment they were written.

English only. A day without an hour means its end (23:59 UTC), because a promise is kept until then.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta

_DAYS = {name.lower(): i for i, name in enumerate(calendar.day_name)}
_DAYS |= {name.lower(): i for i, name in enumerate(calendar.day_abbr)} | {"tues": 1, "thur": 3, "thurs": 3}
_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "couple of": 2,
    "a couple of": 2,
    "three": 3,
    "few": 3,
    "a few": 3,
}
_NUMBERS |= {"four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12}

_DAY_NAMES = "|".join(sorted(_DAYS, key=len, reverse=True))
_MONTH_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_AMOUNTS = r"\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True))

_AFTER = re.compile(
    rf"\b(?:in|within|after)\s+(?:the next\s+)?(?P<amount>{_AMOUNTS})\s*(?:-|to)?\s*(?:\d{{1,3}}\s*)?"
    r"(?P<unit>minute|hour|business day|working day|day|week|month)s?\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?P<word>today|tonight|this (?:morning|afternoon|evening)|tomorrow)\b", re.IGNORECASE
)
_END_OF = re.compile(
    r"\b(?:by |before |at )?(?:the )?(?:end of (?:the |this )?(?P<end>day|week|month)|(?P<next>next (?:week|month))"
    r"|(?:later )?(?P<this>this week))\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    rf"\b(?:(?P<lead>by|on|before|until|till|next|this|coming)\s+)+(?P<day>{_DAY_NAMES})\b", re.IGNORECASE
)
_ISO = re.compile(r"\b(?P<year>20\d{2})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b")
_MONTH_DAY = re.compile(
    rf"\b(?:(?P<month>{_MONTH_NAMES})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month2>{_MONTH_NAMES}))\b\.?(?:,?\s+(?P<year>20\d{{2}}))?",
    re.IGNORECASE,
)


def find_date(text: str, said: datetime) -> datetime | None:
    """The first moment that `text` names, counted from `said` (aware), or None when it names none."""
    for reader in (_iso, _month_day, _after, _relative, _weekday, _end_of):
        found = reader(text, said)
        if found is not None:
            return found
    return None


def _end_of_day(day: date, said: datetime) -> datetime:
    return datetime.combine(day, time(23, 59), tzinfo=said.tzinfo)


def _iso(text: str, said: datetime) -> datetime | None:
    found = _ISO.search(text)
    return _checked(int(found["year"]), int(found["month"]), int(found["day"]), said) if found else None


def _month_day(text: str, said: datetime) -> datetime | None:
    found = _MONTH_DAY.search(text)
    if found is None:
        return None
    month = _MONTHS[(found["month"] or found["month2"]).lower()]
    day = int(found["day"] or found["day2"])
    if found["year"]:
        return _checked(int(found["year"]), month, day, said)
    this_year = _checked(said.year, month, day, said)
    if this_year is not None and this_year < said - timedelta(days=60):
        return _checked(said.year + 1, month, day, said)
    return this_year


def _checked(year: int, month: int, day: int, said: datetime) -> datetime | None:
    try:
        return _end_of_day(date(year, month, day), said)
    except ValueError:
        return None


def _after(text: str, said: datetime) -> datetime | None:
    found = _AFTER.search(text)
    if found is None:
        return None
    amount = found["amount"].lower()
    count = int(amount) if amount.isdigit() else _NUMBERS[amount]
    unit = found["unit"].lower()
    if unit in {"minute", "hour"}:
        return said + timedelta(**{f"{unit}s": count})
    if unit in {"business day", "working day"}:
        return _end_of_day(_working_days(said.date(), count), said)
    days = {"day": count, "week": 7 * count, "month": 30 * count}[unit]
    return _end_of_day(said.date() + timedelta(days=days), said)


def _working_days(day: date, count: int) -> date:
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _relative(text: str, said: datetime) -> datetime | None:
    found = _RELATIVE.search(text)
    if found is None:
        return None
    return _end_of_day(said.date() + timedelta(days=found["word"].lower() == "tomorrow"), said)


def _weekday(text: str, said: datetime) -> datetime | None:
    found = _WEEKDAY.search(text)
    if found is None:
        return None
    ahead = (_DAYS[found["day"].lower()] - said.weekday()) % 7 or 7
    in_next_week = found["lead"].lower() == "next" and said.weekday() + ahead < 7
    return _end_of_day(said.date() + timedelta(days=ahead + 7 * in_next_week), said)


def _end_of(text: str, said: datetime) -> datetime | None:
    found = _END_OF.search(text)
    if found is None:
        return None
    today = said.date()
    what = (found["end"] or found["next"] or found["this"]).lower()
    if what == "day":
        return _end_of_day(today, said)
    friday = today + timedelta(days=(4 - today.weekday()) % 7)
    if what in {"week", "this week"}:
        return _end_of_day(friday, said)
    if what == "next week":
        return _end_of_day(today + timedelta(days=11 - today.weekday()), said)
    year, month = (today.year, today.month) if what == "month" else _month_after(today)
    return _end_of_day(date(year, month, calendar.monthrange(year, month)[1]), said)


def _month_after(day: date) -> tuple[int, int]:
    return (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
