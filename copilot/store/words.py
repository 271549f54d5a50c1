"""From what somebody wrote to a full-text query: everything is quoted, so no FTS5 syntax gets through.

https://sqlite.org/fts5.html#fts5_strings
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import islice

from copilot.store.codec import storable

PREFIX_FROM = 2
"""A last word is a prefix from this many letters on: single letters are in nearly every ticket."""
_TERMS_READ = 80
_TERMS_ASKED = 24
_SHORTEST_TERM = 3
_TERM = re.compile(r"[^\W_]+")
_LAST_TERM = re.compile(r"[^\W_]+$")

STOP_WORDS = frozenset(
    """
    about after again all also always and any anybody are aren because been before being but can cannot could couldn
    did didn does doesn doing don done each else even ever every few for from further get gets getting give going gone
    got had hadn has hasn have haven having hello help her here him his how however into isn its itself just know last
    like little lot made make makes many may maybe might more most much must need never new not now off one only onto
    other our out over own per please really same say says see seem seems she should since some still such sure take
    than thank thanks that the their them then there these they thing things think this those though through too try
    trying under until upon use used using very want wants was wasn way well were weren what when where whether which
    while who why will with within without won would wouldn yes yet you your yours
    aber alle als auch auf aus bei bin bis bitte danke dann das dass dem den der des die doch ein eine einen einer eines
    für habe haben hat ich ihr ihre immer ist jetzt kann kein keine mein meine mich mir mit nach nicht noch nur oder
    schon sein sich sie sind und uns unser von war was wenn wer wie wir wird zum zur über
    avec aux bonjour cette dans des est les leur mais merci mon nos notre nous pas plus pour que qui sans ses son sont
    sur une vos votre vous
    con del los las pero por para que una uno gracias hola muy más esta este como cuando
    """.split()  # noqa: SIM905 - a list of two hundred strings reads worse
)


def all_words(text: str) -> str | None:
    """A query for rows that hold every word of `text`, the last one as a prefix; None when there is no word in it."""
    words = [word for word in text.split() if _TERM.search(word)]
    if not words:
        return None
    last = _LAST_TERM.search(text)
    is_prefix = last is not None and len(last.group()) >= PREFIX_FROM
    return " ".join(map(quoted, words)) + (" *" if is_prefix else "")


def quoted(word: str) -> str:
    """A word as an FTS5 string."""
    return '"' + storable(word).replace('"', '""') + '"'


def any_of(terms: Iterable[str]) -> str:
    """A query for rows that hold at least one of the terms."""
    return " OR ".join(map(quoted, terms))


def terms_of(text: str) -> list[str]:
    """The first different words of a text that could tell it from others."""
    words = (match.group().casefold() for match in _TERM.finditer(text))
    telling = (word for word in words if len(word) >= _SHORTEST_TERM and word not in STOP_WORDS)
    return list(islice(dict.fromkeys(telling), _TERMS_READ))


def rows_with(db: sqlite3.Connection, table: str, term: str, limit: int, *, oldest: int = 0) -> int:
    """In how many rows of a full-text table, from row `oldest` on, a term stands, counted up to `limit`."""
    query = f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {table} MATCH ? AND rowid >= ? LIMIT ?)"
    return int(db.execute(query, (quoted(term), oldest, limit)).fetchone()[0])


def rarest(terms: Sequence[str], rows: Sequence[int]) -> list[str]:
    """The terms to ask for: those that stand in the fewest rows, without those that stand in none."""
    found = sorted((count, place) for place, count in enumerate(rows) if count)
    return [terms[place] for _, place in found[:_TERMS_ASKED]]
