"""The customer's card: who, what they asked before on any desk, how they liked it; another ticket one key away."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from copilot.domain import Channel, DeskId, PastTicket, Rating, Status, TicketId
from tests.ui.assist.conftest import MAYA, OMAR, Side
from tests.ui.conftest import until
from ui.assist.customer import CustomerCard, liked_words, rating_words


def past(number: int, side: Side, **other: object) -> PastTicket:
    values = {
        "desk": DeskId("demo"),
        "subject": f"Earlier {number}",
        "status": Status.SOLVED,
        "channel": Channel.EMAIL,
        "created": side.workspace.now - timedelta(days=30 * number),
    } | other
    return PastTicket(id=TicketId(100 + number), **values)  # type: ignore[arg-type]  # a builder of one's own


async def opened(side: Side, *earlier: PastTicket) -> CustomerCard:
    side.workspace.past[MAYA] = earlier
    await side.open()
    card = side.pane.customer
    await until(lambda: card.customer is not None)
    return card


def subjects(card: CustomerCard) -> list[str]:
    return [line.past.subject for line in card.rows if line.isVisible() and line.past is not None]


async def test_it_says_who_and_how_often_and_leaves_the_open_ticket_out(side: Side) -> None:
    card = await opened(side, past(1, side), past(2, side, status=Status.OPEN))
    assert card._name.text() == side.workspace.cases[MAYA].ticket.requester.name
    assert card._open.text() == "3 tickets, 2 open"
    assert subjects(card) == ["Earlier 1", "Earlier 2"]
    assert card.time_line.isVisible()


async def test_somebody_new_has_no_history_to_draw(side: Side) -> None:
    card = await opened(side)
    assert card._open.text() == "1 ticket, 1 open"
    assert subjects(card) == []
    assert not card.time_line.isVisible()


async def test_bars_stand_there_until_the_next_customer_is_read(side: Side) -> None:
    card = await opened(side, past(1, side))
    side.pane.show_ticket(OMAR)
    assert card._skeleton.isVisibleTo(card)
    assert not card._known.isVisibleTo(card)
    await until(lambda: card.customer is not None)
    assert card._name.text() == side.workspace.cases[OMAR].ticket.requester.name


async def test_enter_on_an_earlier_ticket_asks_for_it(side: Side) -> None:
    card = await opened(side, past(1, side), past(2, side))
    asked: list[TicketId] = []
    side.pane.ticket_asked.connect(asked.append)
    card.rows[0].setFocus()
    QTest.keyClick(card.rows[0], Qt.Key.Key_Down)
    QTest.keyClick(card.rows[1], Qt.Key.Key_Return)
    assert asked == [102]


async def test_more_than_a_few_are_folded_away(side: Side) -> None:
    card = await opened(side, *(past(number, side) for number in range(1, 7)))
    assert len(subjects(card)) == 3
    assert card.more.text() == "3 more"
    card.more.click()
    assert len(subjects(card)) == 6
    assert not card.more.isVisible()


async def test_another_desk_and_a_rating_are_said(side: Side) -> None:
    rated = past(1, side, desk=DeskId("other"), rating=Rating(score=0.0, comment="Too slow"))
    card = await opened(side, rated, past(2, side, rating=Rating(score=1.0)))
    assert "other" in card.rows[0].accessibleName()
    assert rating_words(rated) == "unhappy with the help: “Too slow”"
    assert card.customer is not None
    assert liked_words(card.customer) == "Happy with the help in 1 of 2 rated tickets"


async def test_a_change_of_one_of_their_tickets_is_read_again(side: Side) -> None:
    card = await opened(side, past(1, side))
    side.workspace.change(MAYA, status=Status.SOLVED)
    await until(lambda: card._open.text() == "2 tickets, 0 open")


async def test_the_time_line_knows_what_is_under_the_mouse(side: Side) -> None:
    card = await opened(side, past(1, side))
    oldest, newest = card.time_line.places()
    found = card.time_line.nearest(oldest.x() + 2)
    assert found is not None
    assert found.subject == "Earlier 1"
    assert card.time_line.nearest((oldest.x() + newest.x()) / 2) is None
