"""Thousands of messages, of which only those in sight exist; all of them selectable, reachable, readable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from time import thread_time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from copilot.domain import Conversation, Message, RemoteId, Role
from copilot.workspace import Rendered
from tests.ui.conftest import NOW
from tests.ui.fake_desk import ME, cases
from ui.conversation.bubble import Lit, MessageBubble
from ui.conversation.thread import ThreadView
from ui.conversation.timeline import Item, timeline
from ui.conversation.words import absolute
from ui.theme.theme import theme

MAYA = cases(NOW)[0]
TEXT = "Paragraph {n} says something about tents, poles and the warehouse in bay {n}. " * 3


def messages(count: int) -> tuple[Message, ...]:
    people = (MAYA.ticket.requester, ME)
    return tuple(
        Message(
            remote_id=RemoteId(f"m{n}"),
            author=people[n % 2],
            created=NOW - timedelta(minutes=20 * (count - n)),
            clean=TEXT.format(n=n) * (1 + n % 5),
        )
        for n in range(count)
    )


def items(count: int) -> tuple[Item, ...]:
    return timeline(Conversation(ticket=MAYA.ticket, messages=messages(count)), ME)


def rendered(message: Message, whole: bool) -> Rendered:
    return Rendered(html=f"<p>{message.clean}</p>")


@pytest.fixture
def view(qapp: QApplication) -> Iterator[ThreadView]:
    made = ThreadView(rendered, lambda: NOW)
    made.resize(640, 600)
    made.show()
    yield made
    made.hide()
    made.deleteLater()


def bubbles(view: ThreadView) -> list[MessageBubble]:
    live = view.rows.live
    return [row for number in sorted(live) if isinstance(row := live[number], MessageBubble)]


def bubble_of(view: ThreadView, message: str) -> MessageBubble:
    return next(b for b in bubbles(view) if b.message and b.message.remote_id == message)


def test_it_opens_at_the_newest_message(view: ThreadView) -> None:
    view.show_items(items(50))
    last = bubble_of(view, "m49")
    assert view.is_at_end
    assert last.geometry().bottom() <= view.viewport().height()


def test_only_messages_in_sight_are_widgets(view: ThreadView) -> None:
    view.show_items(items(2000))
    assert len(bubbles(view)) < 12
    bar = view.verticalScrollBar()
    for step in range(0, bar.maximum(), bar.maximum() // 40):
        bar.setValue(step)
    assert len(view.viewport().findChildren(MessageBubble)) < 40


def test_two_thousand_messages_open_about_as_fast_as_two_hundred(view: ThreadView) -> None:
    few, many = items(200), items(2000)
    view.show_items(many)

    def best(shown: tuple[Item, ...]) -> float:
        times = []
        for _ in range(3):
            start = thread_time()
            view.show_items(shown)
            view.grab()
            times.append(thread_time() - start)
        return min(times)

    assert best(many) < 3 * best(few) + 0.05


def test_nothing_read_moves_when_heights_above_become_known(view: ThreadView) -> None:
    view.show_items(items(400))
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    for _ in range(60):
        watched = bubbles(view)[1]
        message, before = watched.message, watched.y()
        assert message is not None
        bar.setValue(bar.value() - 40)
        after = bubble_of(view, message.remote_id).y()
        assert after - before == 40


def test_the_place_is_kept_when_the_thread_is_read_again(view: ThreadView) -> None:
    view.show_items(items(100))
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    watched = bubbles(view)[1]
    message, before = watched.message, watched.y()
    assert message is not None
    view.show_items(items(100) + items(101)[-1:], same_ticket=True)
    again = bubble_of(view, message.remote_id)
    assert again is watched
    assert again.y() == before


def test_a_new_message_is_followed_at_the_end_only(view: ThreadView) -> None:
    view.show_items(items(30))
    view.show_items(items(31), same_ticket=True)
    assert bubble_of(view, "m30").geometry().bottom() <= view.viewport().height()
    view.verticalScrollBar().setValue(0)
    view.show_items(items(32), same_ticket=True)
    assert view.verticalScrollBar().value() == 0


def test_another_ticket_starts_at_its_own_end(view: ThreadView) -> None:
    view.show_items(items(100))
    view.verticalScrollBar().setValue(0)
    view.show_items(items(60))
    assert view.is_at_end


def test_a_selection_survives_scrolling_away_and_back(view: ThreadView) -> None:
    view.show_items(items(300))
    bubble = bubble_of(view, "m299")
    cursor = bubble.body.textCursor()
    cursor.setPosition(0)
    cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, 11)
    bubble.body.setTextCursor(cursor)
    view.verticalScrollBar().setValue(0)
    view.to_end()
    assert bubble_of(view, "m299") is bubble
    bubble.body.copy()
    assert QApplication.clipboard().text() == "Paragraph 2"


def test_words_are_selected_with_the_mouse(view: ThreadView) -> None:
    view.show_items(items(3))
    body = bubble_of(view, "m2").body
    QTest.mouseDClick(
        body.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(8, 8)
    )
    assert body.textCursor().selectedText() == "Paragraph"


def test_the_keyboard_goes_from_message_to_message(view: ThreadView) -> None:
    view.show_items(items(300))
    view.focus_message()
    for _ in range(40):
        QTest.keyClick(view, Qt.Key.Key_Up)
    current = next(b for b in bubbles(view) if b.focusPolicy() == Qt.FocusPolicy.StrongFocus)
    assert current.message is not None
    assert current.message.remote_id == "m259"
    assert 0 <= current.y() < view.viewport().height()


def test_tab_comes_to_one_message_only(view: ThreadView) -> None:
    view.show_items(items(300))
    reachable = [b for b in bubbles(view) if b.focusPolicy() == Qt.FocusPolicy.StrongFocus]
    assert len(reachable) == 1


def test_the_cited_words_light_up_and_come_into_sight(view: ThreadView) -> None:
    view.show_items(items(300))
    message = messages(300)[20]
    start = message.clean.index("the warehouse in bay 20")
    lit = Lit(message.remote_id, "the warehouse in bay 20", start, start + 23)
    assert view.light_up(lit)
    bubble = bubble_of(view, "m20")
    marks = bubble.body.extraSelections()
    assert [mark.cursor.selectedText() for mark in marks] == ["the warehouse in bay 20"]
    top = bubble.lit_top()
    assert top is not None
    assert 0 <= bubble.y() + top < view.viewport().height()


def test_the_thread_goes_back_when_the_light_goes_out(view: ThreadView) -> None:
    view.show_items(items(300))
    view.light_up(Lit(RemoteId("m20"), "tents", 0, 0))
    view.clear_light()
    assert view.is_at_end
    assert all(not bubble.body.extraSelections() for bubble in bubbles(view))


def test_a_message_of_another_thread_is_not_lit(view: ThreadView) -> None:
    view.show_items(items(3))
    assert not view.light_up(Lit(RemoteId("elsewhere"), "x", 0, 1))


def test_emoji_before_the_quote_do_not_shift_the_light(view: ThreadView) -> None:
    text = "🙂🙂 Thanks 🎉 for the quick answer"
    message = replace(messages(1)[0], clean=text)
    view.show_items(timeline(Conversation(ticket=MAYA.ticket, messages=(message,)), ME))
    start = text.index("quick")
    assert view.light_up(Lit(message.remote_id, "quick answer", start, start + 12))
    mark = bubble_of(view, "m0").body.extraSelections()[0]
    assert mark.cursor.selectedText() == "quick answer"


def test_a_narrower_view_keeps_the_end_in_sight(view: ThreadView) -> None:
    view.show_items(items(40))
    view.resize(430, 500)
    assert bubble_of(view, "m39").geometry().bottom() <= view.viewport().height()


def test_screen_readers_come_to_the_messages_in_their_order(view: ThreadView) -> None:
    view.show_items(items(60))
    view.verticalScrollBar().setValue(0)
    view.to_end()
    names = [
        child.accessibleName()
        for child in view.viewport().children()
        if isinstance(child, MessageBubble) and child.isVisible()
    ]
    assert names == [bubble.accessibleName() for bubble in bubbles(view)]
    assert names[-1].startswith("Message from You, ")
    interface = QAccessible.queryAccessibleInterface(bubbles(view)[-1].body)
    text = interface.textInterface()
    assert text is not None
    assert "Paragraph 59" in text.text(0, text.characterCount())


def test_hidden_parts_open_in_place_and_stay_open(view: ThreadView) -> None:
    thread = timeline(Conversation(ticket=MAYA.ticket, messages=MAYA.messages), ME)
    view.show_items(thread)
    bubble = bubble_of(view, "1-4")
    assert bubble.fold.text() == "Show quoted text"
    before = bubble.height()
    bubble.fold.click()
    assert bubble.height() > before
    assert bubble.fold.text() == "Hide quoted text"
    view.show_items(thread, same_ticket=True)
    assert bubble_of(view, "1-4").fold.text() == "Hide quoted text"


def test_the_ai_agent_and_notes_are_named_in_words(view: ThreadView) -> None:
    note = replace(MAYA.messages[2])
    robot = replace(
        MAYA.messages[0], author=replace(MAYA.messages[0].author, role=Role.AI_AGENT, name="Birdie")
    )
    view.show_items(timeline(Conversation(ticket=MAYA.ticket, messages=(robot, note)), ME))
    names = [bubble.accessibleName() for bubble in bubbles(view)]
    assert names[0].startswith("Message from Birdie, AI agent")
    assert names[1].startswith("Internal note from Priya Raman")


def test_a_click_on_a_link_asks_and_opens_nothing(view: ThreadView) -> None:
    html = Rendered(html='<p><a href="https://help.example/x">the whole line is a link</a></p>')
    view.rows._rendered_of = lambda _message, _whole: html
    asked: list[str] = []
    view.rows.link_asked.connect(asked.append)
    view.show_items(items(1))
    body = bubble_of(view, "m0").body
    QTest.mouseClick(
        body.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 8)
    )
    assert asked == ["https://help.example/x"]
    assert body.toPlainText() == "the whole line is a link"


def test_the_time_tells_its_date_and_the_name_its_address(view: ThreadView) -> None:
    view.show_items(items(1))
    bubble = bubble_of(view, "m0")
    view.grab()
    assert bubble.tip_at(bubble._stamp.center()) == absolute(messages(1)[0].created)
    assert bubble.tip_at(QPoint(2, 2)) == "Maya Stone maya.stone@mail.example"
    assert bubble.tip_at(QPoint(2, bubble.height() - 2)) == ""


def test_a_change_of_theme_changes_what_is_shown(view: ThreadView) -> None:
    view.show_items(items(3))
    light = bubble_of(view, "m2").grab().toImage()
    theme().prefer("dark")
    try:
        assert bubble_of(view, "m2").grab().toImage() != light
        assert "Paragraph 2" in bubble_of(view, "m2").body.toPlainText()
    finally:
        theme().prefer("light")
    assert bubble_of(view, "m2").grab().toImage() == light


def test_a_long_message_is_shown_whole_on_demand(view: ThreadView) -> None:
    view.rows._rendered_of = lambda _message, whole: Rendered(
        html="<p>all of it</p>" if whole else "<p>a part</p>", shortened=not whole
    )
    view.show_items(items(1))
    bubble = bubble_of(view, "m0")
    assert bubble.more.isVisible()
    bubble.more.click()
    assert bubble.body.toPlainText() == "all of it"
    assert not bubble.more.isVisible()
