from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from copilot.domain import TicketId
from copilot.knowledge.gaps import Unanswered, gaps_in, names_of
from tests.knowledge.fake_embedder import WordEmbedder

NOON = datetime(2026, 6, 24, 12, tzinfo=UTC)
PROXIES = [
    "The company proxy blocks the calendar",
    "Calendar blocked by the proxy of our company",
    "Proxy blocks calendar",
]
PRINTERS = ["The printer prints two pages on one sheet", "Printing two pages on one sheet with the printer"]


def asked(number: int, text: str, *, escalated: bool = False, seconds: float = 0.0) -> Unanswered:
    return Unanswered(
        ticket=TicketId(number),
        subject=text,
        text=text,
        at=NOON,
        escalated=escalated,
        found_nothing=not escalated,
        seconds=seconds,
        cost=Decimal("0.01"),
    )


def test_questions_that_ask_alike_are_one_gap_with_its_count_cost_and_tickets() -> None:
    questions = [asked(n, text, escalated=n == 0, seconds=60.0) for n, text in enumerate(PROXIES + PRINTERS)]
    proxies, printers = gaps_in(questions, WordEmbedder().encode([one.text for one in questions]))
    assert (proxies.count, set(proxies.tickets)) == (3, {0, 1, 2})
    assert (proxies.escalated, proxies.seconds, proxies.cost) == (1, 180.0, Decimal("0.03"))
    assert proxies.example in PROXIES
    assert {"calendar", "proxy"} & set(proxies.name.replace(",", "").split())
    assert printers.count == 2


def test_of_nothing_there_are_no_gaps() -> None:
    assert gaps_in([], WordEmbedder().encode(["x"])[:0]) == ()


def test_a_name_is_what_sets_a_gap_apart_from_the_others() -> None:
    topics = ("calendar", "printer", "font", "proxy", "spam", "alias")
    names = names_of([[f"Our product and the {word}", f"The product: {word} again"] for word in topics])
    assert [name.split(",")[0] for name in names] == list(topics)
    assert not any("product" in name for name in names)


def test_a_gap_without_words_is_called_by_its_subject() -> None:
    (gap,) = gaps_in([asked(1, "???")], WordEmbedder().encode(["???"]))
    assert gap.name == "???"
