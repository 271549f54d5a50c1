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
from copilot.text.numbers import literal_spans, number_spans
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
    NUMBER = "number"
    """Of an order, an account or a customer: found only where a caller's patterns or known numbers say so."""


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """One piece of personal data: `text[start:end]`."""

    kind: PersonalKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a caller knows to be personal, found wherever it stands: whatever its case, but for names of one word.

    `number_patterns` find order, account and customer numbers: the group named `number`, else all they match.
    """

    names: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    number_patterns: tuple[str, ...] = ()


NOTHING_KNOWN = Known()


def personal_spans(
    text: str,
    *,
    regions: Sequence[str] = DEFAULT_REGIONS,
    names: Iterable[str] = (),
    known: Known = NOTHING_KNOWN,
) -> tuple[PersonalSpan, ...]:
    """The personal data in a text, in its order; no two overlap, the more certain kind wins.

    `regions` are ISO 3166 codes of the countries whose national telephone numbers are to be known; `names` are people
    known to be in the thread, found wherever they stand, and `known` is more of that. Takes time in proportion to the
    length, for patterns of the caller's own as long as those do.
    """
    names = (*names, *known.names)
    finders: tuple[tuple[PersonalKind, Callable[[], Iterator[tuple[int, int]]]], ...] = (
        (PersonalKind.MAIL, lambda: literal_spans(text, known.mails)),
        (PersonalKind.PHONE, lambda: literal_spans(text, known.phones)),
        (PersonalKind.NAME, lambda: literal_spans(text, (name for name in names if " " in name.strip()))),
        (PersonalKind.URL, lambda: url_spans(text)),
        (PersonalKind.MAIL, lambda: mail_spans(text)),
        (PersonalKind.IBAN, lambda: iban_spans(text)),
        (PersonalKind.CARD, lambda: card_spans(text)),
        (PersonalKind.IP, lambda: ip_spans(text)),
        (PersonalKind.NUMBER, lambda: literal_spans(text, known.numbers)),
        (PersonalKind.NUMBER, lambda: number_spans(text, known.number_patterns)),
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
