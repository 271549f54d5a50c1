"""What the editor offers: macros with what the ticket says in them, snippets, and the preview."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain import Capabilities, Channel, ReplyLimits, SavedReply, SourceKind, TicketId
from copilot.errors import UserError
from copilot.workspace import Workspace
from copilot.workspace.composing import filled, values_of


async def test_a_desks_macros_are_offered_and_articles_found_by_parts_of_their_title(
    workspace: Workspace,
) -> None:
    macros = await workspace.composing.macros()
    assert macros
    assert {macro.kind for macro in macros} == {SourceKind.MACRO}
    newest = await workspace.composing.articles("")
    assert newest
    assert SourceKind.MACRO not in {article.kind for article in newest}
    wanted = newest[0]
    part = wanted.title.split()[0][:4]
    found = await workspace.composing.articles(part)
    assert wanted.id in {article.id for article in found}
    assert all(part.casefold() in article.title.casefold() for article in found)
    assert not await workspace.composing.articles("%")


async def test_variables_are_filled_from_the_ticket(workspace: Workspace, ticket: TicketId) -> None:
    conversation = await workspace.conversation(ticket)
    found = await workspace.composing.fill(
        ticket, "{requester.name} {{ticket.id}} {order.number} {order.number}"
    )
    name, number = conversation.ticket.requester.name, conversation.ticket.remote_id
    assert found.text == f"{name} {number} {{order.number}} {{order.number}}"
    assert found.blank == ("{order.number}",)


async def test_a_name_that_is_an_address_counts_as_unknown(workspace: Workspace, ticket: TicketId) -> None:
    from dataclasses import replace

    conversation = await workspace.conversation(ticket)
    nameless = replace(conversation.ticket.requester, name="maya@example.org")
    without = replace(conversation, ticket=replace(conversation.ticket, requester=nameless))
    values = values_of(without, None, datetime(2026, 11, 3, 12, tzinfo=UTC))
    assert filled("Hi {requester.first_name}, {rep.name}", values).blank == (
        "{requester.first_name}",
        "{rep.name}",
    )
    assert values["date"] == "3 November 2026"


@given(st.text(), st.dictionaries(st.sampled_from(["requester.name", "date"]), st.text(min_size=1)))
def test_text_without_braces_is_never_touched(text: str, values: dict[str, str]) -> None:
    plain = text.replace("{", "")
    assert filled(plain, values).text == plain


async def test_snippets_are_kept_over_a_restart(workspace: Workspace) -> None:
    await workspace.composing.keep_snippet(" sign  off ", "Best, {rep.name}")
    folder = workspace.folder
    await workspace.aclose()
    again = await Workspace.open(folder)
    assert again.composing.snippets == {"sign off": "Best, {rep.name}"}
    await again.composing.forget_snippet("sign off")
    assert not again.composing.snippets
    with pytest.raises(UserError):
        await again.composing.keep_snippet(" ", "text")
    await again.aclose()


async def test_the_preview_is_what_the_channel_carries(
    workspace: Workspace, ticket: TicketId, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_markup = await workspace.composing.as_sent(ticket, "**Hello** <script>")
    assert "<strong>Hello</strong>" in with_markup.html
    assert "<script>" not in with_markup.html
    channel = (await workspace.conversation(ticket)).ticket.channel
    without = Capabilities(channels={channel: ReplyLimits(characters=160, markup=False, attachments=False)})
    monkeypatch.setattr("copilot.desks.demo.desk.DemoDesk.capabilities", without)
    plain = await workspace.composing.as_sent(ticket, "**Hello** [page](https://example.org)")
    assert plain.text == "Hello page (https://example.org)"
    assert plain.html == ""
    assert plain.limits.characters == 160
    assert channel in Channel


async def test_earlier_versions_of_a_reply(workspace: Workspace, ticket: TicketId) -> None:
    await workspace.save_reply(SavedReply(ticket=ticket, text="A long text that took a while to write"))
    await workspace.save_reply(SavedReply(ticket=ticket, text=""))
    versions = await workspace.composing.versions(ticket, note=False)
    assert [version.text for version in versions] == ["A long text that took a while to write"]
    assert not await workspace.composing.versions(ticket, note=True)
