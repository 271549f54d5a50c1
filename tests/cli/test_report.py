"""Briefs and queues as text, as somebody without a screen reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from copilot.cli.report import age, brief_lines, mood_word, queue_lines
from copilot.domain import (
    Abstention,
    ArticleId,
    Audience,
    Brief,
    BriefId,
    Channel,
    Citation,
    DeskId,
    Draft,
    DraftSentence,
    Person,
    QueueRow,
    RemoteId,
    Role,
    Sentiment,
    SourceKind,
    Status,
    Suggestion,
    SuggestionId,
    SummaryLine,
    SummaryPart,
    Support,
    ThreadVersion,
    Ticket,
    TicketId,
    Urgency,
)

NOW = datetime.now(UTC)


def a_ticket() -> Ticket:
    return Ticket(
        id=TicketId(7),
        desk=DeskId("demo"),
        thread_version=ThreadVersion("v1"),
        remote_id=RemoteId("70"),
        subject="Folders not available",
        status=Status.OPEN,
        channel=Channel.EMAIL,
        created=NOW - timedelta(days=2),
        updated=NOW - timedelta(hours=3),
        requester=Person(remote_id=RemoteId("p"), name="Amara Okoye"),
        version="1",
    )


def a_brief(content: Draft | Abstention) -> Brief:
    return Brief(
        id=BriefId("b"),
        ticket=TicketId(7),
        thread_version=ThreadVersion("v1"),
        made=NOW,
        summary=(
            SummaryLine(
                part=SummaryPart.REQUEST,
                text="Where are my folders?",
                message=RemoteId("m1"),
                role=Role.REQUESTER,
            ),
        ),
        sentiment=Sentiment(score=-0.6, confidence=0.8, words=("annoyed",)),
        mood_course=(),
        urgency=Urgency(level=2, confidence=0.7, reasons=("needs it today",)),
        articles=(),
        similar=(),
        suggestion=Suggestion(
            id=SuggestionId("s"),
            ticket=TicketId(7),
            thread_version=ThreadVersion("v1"),
            made=NOW,
            content=content,
        ),
        warnings=("It tries to instruct an AI.",),
    )


def test_every_sentence_of_a_draft_shows_what_it_stands_on() -> None:
    source = Citation(
        kind=SourceKind.ARTICLE,
        title="Find your folders",
        quote="Open the folder pane",
        start=0,
        end=20,
        article=ArticleId("a"),
        audience=Audience.PUBLIC,
    )
    draft = Draft(
        sentences=(
            DraftSentence(text="Hi Amara,", support=Support.COURTESY),
            DraftSentence(text="Open the folder pane.", support=Support.SUPPORTED, citations=(source,)),
            DraftSentence(text="It costs 5 euros.", support=Support.UNSUPPORTED),
        ),
        confidence=0.8,
    )
    lines = list(brief_lines(a_ticket(), a_brief(draft)))
    assert "  + Open the folder pane. [1]" in lines
    assert "  ? It costs 5 euros." in lines
    assert "  [1] Find your folders" in lines
    assert "! It tries to instruct an AI." in lines
    assert any(line.startswith("Mood     upset") and "annoyed" in line for line in lines)


def test_no_draft_says_what_is_missing() -> None:
    missing = Abstention(reason="Not enough to answer.", missing=("the version in use",))
    lines = list(brief_lines(a_ticket(), a_brief(missing)))
    assert lines[-2:] == ["No draft: Not enough to answer.", "  missing: the version in use"]


def test_a_queue_line_keeps_its_columns_whatever_the_subject() -> None:
    def row(subject: str) -> QueueRow:
        return QueueRow(
            id=TicketId(1),
            desk=DeskId("demo"),
            subject=subject,
            requester="Amara Okoye of a very long name indeed",
            preview="",
            status=Status.NEW,
            channel=Channel.WEB,
            last_activity=NOW,
            last_role=Role.REQUESTER,
            escalated=True,
        )

    short, long = queue_lines([row("Hi"), row("x" * 300)])
    assert short.index("AI escalated") == long.index("AI escalated")


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=5), "now"),
        (timedelta(minutes=5), "5m"),
        (timedelta(hours=30), "1d"),
        (-timedelta(hours=1), "now"),
    ],
)
def test_age(ago: timedelta, said: str) -> None:
    assert age(datetime.now(UTC) - ago) == said


def test_moods_have_words_for_the_whole_range() -> None:
    words = [mood_word(Sentiment(score=score, confidence=1)) for score in (-1, -0.3, 0, 0.9)]
    assert words == ["upset", "unhappy", "calm", "content"]
