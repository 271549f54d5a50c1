"""The state of the team's articles, on the demo desk's help centre."""

from __future__ import annotations

from copilot.domain import DecisionKind, Draft, Reply, SourceKind, View
from copilot.knowledge.conflicts import Conflict
from copilot.workspace import Workspace
from tests.workspace.conftest import newest


async def test_articles_tell_age_owner_and_last_use(workspace: Workspace) -> None:
    answer = await workspace.answers.add("Proxy", "Import the certificate.", approved_by="Ines Okafor")
    states = await workspace.upkeep.articles()
    assert {state.kind for state in states} == {
        SourceKind.ARTICLE,
        SourceKind.MACRO,
        SourceKind.INTERNAL_ANSWER,
    }
    own = next(state for state in states if state.kind is SourceKind.INTERNAL_ANSWER)
    assert (own.owner, own.updated, own.uses, own.last_used) == ("Ines Okafor", answer.approved, 0, None)
    assert {state.owner for state in states} == {"Ines Okafor", workspace.desks()[0].name}
    dated = [state.updated for state in states if state.updated is not None]
    assert dated == sorted(dated), "the oldest first"


async def test_a_use_is_a_reply_that_cites_the_article(workspace: Workspace) -> None:
    rows = (await workspace.queue(View.ALL, limit=100)).rows
    for row in rows:
        brief = await workspace.make_brief(row.id)
        content = brief.suggestion.content
        if isinstance(content, Draft) and any(
            s.citations and s.citations[0].article for s in content.sentences
        ):
            break
    else:
        raise AssertionError("no ticket of the demo desk has a draft made of an article")
    cited = {c.article for s in content.sentences for c in s.citations if c.article}
    await workspace.send(
        row.id,
        Reply(text=content.text),
        seen=await newest(workspace, row.id),
        suggestion=brief.suggestion.id,
    )
    assert await workspace.verdict(brief) is DecisionKind.ACCEPTED
    used = {state.article: state for state in await workspace.upkeep.articles() if state.uses}
    assert used.keys() == cited
    assert all(state.uses == 1 and state.last_used is not None for state in used.values())

    await workspace.undo()
    assert not [state for state in await workspace.upkeep.articles() if state.uses]


async def test_articles_that_say_the_same_or_the_contrary_are_listed(workspace: Workspace) -> None:
    text = (
        "Goods can be sent back within {} days after delivery, unopened and with the bill inside the parcel."
    )
    first = await workspace.answers.add("Sending goods back", text.format(30), approved_by="Ines")
    second = await workspace.answers.add("How to return goods", text.format(14), approved_by="Tom")
    heard: list[int] = []
    pairs = await workspace.upkeep.pairs(progress=lambda done, _: heard.append(done))
    ours = [
        pair for pair in pairs if {pair.one, pair.other} == {f"answers/{first.id}", f"answers/{second.id}"}
    ]
    assert ours[0].kind is Conflict.CONTRADICTION
    assert ours[0].evidence[0].difference.startswith("days: ")
    assert heard

    await workspace.answers.remove(second.id, removed_by="Ines")
    left = await workspace.upkeep.pairs()
    assert not [pair for pair in left if f"answers/{second.id}" in {pair.one, pair.other}]
