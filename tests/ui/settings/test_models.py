"""Models and their policy on the settings pages, over a real workspace that nobody has filled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from copilot.workspace import Workspace
from tests.ui.conftest import until
from ui import aio
from ui.furnish import Furniture
from ui.settings.add_model import AddModelPanel
from ui.settings.cards import ThingCard
from ui.settings.models import ModelsPage
from ui.settings.panel import SettingsPanel
from ui.settings.policy import PolicyPage
from ui.window import Window


@pytest.fixture
async def workspace(tmp_path: Path) -> AsyncIterator[Workspace]:
    opened = await Workspace.open(tmp_path)
    yield opened
    await opened.aclose()


@pytest.fixture
async def window(workspace: Workspace) -> AsyncIterator[Window]:
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


def page(window: Window, section: str) -> QWidget:
    window.actions_.trigger("window.settings")
    return cast("SettingsPanel", window.overlay.panel).show_section(section)


async def connect(window: Window, name: str, key: str = "") -> None:
    cast("ModelsPage", page(window, "models")).add.click()
    panel = cast("AddModelPanel", window.overlay.panel)
    await until(panel.choices.model.rowCount)
    QTest.keyClicks(panel.choices.field, name)
    QTest.keyClick(panel.choices.field, Qt.Key.Key_Return)
    assert panel.form is not None
    panel.form.form.lines["key"].setText(key)
    panel.form.models.setPlainText("small cheap\nbig frontier" if key else "mine local")
    panel.form.keep.click()
    await until(lambda: isinstance(window.overlay.panel, SettingsPanel))


async def test_a_hosted_model_is_connected_with_its_key(window: Window, workspace: Workspace) -> None:
    await connect(window, "openai", "sk-nothing")
    assert [model.model_class.value for model in workspace.models.models()] == ["cheap", "frontier"]
    card = cast("QWidget", window.overlay.panel).findChildren(ThingCard)[0]
    assert card.accessibleName() == "OpenAI, https://api.openai.com/v1, Leaves the building"


async def test_a_model_in_the_building_needs_no_key_and_a_test_says_that_nobody_listens(
    window: Window, workspace: Workspace
) -> None:
    cast("ModelsPage", page(window, "models")).add.click()
    panel = cast("AddModelPanel", window.overlay.panel)
    await until(panel.choices.model.rowCount)
    QTest.keyClicks(panel.choices.field, "llama.cpp")
    QTest.keyClick(panel.choices.field, Qt.Key.Key_Return)
    form = panel.form
    assert form is not None
    form.form.lines["url"].setText("http://127.0.0.1:9/v1")
    form.models.setPlainText("anything local")
    form.test.click()
    await until(lambda: form.outcome.text().startswith("anything: "))
    assert workspace.models.providers() == ()


async def test_a_line_that_is_no_model_is_named(window: Window) -> None:
    cast("ModelsPage", page(window, "models")).add.click()
    panel = cast("AddModelPanel", window.overlay.panel)
    await until(panel.choices.model.rowCount)
    panel.fill_in(panel.choices.model.choice(0).value)  # type: ignore[arg-type]
    form = panel.form
    assert form is not None
    form.form.lines["key"].setText("sk-nothing")
    form.models.setPlainText("good cheap\nno class at all")
    form.keep.click()
    await until(lambda: form.outcome.text().startswith("Line 2 is not a model"))


async def test_a_policy_is_checked_while_one_types_and_holds_when_switched_on(
    window: Window, workspace: Workspace
) -> None:
    policy = page(window, "policy")
    assert isinstance(policy, PolicyPage)
    await until(lambda: policy.problems.text() == "This policy is in force.")
    before = policy.editor.toPlainText()
    policy.editor.setPlainText(before + '\n[[rule]]\nuse = "nonsense"\n')
    await until(lambda: policy.problems.text().startswith("Line "))
    assert not policy.apply.isEnabled()
    policy.editor.setPlainText(before.replace("urgency_at_least = 3", "urgency_at_least = 2"))
    await until(lambda: "can be switched on" in policy.problems.text())
    policy.apply.click()
    await until(lambda: policy.problems.text() == "This policy is in force.")
    assert "urgency_at_least = 2" in await workspace.models.policy.text()
    policy.restore.click()
    await until(lambda: "urgency_at_least = 3" in policy.editor.toPlainText())


async def test_a_policy_is_tried_on_past_tickets_before(window: Window, workspace: Workspace) -> None:
    await connect(window, "openai", "sk-nothing")
    await workspace.sync_once()
    policy = page(window, "policy")
    assert isinstance(policy, PolicyPage)
    await until(policy.simulate.isEnabled)
    policy.simulate.click()
    await until(policy.table.rowCount)
    assert policy.total.text().startswith("The newest 200 tickets would cost ")


async def test_budgets_and_the_air_gap_are_kept(window: Window, workspace: Workspace) -> None:
    policy = page(window, "policy")
    assert isinstance(policy, PolicyPage)
    policy.amounts["day"].line.setText("2,50")
    policy.amounts["day"].line.editingFinished.emit()
    policy.gap.buttons["yes"].click()
    await until(lambda: workspace.models.privacy.air_gapped)
    assert workspace.models.spending_limits.day == Decimal("2.50")
