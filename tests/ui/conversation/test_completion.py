"""`/` macros, `#` articles, `@` people, `:` emoji: offered while one types, taken by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from copilot.domain import Audience
from tests.ui.conftest import until
from tests.ui.conversation.conftest import Desk
from tests.ui.fake_desk import ARTICLES
from ui.conversation.emoji_names import emoji_named
from ui.conversation.triggers import Mark, Trigger, find_trigger


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ("/", Trigger(Mark.MACRO, 0, "")),
        ("Hi /ref", Trigger(Mark.MACRO, 3, "ref")),
        ("/refund on its", Trigger(Mark.MACRO, 0, "refund on its")),
        ("see #", Trigger(Mark.ARTICLE, 4, "")),
        ("(@Pri", Trigger(Mark.PERSON, 1, "Pri")),
        ("great :smi", Trigger(Mark.EMOJI, 6, "smi")),
        ("and/or", None),
        ("https://example.org/a", None),
        ("me@example.org", None),
        ("at 10:30", None),
        ("3 / 4", None),
        ("note: it", None),
        (":-", None),
        ("😀 /re", Trigger(Mark.MACRO, 2, "re")),
    ],
)
def test_where_something_is_asked_for(before: str, found: Trigger | None) -> None:
    assert find_trigger(before) == found


@given(st.text())
def test_a_trigger_is_always_at_the_end_of_what_was_typed(before: str) -> None:
    found = find_trigger(before)
    if found is not None:
        assert before[found.start :] == found.mark + found.typed


async def offered(desk: Desk, text: str) -> list[str]:
    completion = desk.pane.offers.completion
    desk.pane.focus_editor()
    desk.type(text)
    await until(lambda: completion.is_open)
    return [completion.model.choice(row).title for row in range(completion.model.rowCount())]


async def test_a_macro_is_found_filled_and_undone_as_one_step(desk: Desk) -> None:
    await desk.open()
    desk.type("Hello. ")
    titles = await offered(desk, "/order")
    assert titles[0] == "Ask for the order number"
    desk.press(desk.pane.composer.editor, Qt.Key.Key_Return)
    await until(lambda: "Maya, what is the number" in desk.text)
    assert desk.text.startswith("Hello. Hi Maya")
    assert desk.pane.composer.editor.hasFocus()
    desk.pane.composer.editor.undo()
    assert desk.text == "Hello. /order"


async def test_what_the_ticket_does_not_say_is_marked_and_holds_the_reply(desk: Desk) -> None:
    await desk.open()
    await offered(desk, "/refundway")
    desk.press(desk.pane.composer.editor, Qt.Key.Key_Tab)
    await until(lambda: "{order.number}" in desk.text)
    assert desk.pane.composer.editor.textCursor().selectedText() == "{order.number}"
    assert desk.pane.composer.why_not() == "{order.number} is not filled in"
    assert "{order.number}" in desk.pane.notices.caution.text()
    desk.type("4711")
    assert desk.pane.composer.why_not() == ""


async def test_own_snippets_come_first(desk: Desk) -> None:
    desk.workspace.composes.own = {"sign off": "Best, {rep.name}"}
    await desk.open()
    assert (await offered(desk, "/"))[0] == "sign off"


async def test_escape_closes_the_list_and_the_next_word_opens_it_again(desk: Desk) -> None:
    await desk.open()
    await offered(desk, "/or")
    assert desk.pane.close_notice()
    assert not desk.pane.offers.completion.is_open
    desk.type("d")
    await desk.pane.settled()
    assert not desk.pane.offers.completion.is_open
    assert desk.text == "/ord"
    assert await offered(desk, " /or")


async def test_arrows_choose_and_enter_without_a_list_is_a_line(desk: Desk) -> None:
    await desk.open()
    titles = await offered(desk, "/")
    editor = desk.pane.composer.editor
    desk.press(editor, Qt.Key.Key_Down)
    assert desk.pane.offers.completion.view.currentIndex().row() == 1 % len(titles)
    desk.press(editor, Qt.Key.Key_Escape)
    desk.press(editor, Qt.Key.Key_Return)
    assert desk.text == "/\n"


async def test_citing_an_internal_article_warns(desk: Desk) -> None:
    internal = next(article for article in ARTICLES.values() if article.audience is Audience.INTERNAL)
    await desk.open()
    titles = await offered(desk, f"#{internal.title.split()[0]}")
    assert internal.title in titles
    completion = desk.pane.offers.completion
    completion.view.setCurrentIndex(completion.model.index(titles.index(internal.title), 0))
    desk.press(desk.pane.composer.editor, Qt.Key.Key_Return)
    assert internal.title in desk.text
    assert "internal" in desk.pane.notices.caution.text()


async def test_people_are_offered_in_notes_alone(desk: Desk) -> None:
    await desk.open()
    desk.pane.note()
    titles = await offered(desk, "ask @Pri")
    assert titles[0].startswith("Priya")
    desk.press(desk.pane.composer.editor, Qt.Key.Key_Return)
    assert desk.text == f"ask @{titles[0]} "
    desk.pane.reply()
    desk.pane.composer.editor.clear()
    desk.type("@Pri")
    await desk.pane.settled()
    assert not desk.pane.offers.completion.is_open


async def test_emoji_by_name(desk: Desk) -> None:
    await desk.open()
    await offered(desk, "Thanks :tada")
    desk.press(desk.pane.composer.editor, Qt.Key.Key_Return)
    assert desk.text == "Thanks 🎉"
    assert emoji_named("smile")[0][0] == "smile"


async def test_another_ticket_closes_the_list(desk: Desk, new_desk: Callable[[], Desk]) -> None:
    await desk.open()
    await offered(desk, "/")
    desk.pane.show_ticket(None)
    await until(lambda: not desk.pane.offers.completion.is_open)
