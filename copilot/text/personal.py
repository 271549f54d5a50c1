"""Where a text holds personal data: what has a form of its own, and what only the words around it give away.

Mail, card, IBAN, IP and URL are told by their form and, where there is one, by their checksum. A telephone number is
told by its country's plan or by the words beside it. Names and addresses are told by cues alone, so many are missed:
who shows a text as "without personal data" says so, and passes the names it knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from copilot.text.accounts import card_spans, iban_spans
from copilot.text.cued import address_spans, known_name_spans, name_spans
from copilot.text.network import ip_spans, mail_spans, url_spans
from copilot.text.phones import phone_spans

DEFAULT_REGIONS = ("US", "GB")
"""Whose national way of writing numbers is known when a team has not said; numbers with + are known everywhere."""


class PersonalKind(StrEnum):
    """The kinds of personal data."""

    URL = "url"
    MAIL = "mail"
    IBAN = "iban"
    CARD = "card"
    IP = "ip"
    PHONE = "phone"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """One piece of personal data: `text[start:end]`."""

    kind: PersonalKind
    start: int
    end: int


def personal_spans(
    text: str, *, regions: Sequence[str] = DEFAULT_REGIONS, names: Iterable[str] = ()
) -> tuple[PersonalSpan, ...]:
    """The personal data in a text, in its order; no two overlap, the more certain kind wins.

    `regions` are ISO 3166 codes of the countries whose national telephone numbers are to be known; `names` are people
    known to be in the thread, found wherever they stand. Takes time in proportion to the length.
    """
    finders: tuple[tuple[PersonalKind, Callable[[], Iterator[tuple[int, int]]]], ...] = (
        (PersonalKind.URL, lambda: url_spans(text)),
        (PersonalKind.MAIL, lambda: mail_spans(text)),
        (PersonalKind.IBAN, lambda: iban_spans(text)),
        (PersonalKind.CARD, lambda: card_spans(text)),
        (PersonalKind.IP, lambda: ip_spans(text)),
        (PersonalKind.PHONE, lambda: phone_spans(text, regions)),
        (PersonalKind.NAME, lambda: known_name_spans(text, names)),
        (PersonalKind.ADDRESS, lambda: address_spans(text)),
        (PersonalKind.NAME, lambda: name_spans(text)),
    )
    taken = bytearray(len(text))
    found: list[PersonalSpan] = []
    for kind, find in finders:
        for start, end in find():
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                found.append(PersonalSpan(kind, start, end))
    return tuple(sorted(found, key=lambda span: span.start))
