"""The copilot pane: nothing of another ticket, nothing of an older thread, and honest when it does not know."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from copilot.domain import DecisionKind, Intent, RemoteId, SourceKind, TriageKind, Urgency
from copilot.errors import StoreError
from copilot.events import BriefReady, Failed
from tests.ui.assist.conftest import MAYA, OMAR, TOM, Side
from tests.ui.conftest import until
from tests.ui.fake_workspace import FakeWorkspace
from ui.assist.sparkline import Sparkline
from ui.conversation.words import ROLE_WORDS


async def test_without_a_ticket_nothing_is_offered(side: Side) -> None:
    side.pane.accept()
    assert side.used == []
    assert side.actions.reason("draft.accept") == "No ticket is open"


async def test_accept_hands_over_the_draft(side: Side) -> None:
    await side.open()
    side.pane.accept()
    suggestion = side.workspace.briefs[MAYA].suggestion
    assert side.used == [(suggestion.content, suggestion.id)]
    assert side.actions.is_enabled("draft.accept")


async def test_the_key_of_a_draft_does_nothing_before_the_brief_of_the_new_ticket_is_there(
    side: Side,
) -> None:
    await side.open()
    side.workspace.hidden_briefs.add(OMAR)
    side.pane.show_ticket(OMAR)
    side.pane.accept()
    assert side.used == []
    assert side.actions.reason("draft.accept") == "The brief is being made"
    await until(lambda: side.pane._stack.currentWidget() is side.pane._skeleton)
    side.workspace.finish_brief(OMAR)
    await until(lambda: side.pane.brief is not None)
    side.pane.accept()
    assert side.used[0][1] == "suggestion-2"


async def test_a_new_message_makes_the_draft_unusable_until_the_brief_is_new(side: Side) -> None:
    await side.open()
    old = side.pane.brief
    case = side.workspace.cases[MAYA]
    side.workspace.arrive(MAYA, replace(case.messages[-1], remote_id=RemoteId("1-10")))
    await until(lambda: not side.pane._news.isHidden())
    assert side.pane.brief is old
    side.pane.accept()
    side.pane.dismiss("wrong")
    assert side.used == []
    assert "being made anew" in side.actions.reason("draft.accept")
    side.workspace.finish_brief(MAYA)
    await until(side.pane._news.isHidden)
    side.pane.accept()
    assert len(side.used) == 1


async def test_an_abstention_says_what_is_missing_and_offers_to_escalate(side: Side) -> None:
    await side.open(TOM)
    draft = side.pane.draft
    assert draft.title.text() == "Not enough to answer"
    assert draft._offer.isHidden()
    texts = [label.text() for label in draft._abstention.findChildren(type(draft.title))]
    assert "Nothing in the knowledge answers this." in texts
    assert "What the customer expects to happen next" in texts
    side.pane.accept()
    assert side.used == []
    assert "not enough" in side.actions.reason("draft.accept")
    buttons = [button.text() for button in draft._abstention.findChildren(QAbstractButton)]
    assert buttons == ["Escalate", "Write it yourself"]


async def test_dismissing_records_the_reason_and_folds_the_draft_away(side: Side) -> None:
    await side.open()
    side.pane.dismiss("wrong")
    await until(lambda: side.dismissed)
    assert side.workspace.calls.of("dismiss") == [("suggestion-1", "wrong")]
    assert side.pane.draft._offer.isHidden()
    assert "wrong" in side.pane.draft._decided.text()


async def test_a_decision_taken_back_offers_the_draft_again(side: Side) -> None:
    await side.open()
    side.pane.dismiss("wrong")
    await until(lambda: side.dismissed)
    side.workspace.verdicts.clear()
    side.workspace.change(MAYA, unread=False)
    await until(lambda: not side.pane.draft._offer.isHidden())


async def test_a_decision_of_yesterday_is_known(side: Side) -> None:
    side.workspace.verdicts[side.workspace.briefs[MAYA].suggestion.id] = DecisionKind.EDITED
    await side.open()
    assert side.pane.draft._decided.text() == "Sent with changes."


async def test_lines_of_the_summary_lead_to_their_message(side: Side) -> None:
    await side.open()
    rows = side.pane.summary.rows()
    assert [row.line.part.value for row in rows if row.line] == [
        "request",
        "tried",
        "state",
        "open_question",
        "promise",
    ]
    QTest.keyClick(rows[1], Qt.Key.Key_Return)
    citation = side.cited[-1]
    assert citation is not None
    assert (citation.kind, citation.message, citation.ticket) == (SourceKind.MESSAGE, "1-3", MAYA)
    assert "overdue" in rows[4].accessibleName()
    assert "Rep" in rows[4].accessibleName()


async def test_a_line_of_the_summary_says_who_said_it(side: Side) -> None:
    brief = side.workspace.briefs[MAYA]
    named = replace(brief.summary[0], name="Maya <b>Lind</b>")
    side.workspace.briefs[MAYA] = replace(brief, summary=(named, replace(brief.summary[1], name="")))
    await side.open()
    first, second = side.pane.summary.rows()
    assert first._who.text() == "Maya <b>Lind</b>"
    assert "Maya <b>Lind</b>, Requester" in first.accessibleName()
    assert second._who.text() == ROLE_WORDS[brief.summary[1].role]


async def test_mood_and_urgency_are_words_with_reasons(side: Side) -> None:
    await side.open()
    mood = side.pane.mood
    assert mood.mood.pill.text() == "Angry −0.72"
    assert "“third time”" in mood.mood.why.text()
    assert mood.urgency.pill.text() == "Now"
    assert mood.urgency.why.text() == "Answer due soon; Threatens a chargeback"
    assert not mood.intent.isVisibleTo(mood)


async def test_an_intent_is_named_with_its_confidence_and_words(side: Side, workspace: FakeWorkspace) -> None:
    intent = Intent(name="refund", confidence=0.91, words=("charged twice",))
    workspace.briefs[MAYA] = replace(workspace.briefs[MAYA], intent=intent)
    await side.open()
    found = side.pane.mood.intent
    assert found.pill.text() == "refund"
    assert found.why.text() == "Sure, 91%. Read from “charged twice”"


async def test_a_correction_shows_in_the_brief_that_is_open(side: Side, workspace: FakeWorkspace) -> None:
    await side.open()
    brief = workspace.briefs[MAYA]
    urgency = Urgency(level=0, confidence=1.0)
    nothing = Intent(name=None, confidence=0.4, closest=(("refund", 0.4),))
    workspace.briefs[MAYA] = replace(brief, urgency=urgency, intent=nothing, corrected=(TriageKind.URGENCY,))
    workspace.events.publish(BriefReady(MAYA))
    mood = side.pane.mood
    await until(lambda: mood.urgency.why.text() == "Set by you")
    assert mood.urgency.pill.text() == "Can wait"
    assert mood.intent.why.text() == "None of your team's. Nearest: refund 40%"


async def test_the_course_of_the_mood_is_stepped_through_with_the_arrow_keys(side: Side) -> None:
    await side.open()
    course = side.pane.mood.findChildren(Sparkline)[0]
    assert course.accessibleName().startswith("Mood over 3 messages")
    QTest.keyClick(course, Qt.Key.Key_Left)
    citation = side.cited[-1]
    assert citation is not None
    assert citation.message == "1-9"
    QTest.keyClick(course, Qt.Key.Key_Left)
    assert course.message() == "1-4"


async def test_articles_show_their_passage_and_give_their_link(side: Side) -> None:
    await side.open()
    public, _, internal = side.pane.knowledge.rows
    QTest.keyClick(public.head, Qt.Key.Key_Space)
    assert public.is_open
    assert "Once a return is scanned" in public._passage.text()
    public.insert.click()
    assert side.inserted == ["[Release a blocked refund](https://help.alpenglow.example/refunds/blocked)"]
    assert not internal.insert.isEnabled()
    assert internal.insert.toolTip() == "Internal: customers cannot read it"
    assert "internal" in internal.head.accessibleName()
    assert "Good match" in internal.head.accessibleName()


async def test_similar_tickets_show_the_answer_that_solved_them(side: Side) -> None:
    await side.open()
    first, second = side.pane.similar.rows[:2]
    first.toggle()
    assert "bay 4" in first.answer()
    assert "no answer" in second.answer()
    asked: list[object] = []
    side.pane.ticket_asked.connect(asked.append)
    first.open_button.click()
    assert asked == [901]


async def test_warnings_stand_on_top(side: Side) -> None:
    side.workspace.briefs[MAYA] = replace(
        side.workspace.briefs[MAYA], warnings=("It gives orders to the copilot.",)
    )
    await side.open()
    assert side.pane._warning.text() == "It gives orders to the copilot."
    assert not side.pane._warning.isHidden()
    await side.open(OMAR)
    assert side.pane._warning.isHidden()


async def test_a_brief_that_fails_says_so_and_can_be_tried_again(side: Side) -> None:
    side.workspace.hidden_briefs.add(MAYA)
    side.pane.show_ticket(MAYA)
    await until(lambda: side.pane._stack.currentWidget() is side.pane._skeleton)
    side.workspace.events.publish(Failed("brief", "Another one failed.", "", OMAR))
    assert side.pane._stack.currentWidget() is side.pane._skeleton
    side.workspace.events.publish(
        Failed("brief", "This ticket could not be read ahead.", "Its thread is complete.", MAYA)
    )
    assert side.pane._error.title() == "This ticket could not be read ahead."
    side.pane._error.findChildren(QAbstractButton)[0].click()
    await until(lambda: side.pane.brief is not None)


async def test_a_store_error_is_shown_in_place(side: Side) -> None:
    side.workspace.fail_next("brief", StoreError("The store is damaged.", "Run the doctor."))
    side.pane.show_ticket(MAYA)
    await until(side.pane._error.isVisible)
    assert side.pane._error.advice() == "Run the doctor."


async def test_customer_text_is_never_html(side: Side) -> None:
    brief = side.workspace.briefs[MAYA]
    line = replace(brief.summary[0], text="<img src='file:///etc/x'><b>bold</b>")
    side.workspace.briefs[MAYA] = replace(brief, summary=(line,))
    await side.open()
    label = side.pane.summary.rows()[0]._text
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == line.text


async def test_every_control_has_a_name(side: Side) -> None:
    await side.open()
    for row in (*side.pane.knowledge.rows, *side.pane.similar.rows):
        row.toggle()
    nameless = [
        f"{type(widget).__name__} {widget.geometry()}"
        for widget in side.pane.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    ]
    assert nameless == []


async def test_nothing_needs_more_width_than_the_pane_has(side: Side) -> None:
    await side.open()
    side.pane.resize(320, 900)
    inside = side.pane._scroll.widget()
    assert inside is not None
    assert inside.minimumSizeHint().width() <= side.pane._scroll.viewport().width()


async def test_a_draft_that_was_sent_says_so(side: Side) -> None:
    await side.open()
    side.workspace.verdicts[side.workspace.briefs[MAYA].suggestion.id] = DecisionKind.ACCEPTED
    side.pane.look_again()
    await until(lambda: side.pane.draft._decided.text() == "Sent as it was.")
