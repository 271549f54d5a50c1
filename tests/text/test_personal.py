from __future__ import annotations

import time
from typing import Any

import pytest

from copilot.text.personal import PersonalKind, personal_spans


def found(text: str, **wanted: Any) -> list[tuple[str, str]]:
    return [(str(span.kind), text[span.start : span.end]) for span in personal_spans(text, **wanted)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Write to amara.okoye+help@nestbox.example, please.", "mail", "amara.okoye+help@nestbox.example"),
        ("(jörg@bücher.example)", "mail", "jörg@bücher.example"),
        ("See https://nestbox.example/a_(b)?q=1.", "url", "https://nestbox.example/a_(b)?q=1"),
        ("(www.nestbox.example/reset)", "url", "www.nestbox.example/reset"),
        ("open nestbox.example/reset?token=ab12 now", "url", "nestbox.example/reset?token=ab12"),
        ("charged on 4111 1111 1111 1111 twice", "card", "4111 1111 1111 1111"),
        ("amex 3782-822463-10005", "card", "3782-822463-10005"),
        ("pay to DE89 3704 0044 0532 0130 00 today", "iban", "DE89 3704 0044 0532 0130 00"),
        ("iban gb82west12345698765432", "iban", "gb82west12345698765432"),
        ("from 203.0.113.77:8080", "ip", "203.0.113.77"),
        ("ping 2001:db8::8a2e:370:7334 fails", "ip", "2001:db8::8a2e:370:7334"),
        ("+49 (0)30 901820 is new", "phone", "+49 (0)30 901820"),
        ("Mine is (212) 555-0123", "phone", "(212) 555-0123"),
        ("Phone: 4515986", "phone", "4515986"),
        ("0490 75 40 81, any time", "phone", "0490 75 40 81"),
        ("030-901-820 office", "phone", "030-901-820"),
        ("my name is Amara Okoye and", "name", "Amara Okoye"),
        ("It broke.\n\nKind regards,\nAmara", "name", "Amara"),
        ("Send it to 12 Old Mill Lane please", "address", "12 Old Mill Lane"),
        ("ich wohne Lindenstraße 7b", "address", "Lindenstraße 7b"),
    ],
)
def test_finds(text: str, kind: str, value: str) -> None:
    assert (kind, value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Version 128.3.1.0 on Windows 10.0.19045",
        "at 12:30:45 on 2026-11-23 and 23.11.2026",
        "std::vector and face::bed",
        "order 4111111111111112, invoice 20261123001",
        "GB00WEST12345698765432 is mistyped",
        "999.1.1.1 is no address",
        "outlook.com and example.net",
        "Hi all,\nthanks\nSent from my phone",
        "It costs 1,234,567.89 or 12 345 678",
        "error 0x80070005 (code 80072ee7)",
        "2017 computer to the external drive.",
    ],
)
def test_leaves_other_numbers_and_words_alone(text: str) -> None:
    assert found(text) == []


def test_regions_are_a_setting() -> None:
    copenhagen = "Tryk 32 12 34 56 og vent"
    assert found(copenhagen) == []
    assert found(copenhagen, regions=("DK",)) == [("phone", "32 12 34 56")]


def test_people_of_the_thread_are_found_without_a_cue() -> None:
    text = "Okoye says that Amara Okoye restarted; amaranth is a plant."
    assert found(text, names=("Amara Okoye", " ")) == [("name", "Okoye"), ("name", "Amara Okoye")]


def test_no_two_overlap_and_the_more_certain_kind_wins() -> None:
    text = "https://nestbox.example/?mail=a@b.example&ip=203.0.113.77 Phone: 4111111111111111"
    spans = personal_spans(text)
    assert [span.kind for span in spans] == [PersonalKind.URL, PersonalKind.CARD]


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "a@",
        "a.",
        "a.a.",
        "GB82",
        "GB82 1",
        ":",
        "a:",
        "1.",
        "(1",
        "http://",
        "Aa ",
        "1 Aa ",
        "Name: Aa ",
        "])",
        "'",
        "www.",
        "call me ",
    ],
)
def test_time_grows_with_the_length(piece: str) -> None:
    small, large = (min(timed(piece * (size // len(piece))) for _ in range(2)) for size in (10_000, 40_000))
    assert max(large, 0.05) / max(small, 0.05) < 10  # four times the text


def timed(text: str) -> float:
    start = time.process_time()
    personal_spans(text)
    return time.process_time() - start
