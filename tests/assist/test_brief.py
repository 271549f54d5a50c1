from __future__ import annotations

from datetime import timedelta

from copilot.assist.brief import make_brief
from copilot.domain import (
    Abstention,
    Brief,
    Citation,
    Conversation,
    Draft,
    RemoteId,
    SourceKind,
    Support,
    View,
)
from copilot.store import Store
from tests.threads import DEMO, NINE

NOW = NINE + timedelta(days=3)


async def brief_of(store: Store, remote_id: str) -> tuple[Conversation, Brief]:
    ticket = await store.tickets.find(DEMO, RemoteId(remote_id))
    assert ticket is not None
    talk = await store.tickets.conversation(ticket)
    return talk, await make_brief(talk, store, now=NOW)


async def source_text(store: Store, citation: Citation) -> str:
    if citation.article is not None:
        return (await store.knowledge.article(citation.article)).text
    assert citation.ticket is not None
    talk = await store.tickets.conversation(citation.ticket)
    return next(m.clean for m in talk.messages if m.remote_id == citation.message)


async def test_every_brief_of_the_demo_desk_keeps_its_word(demo: Store) -> None:
    drafts = abstentions = 0
    for row in (await demo.tickets.page(View.ALL, limit=70)).rows:
        talk = await demo.tickets.conversation(row.id)
        brief = await make_brief(talk, demo, now=NOW)
        assert brief.thread_version == talk.ticket.thread_version
        assert len(brief.articles) <= 3
        assert all(0 <= hit.score <= 1 for hit in brief.articles)
        assert all(one.ticket != row.id for one in brief.similar)
        cited = [hit.passage for hit in brief.articles]
        content = brief.suggestion.content
        if isinstance(content, Draft):
            drafts += 1
            cited += [citation for sentence in content.sentences for citation in sentence.citations]
            for sentence in content.sentences:
                assert sentence.support in {Support.SUPPORTED, Support.COURTESY}
                assert sentence.citations or sentence.support is Support.COURTESY
        else:
            abstentions += 1
            assert content.reason
        for citation in cited:
            text = await source_text(demo, citation)
            assert text[citation.start : citation.end] == citation.quote != ""
    assert drafts >= 4
    assert abstentions > drafts


async def test_the_hostile_ticket_is_warned_of_and_left_to_a_person(demo: Store) -> None:
    _, brief = await brief_of(demo, "demo-injection")
    assert isinstance(brief.suggestion.content, Abstention)
    assert any("addressed to an AI" in warning for warning in brief.warnings)
    assert not any("gnore previous" in line.text or "refund" in line.text for line in brief.summary)
    assert not any("urgent" in reason for reason in brief.urgency.reasons)


async def test_the_angry_customer_is_seen(demo: Store) -> None:
    _, brief = await brief_of(demo, "1576565")
    assert brief.sentiment.score < -0.3
    assert brief.mood_course[-1].score < 0
    assert any("Angry customer" in reason for reason in brief.urgency.reasons)


async def test_a_question_that_an_article_answers_gets_it(demo: Store) -> None:
    _, brief = await brief_of(demo, "1475740")
    content = brief.suggestion.content
    assert isinstance(content, Draft)
    assert "Organize your messages with filters" in content.text
    assert brief.articles[0].kind is SourceKind.ARTICLE


async def test_another_language_is_named(demo: Store) -> None:
    _, brief = await brief_of(demo, "1534316")
    assert brief.language == "ja"
    assert isinstance(brief.suggestion.content, Abstention)
