"""The pages of the team's knowledge, by keys: gaps, the review, articles, conflicts, answers."""

from __future__ import annotations

import asyncio
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from copilot.domain import TicketId
from copilot.workspace import ReviewState
from tests.ui.conftest import until
from tests.ui.knowing.conftest import PATIENCE_SECONDS, Rep
from tests.ui.test_accessibility import nameless
from ui.knowing.answers import AnswersPage
from ui.knowing.articles import ArticlesPage
from ui.knowing.conflicts import ConflictsPage
from ui.knowing.gaps import GapsPage
from ui.knowing.panel import PAGES
from ui.knowing.review import ReviewPage

TEXT = "Open the settings, choose General, and untick the box beside it. Then restart the program."


async def gaps_of(rep: Rep) -> GapsPage:
    rep.press("g", "k")
    page = cast("GapsPage", rep.panel.pages["gaps"])
    await until(lambda: page.gaps is not None, within=PATIENCE_SECONDS)
    return page


async def test_gaps_are_found_and_gone_through(rep: Rep) -> None:
    page = await gaps_of(rep)
    assert page.gap is not None
    assert page.gaps is not None
    assert page.gap == page.gaps[0]
    assert str(len(page.gaps)) in page.summary.text()
    rep.press("j")
    assert page.gap == page.gaps[1]
    assert page.detail.tickets.entries.rowCount() == page.gap.count
    rep.press("k")
    assert page.gap == page.gaps[0]
    assert not page.progress.isVisible()


async def test_looking_for_gaps_is_stopped_by_a_key(rep: Rep) -> None:
    rep.press("g", "k")
    page = cast("GapsPage", rep.panel.pages["gaps"])
    assert page.progress.isVisible()
    rep.press("x")
    assert not page.progress.isVisible()
    assert page.nothing.title() == "Stopped"
    await until(lambda: "look for gaps" not in aio_names())
    assert page.gaps is None
    rep.press("r")
    await until(lambda: page.gaps is not None, within=PATIENCE_SECONDS)


async def test_an_answer_is_started_from_a_gap_approved_and_tried_on_past_tickets(rep: Rep) -> None:
    page = await gaps_of(rep)
    editor, replay = rep.panel.editor, rep.panel.replay
    started = None
    for _ in page.gaps or ():
        assert page.gap is not None
        started = await rep.workspace.gaps.start_answer(page.gap.tickets)
        if started is not None:
            break
        rep.press("j")
    assert started is not None
    rep.press("a")
    await until(lambda: editor.text.toPlainText() == started.text, within=PATIENCE_SECONDS)
    assert editor.title.text() == started.title
    await until(editor.hidden.isVisible)
    assert editor.original.toPlainText().strip()
    editor.title.setText("How do I untick the box?")
    editor.text.setPlainText(TEXT)
    rep.approve()
    await until(lambda: replay.found is not None, within=PATIENCE_SECONDS)
    (answer,) = await rep.workspace.answers.all()
    assert (answer.title, answer.text, answer.ticket) == ("How do I untick the box?", TEXT, started.ticket)
    assert "past ticket" in replay.outcome.text()
    assert replay.list.entries.rowCount() == len(replay.found or ())
    rep.escape()
    assert rep.panel.pages["gaps"].isVisible()


async def test_what_stands_for_personal_data_must_be_written_anew(rep: Rep) -> None:
    rep.window.actions_.trigger("ticket.teach")
    editor = rep.panel.editor
    await until(editor.hidden.isVisible, within=PATIENCE_SECONDS)
    editor.title.setText("Whom to ask?")
    editor.text.setPlainText("Ask [name 1] about it.")
    rep.approve()
    await until(editor.problem.isVisible)
    assert "[name 1]" in editor.problem.text()
    assert await rep.workspace.answers.all() == ()


async def test_somebody_must_stand_for_an_answer(rep: Rep) -> None:
    rep.press("g", "n", "a")
    editor = rep.panel.editor
    editor.title.setText("How long is a refund?")
    editor.text.setPlainText("Five days.")
    rep.approve(by="")
    await until(editor.problem.isVisible)
    assert "Say who stands for it" in editor.problem.text()
    assert await rep.workspace.answers.all() == ()


async def test_a_ticket_teaches_and_changes_are_not_thrown_away_by_one_esc(rep: Rep) -> None:
    rep.window.actions_.trigger("ticket.teach")
    editor = rep.panel.editor
    await until(editor.hidden.isVisible, within=PATIENCE_SECONDS)
    QTest.keyClicks(editor.text, "More. ")
    rep.escape()
    assert rep.window.overlay.panel is not None
    assert "throw your changes away" in editor.problem.text()
    rep.escape()
    assert rep.window.overlay.panel is None


async def test_the_preview_shows_markdown_as_it_will_look(rep: Rep) -> None:
    rep.window.actions_.trigger("ticket.teach")
    editor = rep.panel.editor
    await until(editor.hidden.isVisible, within=PATIENCE_SECONDS)
    editor.text.setPlainText("Press **OK**. <b>Raw</b> ![x](file:///etc/passwd)")
    if not editor.preview.isVisible():
        QTest.keyClick(editor.text, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert editor.preview.isVisible()
    shown = editor.preview.toPlainText()
    assert shown.startswith("Press OK.")
    assert "<b>Raw</b>" in shown


async def test_the_review_is_gone_through_with_skipping_and_answering(rep: Rep) -> None:
    rep.press("g", "x")
    page = cast("ReviewPage", rep.panel.pages["review"])
    await until(lambda: page.item is not None)
    assert page.review is not None
    first, second = page.review.items[0].ticket, page.review.items[1].ticket
    assert page.item is not None
    assert page.item.ticket == first
    await until(lambda: page.talk.toPlainText().strip())
    rep.press("s")
    await until(lambda: page.item is not None and page.item.ticket == second)
    assert page.review.count(ReviewState.SKIPPED) == 1
    assert "1 skipped" in page.summary.text()
    rep.press("a")
    editor = rep.panel.editor
    await until(editor.hidden.isVisible, within=PATIENCE_SECONDS)
    editor.text.setPlainText(TEXT)
    rep.approve()
    await until(rep.panel.replay.isVisible, within=PATIENCE_SECONDS)
    rep.press("x")
    assert "stopped" in rep.panel.replay.outcome.text()
    rep.escape()
    await until(lambda: "1 answered, 1 skipped" in page.summary.text())
    assert page.bar.value() == 2


async def test_a_skipped_ticket_is_taken_up_again(rep: Rep) -> None:
    rep.press("g", "x")
    page = cast("ReviewPage", rep.panel.pages["review"])
    await until(lambda: page.item is not None)
    rep.press("s")
    await until(lambda: "1 skipped" in page.summary.text())
    rep.press("k", "s")
    await until(lambda: "0 skipped" in page.summary.text())


async def test_a_ticket_of_the_review_is_opened(rep: Rep) -> None:
    rep.press("g", "x")
    page = cast("ReviewPage", rep.panel.pages["review"])
    await until(lambda: page.item is not None)
    assert page.item is not None
    wanted: TicketId = page.item.ticket
    rep.press("o")
    await until(lambda: rep.furniture.conversation.ticket == wanted, within=PATIENCE_SECONDS)
    assert rep.window.overlay.panel is None


async def test_articles_are_filtered_sorted_and_read(rep: Rep) -> None:
    rep.press("g", "b")
    page = cast("ArticlesPage", rep.panel.pages["articles"])
    await until(lambda: page.state is not None)
    everything = page.sorted.rowCount()
    assert everything == len(await rep.workspace.upkeep.articles())
    await until(lambda: page.text.toPlainText().strip())
    rep.press("/")
    QTest.keyClicks(page.filter, "calendar")
    assert 0 < page.sorted.rowCount() < everything
    assert page.state is not None
    assert "calendar" in page.state.title.casefold()
    page.filter.clear()
    page.table.setFocus()
    rep.press("c", "c")
    titles = [page.sorted.index(place, 0).data() for place in range(everything)]
    assert titles == sorted(titles, key=str.casefold)


async def test_conflicts_stand_side_by_side(rep: Rep) -> None:
    say = rep.workspace.answers.add
    await say(
        "How long is a refund?",
        "A refund takes 5 days after we have received the parcel.",
        approved_by="Ines",
    )
    await say(
        "How long are refunds?",
        "A refund takes 9 days after we have received the parcel.",
        approved_by="Ines",
    )
    rep.press("g", "d")
    page = cast("ConflictsPage", rep.panel.pages["conflicts"])
    await until(lambda: page.pairs is not None and page.pair is not None, within=PATIENCE_SECONDS)
    place = next(
        number
        for number, pair in enumerate(page.pairs or ())
        if pair.evidence and "9 days" in pair.evidence[0].one + pair.evidence[0].other
    )
    for _ in range(place):
        rep.press("j")
    texts = {side.text.toPlainText() for side in page.sides}
    assert texts == {f"A refund takes {days} days after we have received the parcel." for days in (5, 9)}
    assert {side.title.text() for side in page.sides} == {"How long is a refund?", "How long are refunds?"}
    assert page.difference.text()


async def test_answers_are_changed_and_show_what_they_said_before(rep: Rep) -> None:
    await rep.workspace.answers.add("How long is a refund?", "Five days.", approved_by="Ines")
    rep.press("g", "n")
    page = cast("AnswersPage", rep.panel.pages["answers"])
    await until(lambda: page.text.toPlainText() == "Five days.")
    rep.press("e")
    rep.panel.editor.text.setPlainText("Six days.")
    rep.approve()
    await until(lambda: page.text.toPlainText() == "Six days.")
    assert page.versions.entries.rowCount() == 2
    page.versions.step(1)
    assert page.text.toPlainText() == "Five days."
    assert "Ines" in page._approved.text()


async def test_an_answer_is_removed_by_the_second_press(rep: Rep) -> None:
    await rep.workspace.answers.add("How long is a refund?", "Five days.", approved_by="Ines")
    rep.press("g", "n")
    page = cast("AnswersPage", rep.panel.pages["answers"])
    await until(lambda: page.answer is not None)
    rep.press("d")
    assert page.sure.isVisible()
    assert len(await rep.workspace.answers.all()) == 1
    rep.press("d")
    await until(page.nothing.isVisible)
    assert await rep.workspace.answers.all() == ()


async def test_pages_are_turned_by_digits_and_everything_has_a_name(rep: Rep) -> None:
    rep.press("g", "n")
    for digit, key in enumerate(PAGES, start=1):
        rep.press(str(digit))
        assert rep.panel.pages[key].isVisible()
        assert rep.panel.tabs[key].isChecked()
        assert nameless(rep.window) == []


async def test_its_keys_rest_when_it_is_closed(rep: Rep) -> None:
    rep.press("g", "n")
    assert rep.window.actions_.is_enabled("knowing.answer")
    rep.escape()
    assert rep.window.overlay.panel is None
    assert not rep.window.actions_.is_enabled("knowing.answer")
    assert rep.window.actions_.is_enabled("knowledge.gaps")


def aio_names() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks()}
