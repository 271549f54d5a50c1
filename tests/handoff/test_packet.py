from __future__ import annotations

from datetime import UTC, datetime

from copilot.domain import (
    Abstention,
    ArticleHit,
    ArticleId,
    Audience,
    Brief,
    BriefId,
    Citation,
    RemoteId,
    Role,
    Sentiment,
    SourceKind,
    Suggestion,
    SuggestionId,
    SummaryLine,
    SummaryPart,
    Urgency,
)
from copilot.handoff.packet import make_packet
from tests.threads import NINE, conversation

TALK = conversation(
    ("requester", "My folders vanished in 128.3 on Windows 11. I restarted it."),
    ("ai", "Please click View > Folders."),
    ("requester", "Same error. This is ridiculous!"),
    url="https://desk.example/T1",
)


def line(
    part: SummaryPart, text: str, role: Role = Role.REQUESTER, due: datetime | None = None
) -> SummaryLine:
    return SummaryLine(part=part, text=text, message=RemoteId("m0"), role=role, due=due)


def brief(*lines: SummaryLine) -> Brief:
    passage = Citation(
        kind=SourceKind.ARTICLE, title="Folders", quote="x", start=0, end=1, article=ArticleId("f")
    )
    hit = ArticleHit(
        article=ArticleId("f"), title="Find [lost] folders", kind=SourceKind.ARTICLE, audience=Audience.INTERNAL,
        score=0.4, passage=passage, url="https://help.example/f",
    )  # fmt: skip
    suggestion = Suggestion(
        id=SuggestionId("s"), ticket=TALK.ticket.id, thread_version=TALK.ticket.thread_version, made=NINE,
        content=Abstention(reason="none"),
    )  # fmt: skip
    return Brief(
        id=BriefId("b"), ticket=TALK.ticket.id, thread_version=TALK.ticket.thread_version, made=NINE, summary=lines,
        sentiment=Sentiment(score=-0.6, confidence=0.6, words=("ridiculous",)), mood_course=(),
        urgency=Urgency(level=2, confidence=0.6, reasons=("Fears data is lost",)), articles=(hit,), similar=(),
        suggestion=suggestion,
    )  # fmt: skip


def test_the_note_holds_all_that_the_next_person_needs() -> None:
    packet = make_packet(
        TALK,
        brief(
            line(SummaryPart.REQUEST, "My folders vanished."),
            line(SummaryPart.TRIED, "Please click View > Folders.", Role.AI_AGENT),
            line(SummaryPart.STATE, "Same error."),
            line(SummaryPart.OPEN_QUESTION, "Where are they?"),
            line(SummaryPart.PROMISE, "I will look.", Role.REP, datetime(2026, 6, 26, 23, 59, tzinfo=UTC)),
        ),
        "Needs somebody who knows profiles ",
    )
    assert packet.text == (
        "**Handoff:** Needs somebody who knows profiles\n\n"
        "**Wanted**\n- My folders vanished.\n\n"
        "**Where it stands**\n- Same error. (requester)\n\n"
        "**Open questions**\n- Where are they? (requester)\n\n"
        "**Promised**\n- I will look. (rep) — due Friday, 26 June 2026\n\n"
        "**Tried already**\n- Please click View > Folders. (AI agent)\n\n"
        "**Do not ask again**\n- Version: 128.3\n- System: Windows 11\n\n"
        "**Mood and urgency**\n- Mood: angry or very unhappy (“ridiculous”)\n- Urgency: today\n- Fears data is lost\n\n"
        "**Articles and links**\n- https://desk.example/T1\n- [Find (lost) folders](https://help.example/f) (internal)"
    )
    assert packet.do_not_ask == ("Version: 128.3", "System: Windows 11")
    assert packet.tried == ("Please click View > Folders. (AI agent)",)
    assert packet.links[0] == "https://desk.example/T1"


def test_what_is_not_known_is_left_out() -> None:
    packet = make_packet(TALK, brief(), "")
    assert packet.text.startswith("**Handoff**\n\n**Do not ask again**")
    assert packet.tried == ()


def test_a_customers_words_cannot_shape_the_note() -> None:
    packet = make_packet(TALK, brief(line(SummaryPart.REQUEST, "# Big\n\n- **Wanted** nothing")), "why")
    assert "**Wanted**\n- Big - **Wanted** nothing\n\n" in packet.text
