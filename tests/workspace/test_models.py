"""The sub-door to language models: settings and keys, the policy file, simulation, and what was sent."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from copilot.config.model_settings import PrivacySettings, ProviderSettings, SpendingSettings
from copilot.config.settings import load_settings
from copilot.domain import View
from copilot.errors import NoModelError, SettingsError
from copilot.events import Event, Failed
from copilot.models.base import ModelClass, Task, TicketFacts
from copilot.models.facts import read_facts
from copilot.models.policy import default_policy
from copilot.workspace import Workspace
from copilot.workspace.policy import FILE_NAME
from tests.models.conftest import GOOD, Sketch, asking, provider
from tests.models.fault_server import fault_server, refuses, says

STRICT = 'version = 1\n[[rule]]\nreason = "all stays here"\nuse = "local"\nleaves = "nothing"\n'


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys live in memory: a test touches no keyring of the machine."""
    monkeypatch.setattr("copilot.config.secrets._read", lambda _key: None)
    monkeypatch.setattr("copilot.config.secrets._write", lambda _key, _value: None)


def hosted(url: str = "https://models.example/v1", *, name: str = "hosted") -> ProviderSettings:
    kept = provider(url, name=name, model_class="cheap")
    return kept.model_copy(update={"needs_key": True})


async def test_without_a_model_there_is_no_writing(workspace: Workspace) -> None:
    assert workspace.models.writing is None
    assert workspace.models.models() == ()


async def test_presets_name_every_provider_of_the_plan(workspace: Workspace) -> None:
    names = {preset.id for preset in await workspace.models.presets()}
    assert names == {
        *("openai", "anthropic", "google", "deepseek", "moonshot", "zai", "alibaba", "minimax", "xiaomi"),
        *("openrouter", "ollama", "llamacpp", "vllm", "lmstudio", "compatible"),
    }


async def test_a_provider_is_kept_its_key_is_not_in_the_file(workspace: Workspace) -> None:
    events: list[Event] = []
    workspace.events.subscribe(events.append)
    first = await workspace.models.add(hosted(), "sk-secret")
    second = await workspace.models.add(hosted(), "sk-other")
    assert (first, second) == ("hosted", "hosted-2")
    text = (workspace.folder / "settings.toml").read_text(encoding="utf-8")
    assert "sk-secret" not in text
    assert [one.id for one in load_settings(workspace.folder).models] == ["hosted", "hosted-2"]
    warnings = [event for event in events if isinstance(event, Failed)]
    assert "SIDEDESK_HOSTED_KEY" in warnings[0].advice
    (info, _) = workspace.models.models()
    assert (info.id, info.model_class, info.leaves_building) == ("hosted/small", ModelClass.CHEAP, True)


async def test_a_provider_is_changed_and_removed(workspace: Workspace) -> None:
    name = await workspace.models.add(hosted())
    await workspace.models.change(hosted(name=name).model_copy(update={"name": "Ours"}))
    assert workspace.models.providers()[0].name == "Ours"
    with pytest.raises(KeyError):
        await workspace.models.change(hosted(name="unknown"))
    await workspace.models.remove(name)
    assert load_settings(workspace.folder).models == ()


async def test_a_public_address_does_not_count_as_local(workspace: Workspace) -> None:
    with pytest.raises(SettingsError, match="not an address in the building"):
        await workspace.models.add(provider("https://models.example/v1"))


async def test_a_request_is_written_down_for_its_ticket(workspace: Workspace) -> None:
    page = await workspace.queue(View.ALL, limit=1)
    ticket = page.rows[0].id
    facts = await asyncio.to_thread(read_facts, await workspace.conversation(ticket))
    async with fault_server(says(GOOD)) as server:
        await workspace.models.add(hosted(server.url), "sk-1")
        writing = workspace.models.writing
        assert writing is not None
        written = await writing.write(asking(), facts, Sketch)
        assert server.requests[0].headers["authorization"] == "Bearer sk-1"
    (call,) = await workspace.models.calls(ticket)
    assert call.id == written.call
    assert "My router is dead." in call.request.sent
    spent = await workspace.models.spending()
    assert [one.model for one in spent.models] == ["small"]
    assert [one.ticket for one in spent.tickets] == [ticket]


@pytest.mark.parametrize(
    ("key", "fine", "words"), [("sk-1", True, "answered; what it reads leaves"), ("", False, "no key")]
)
async def test_a_trial_says_what_is_wrong(workspace: Workspace, key: str, fine: bool, words: str) -> None:
    async with fault_server(says('{"word": "ready"}')) as server:
        trial = await workspace.models.test(hosted(server.url), "small", key)
    assert trial.fine is fine
    assert words in trial.finding


async def test_a_trial_of_a_refused_key_or_unknown_model(workspace: Workspace) -> None:
    async with fault_server(refuses("401 Unauthorized")) as server:
        trial = await workspace.models.test(hosted(server.url), "small", "sk-wrong")
        assert "does not accept the key" in trial.finding
        trial = await workspace.models.test(hosted(server.url), "large", "sk-wrong")
        assert "no model named large" in trial.finding


async def test_a_trial_of_an_answer_without_form_names_the_setting(workspace: Workspace) -> None:
    async with fault_server(says("ready!")) as server:
        trial = await workspace.models.test(hosted(server.url), "small", "sk-1")
    assert not trial.fine
    assert "form of answer" in trial.advice


async def test_air_gapped_a_trial_opens_nothing(workspace: Workspace) -> None:
    await workspace.models.set_privacy(PrivacySettings(air_gapped=True))
    trial = await workspace.models.test(hosted("https://api.openai.com/v1"), "small", "sk-1")
    assert "air-gapped" in trial.finding
    assert load_settings(workspace.folder).privacy.air_gapped


async def test_a_policy_is_checked_written_and_in_force(workspace: Workspace) -> None:
    models = workspace.models
    assert await models.policy.text() == default_policy()
    assert (await models.check_policy("version = "))[0].line == 1
    with pytest.raises(SettingsError, match="Line 1"):
        await models.policy.write("version = ")
    assert not (workspace.folder / FILE_NAME).exists()
    await models.add(hosted(), "sk-1")
    await models.policy.write(STRICT)
    writing = models.writing
    assert writing is not None
    with pytest.raises(NoModelError, match="no model of the class local is connected"):
        await writing.write(asking(), TicketFacts(), Sketch)
    await models.policy.restore_default()
    assert await models.policy.text() == default_policy()


async def test_a_policy_spoilt_by_hand_lets_nothing_out(workspace: Workspace) -> None:
    async with fault_server(says(GOOD)) as server:
        await workspace.models.add(hosted(server.url), "sk-1")
        (workspace.folder / FILE_NAME).write_text("version = 1\n[[rule]]\nuse = ", encoding="utf-8")
        writing = workspace.models.writing
        assert writing is not None
        with pytest.raises(NoModelError, match="Line 3 of the policy"):
            await writing.write(asking(), TicketFacts(), Sketch)
        assert await writing.context_tokens(Task.DRAFT, TicketFacts()) == 0
        assert server.requests == []
    with pytest.raises(SettingsError):
        await workspace.models.simulate()


async def test_what_would_leave_can_be_read_before(workspace: Workspace) -> None:
    await workspace.models.add(hosted())
    preview = await workspace.models.preview(asking("I am at amara@nestbox.example"), TicketFacts(), Sketch)
    assert (preview.model, preview.leaves_building, preview.rule) == ("hosted/small", True, "routine")
    assert "I am at [mail 1]" in preview.text
    assert preview.hidden == {"mail": 1}


async def test_what_a_draft_would_send_can_be_read_before(workspace: Workspace) -> None:
    page = await workspace.queue(View.ALL, limit=1)
    talk = await workspace.conversation(page.rows[0].id)
    roomy = hosted().models[0].model_copy(update={"context_tokens": 100_000})
    await workspace.models.add(hosted().model_copy(update={"models": (roomy,)}))
    preview = await workspace.models.preview(*await workspace.writing.draft_request(talk.ticket.id))
    assert talk.ticket.requester.name not in preview.text
    assert preview.text.count(" begin: ") >= len(talk.messages)
    assert await workspace.models.calls(talk.ticket.id) == ()


async def test_a_simulation_reads_past_tickets_and_asks_nobody(workspace: Workspace) -> None:
    models = workspace.models
    priced = hosted().models[0].model_copy(update={"price_in": Decimal(1), "price_out": Decimal(2)})
    await models.add(hosted().model_copy(update={"models": (priced,)}))
    table = await models.simulate(limit=30)
    assert table.tickets == 30
    assert sum(row.requests for row in table.rows) == 60
    assert table.cost > 0
    strict = await models.simulate(STRICT, limit=30)
    assert {row.model for row in strict.rows} == {"embedded"}
    assert strict.cost == 0


async def test_budgets_are_kept(workspace: Workspace) -> None:
    limits = SpendingSettings(day=Decimal("2.50"), ticket=Decimal("0.05"))
    await workspace.models.set_spending_limits(limits)
    assert load_settings(workspace.folder).spending == limits
    assert workspace.models.spending_limits == limits


async def test_settings_by_hand_are_read(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(
        'version = 1\n[[models]]\nid = "ours"\nname = "Ours"\nurl = "http://gpu-box:8000/v1"\n'
        'needs_key = false\nmodels = [{ name = "qwen", model_class = "local", price_in = "0.1" }]\n'
        '[spending]\nday = "5"\n[privacy]\nregions = ["DE"]\n',
        encoding="utf-8",
    )
    settings = load_settings(tmp_path)
    assert settings.models[0].models[0].price_in == Decimal("0.1")
    assert settings.spending.day == Decimal(5)
    assert settings.privacy.regions == ("DE",)
