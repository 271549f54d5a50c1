"""The settings in the window: found by words, changed at once, one page for desks and one for knowledge."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from copilot.domain import Audience, DeskId, SourceId
from copilot.errors import SourceError
from tests.ui.conftest import until
from tests.ui.fake_workspace import FakeWorkspace
from ui import aio
from ui.furnish import Furniture
from ui.settings.add_source import AddSourcePanel
from ui.settings.cards import ThingCard
from ui.settings.destinations import DestinationsPage
from ui.settings.general import GeneralPage
from ui.settings.keys import KeysPage
from ui.settings.panel import SettingsPanel
from ui.window import Window


@pytest.fixture
async def window(workspace: FakeWorkspace) -> AsyncIterator[Window]:
    made = Window()
    made.resize(1280, 900)
    made.show()
    furniture = Furniture(made, workspace)
    furniture.begin()
    yield made
    await furniture.put_away()
    made.rest()
    await aio.cancel_all()
    made.put_away()


def settings(window: Window, section: str = "general") -> SettingsPanel:
    window.actions_.trigger("window.settings")
    panel = window.overlay.panel
    assert isinstance(panel, SettingsPanel)
    panel.show_section(section)
    return panel


def cards(window: Window) -> list[ThingCard]:
    panel = cast("QWidget", window.overlay.panel)
    return [card for card in panel.findChildren(ThingCard) if card.isVisible()]


def button(place: QWidget, text: str) -> QPushButton:
    return next(one for one in place.findChildren(QPushButton) if one.text() == text and one.isVisible())


async def test_a_preference_holds_at_once_and_is_kept(window: Window, workspace: FakeWorkspace) -> None:
    page = settings(window).show_section("general")
    assert isinstance(page, GeneralPage)
    page.density.buttons["compact"].click()
    page.hold.line.selectAll()
    QTest.keyClicks(page.hold.line, "29")
    QTest.keyClick(page.hold.line, Qt.Key.Key_Up)
    await until(lambda: workspace.preferences.hold_seconds == 30)
    assert workspace.preferences.density == "compact"


async def test_a_setting_is_found_by_what_it_is_called(window: Window) -> None:
    panel = settings(window)
    QTest.keyClicks(panel.search, "undo")
    assert [line.title for line in panel.findChildren(GeneralPage)[0].shown()] == ["Undo period"]
    assert [key for key, one in panel.buttons.items() if one.isVisible()] == ["general"]
    panel.search.setText("notion")
    assert panel.buttons["knowledge"].isChecked()


async def test_arrow_keys_go_through_the_pages(window: Window) -> None:
    panel = settings(window)
    QTest.keyClick(panel.search, Qt.Key.Key_Down)
    assert panel.buttons["keys"].isChecked()
    QTest.keyClick(panel.search, Qt.Key.Key_Up)
    assert panel.buttons["general"].isChecked()


async def test_a_desk_is_let_go_by_pressing_twice(window: Window, workspace: FakeWorkspace) -> None:
    settings(window, "desks")
    await until(lambda: cards(window))
    button(cards(window)[0], "Disconnect").click()
    assert workspace.calls.of("remove") == []
    button(cards(window)[0], "Really disconnect?").click()
    await until(lambda: workspace.calls.of("remove"))
    assert workspace.calls.of("remove") == [(DeskId("demo"),)]


async def test_a_folder_becomes_a_source_and_is_read(window: Window, workspace: FakeWorkspace) -> None:
    panel = settings(window, "knowledge")
    button(panel, "Add a source").click()
    adding = window.overlay.panel
    assert isinstance(adding, AddSourcePanel)
    QTest.keyClicks(adding.choices.field, "folder")
    QTest.keyClick(adding.choices.field, Qt.Key.Key_Return)
    filling = adding.filling
    assert filling is not None
    assert not filling.keep.isEnabled()
    QTest.keyClicks(filling.form.lines["path"], "/srv/handbook")
    QTest.keyClick(filling.form.lines["path"], Qt.Key.Key_Return)
    await until(lambda: workspace.calls.of("refresh_knowledge"))
    source = workspace.knowledge[SourceId("kb-0")]
    assert (source.name, source.audience) == ("handbook", Audience.INTERNAL)
    await until(lambda: [card for card in cards(window) if "3 articles" in card.accessibleName()])


async def test_a_source_that_cannot_be_added_says_why(window: Window, workspace: FakeWorkspace) -> None:
    workspace.fail_next("add_source", SourceError("There is no such folder.", "Check its name."))
    panel = settings(window, "knowledge")
    button(panel, "Add a source").click()
    adding = window.overlay.panel
    assert isinstance(adding, AddSourcePanel)
    QTest.keyClicks(adding.choices.field, "folder")
    QTest.keyClick(adding.choices.field, Qt.Key.Key_Return)
    filling = adding.filling
    assert filling is not None
    filling.form.lines["path"].setText("/nowhere")
    filling.keep.click()
    await until(lambda: filling.outcome.text() == "There is no such folder. Check its name.")


async def test_a_key_is_changed_by_pressing_it(window: Window, workspace: FakeWorkspace) -> None:
    page = settings(window).show_section("keys")
    assert isinstance(page, KeysPage)
    line = page.rows["ticket.escalate"]
    line.recorder.click()
    QTest.keyClick(line.recorder, Qt.Key.Key_F8)
    await until(lambda: window.actions_.key("ticket.escalate") == "F8")
    assert workspace.preferences.own_keys == {"ticket.escalate": ("F8",)}
    page.reset.click()
    await until(lambda: window.actions_.key("ticket.escalate") == "x")


async def test_a_key_somebody_has_is_taken_by_pressing_it_twice(window: Window) -> None:
    page = settings(window).show_section("keys")
    assert isinstance(page, KeysPage)
    line = page.rows["ticket.escalate"]
    line.recorder.click()
    QTest.keyClick(line.recorder, Qt.Key.Key_F5)
    assert line.recorder.text() == "F5 is Sync now: press it again to take it"
    QTest.keyClick(line.recorder, Qt.Key.Key_F5)
    await until(lambda: window.actions_.key("ticket.escalate") == "F5")
    assert window.actions_.key("window.sync") == ""


async def test_a_preset_holds_at_once(window: Window) -> None:
    page = settings(window).show_section("keys")
    assert isinstance(page, KeysPage)
    page.preset.buttons["gmail"].click()
    await until(lambda: window.actions_.key("ticket.solve") == "e")


async def test_a_destination_is_added_tried_and_refused_when_unsafe(
    window: Window, workspace: FakeWorkspace
) -> None:
    page = settings(window).show_section("destinations")
    assert isinstance(page, DestinationsPage)
    page.form.lines["name"].setText("Engineering")
    page.form.lines["url"].setText("http://somewhere")
    page.add.click()
    await until(lambda: "without encryption" in page.outcome.text())
    page.form.lines["url"].setText("slack://secret")
    page.add.click()
    await until(lambda: "can be chosen when you escalate" in page.outcome.text())
    assert page.form.lines["url"].text() == ""
    button(page, "Test").click()
    await until(lambda: [card for card in cards(window) if card.state() == "It took the message"])
