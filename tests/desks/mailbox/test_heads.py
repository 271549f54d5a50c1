"""Heads and journal entries: whatever they say, and there and back."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from copilot.desks.mailbox.heads import Place, head_of
from copilot.desks.mailbox.journal import About, Step, entry_of, message_id, parts_of, write_entry
from copilot.desks.words import hash_of
from copilot.domain import Person, RemoteId, Role

AGNES = Person(
    remote_id=RemoteId("agnes@shop.test"), name="Agnes Ägidius", email="agnes@shop.test", role=Role.REP
)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60)


@given(raw=st.binary(max_size=400))
def test_no_head_is_too_broken_to_be_read(raw: bytes) -> None:
    head = head_of(Place.INBOX, "INBOX", 1, {b"BODY[HEADER.FIELDS ()]": raw, b"INTERNALDATE": NOON})
    assert head.id
    again = head_of(Place.INBOX, "Archive", 9, {b"BODY[HEADER.FIELDS ()]": raw, b"INTERNALDATE": NOON})
    assert again.id == head.id


@given(subject=TEXT, tags=st.lists(TEXT, max_size=20), words=TEXT)
def test_an_entry_says_the_same_when_it_is_read_back(subject: str, tags: list[str], words: str) -> None:
    about = About(ticket="abcdefgh2345", subject=subject, references=("one@x",))
    raw = write_entry(Step.TAGS, about, {"tags": tags}, words, rep=AGNES, id_="id@shop.test")
    heads = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    entry = entry_of(
        head_of(Place.NOTES, "Notes", 1, {b"BODY[HEADER.FIELDS ()]": heads, b"INTERNALDATE": NOON})
    )
    assert entry is not None
    assert (entry.step, entry.ticket, entry.value) == (Step.TAGS, "abcdefgh2345", {"tags": tags})
    assert (entry.author.name, entry.author.email) == (AGNES.name, AGNES.email)
    assert entry.head.references == ("one@x",)


@given(key=st.text(min_size=1, max_size=50))
def test_our_ids_are_known_again_and_others_are_not(key: str) -> None:
    parts = parts_of(message_id("abcdefgh2345", key, AGNES, "shop.test"))
    assert parts is not None
    assert parts[:2] == ("abcdefgh2345", hash_of(key))
    assert parts_of(f"{key}@client.test") is None or key.startswith("sidedesk.")
