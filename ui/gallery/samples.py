"""Invented tickets for the gallery: an outdoor shop's, as plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from copilot.domain import (
    Abstention,
    ArticleHit,
    ArticleId,
    Attachment,
    Audience,
    BatchId,
    Brief,
    BriefId,
    Channel,
    Citation,
    DeskId,
    Draft,
    DraftSentence,
    Escalation,
    HiddenKind,
    HiddenPart,
    Message,
    MessageKind,
    MoodPoint,
    OutboxEntry,
    OutboxId,
    OutboxState,
    Person,
    QueueRow,
    RemoteId,
    Reply,
    Role,
    Sentiment,
    SimilarTicket,
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

NOW = datetime(2026, 6, 26, 14, 30, tzinfo=UTC)
DESK = DeskId("demo")
TICKET = TicketId(1)
MAYA = Person(remote_id=RemoteId("maya"), name="Maya Stone", email="maya@mail.example")
SAM = Person(remote_id=RemoteId("sam"), name="Sam Lee", email="sam@shop.example", role=Role.REP)
PRIYA = Person(remote_id=RemoteId("priya"), name="Priya Raman", email="priya@shop.example", role=Role.REP)
BIRDIE = Person(remote_id=RemoteId("birdie"), name="Birdie", role=Role.AI_AGENT)
ROBOT_REASON = "Asked for a person twice"


def ago(**parts: float) -> datetime:
    """A moment before the gallery's now."""
    return NOW - timedelta(**parts)


def message(who: Person, text: str, minutes: int, **more: object) -> Message:
    """A message of a thread."""
    made: dict[str, object] = {
        "remote_id": RemoteId(f"m{minutes}"), "author": who, "created": ago(minutes=minutes), "text": text,
        "clean": text,
    }  # fmt: skip
    return Message(**(made | more))  # type: ignore[arg-type]  # the fields above and those the caller names


ASKED = message(
    MAYA,
    "I returned the jacket two weeks ago (order 20418) and the refund is still not on my card.",
    190,
    attachments=(
        Attachment(
            remote_id=RemoteId("a1"), name="receipt.pdf", media_type="application/pdf", size_bytes=184_320
        ),
        Attachment(
            remote_id=RemoteId("a2"), name="parcel.jpg", media_type="image/jpeg", size_bytes=2_400_000
        ),
    ),
    hidden=(HiddenPart(kind=HiddenKind.QUOTE, text="On Tuesday Sam Lee wrote:\n> Thanks for the details."),),
)
THREAD = (
    ASKED,
    message(BIRDIE, "I am Birdie, the AI agent. This page explains how long a refund takes.", 188),
    message(SAM, "Thanks for the details, Maya. I will ask the warehouse and write by Thursday.", 150),
    message(PRIYA, "Warehouse: no scan for this parcel. They search bay 4.", 60, kind=MessageKind.NOTE),
    message(PRIYA, "We found it.", 55),
)


def outbox(state: OutboxState, problem: str = "") -> OutboxEntry:
    """A reply on its way."""
    newer = (message(MAYA, "Forget it, it is here.", 1),) if state is OutboxState.BLOCKED else ()
    return OutboxEntry(
        id=OutboxId(f"o-{state}"), batch=BatchId("b"), ticket=TICKET, desk=DESK, remote_id=RemoteId("1"),
        command=Reply(text="It is released today.", status=Status.SOLVED), key="k", created=NOW,
        release_at=NOW + timedelta(seconds=8), state=state, problem=problem, newer=newer,
    )  # fmt: skip


def ticket(*, escalated: bool = False, tags: tuple[str, ...] = ("refund", "return")) -> Ticket:
    """The ticket of the header."""
    return Ticket(
        id=TICKET, desk=DESK, remote_id=RemoteId("1"), subject="Refund still not on my card",
        status=Status.OPEN, channel=Channel.EMAIL, created=ago(days=2), updated=NOW, requester=MAYA, version="1",
        assignee=None if escalated else SAM, group="Support", tags=tags, thread_version=ThreadVersion("v1"),
        escalation=Escalation(by="Birdie", reason=ROBOT_REASON, confidence=0.38) if escalated else None,
    )  # fmt: skip


def row(number: int, who: str, subject: str, **more: object) -> QueueRow:
    """A row of the queue."""
    made: dict[str, object] = {
        "id": TicketId(number), "desk": DESK, "subject": subject, "requester": who,
        "preview": "This is the third time I have to ask. Please tell me the date.", "status": Status.OPEN,
        "channel": Channel.EMAIL, "last_activity": ago(minutes=3 * number * number),
        "last_role": Role.REQUESTER,
    }  # fmt: skip
    return QueueRow(**(made | more))  # type: ignore[arg-type]  # the fields above and those the caller names


ROWS = (
    row(1, "Maya Stone", "Refund still not on my card", unread=True, mood=-0.7, draft_ready=True,
        due=NOW + timedelta(minutes=14)),
    row(2, "Omar Haddad", "Charged twice for the Pro plan", unread=True, mood=-0.3, urgency=2,
        channel=Channel.CHAT, due=NOW - timedelta(minutes=20)),
    row(3, "Wei Zhang", "Tent pole broke on the first night and nobody answers the telephone", escalated=True,
        channel=Channel.WHATSAPP, mood=0.0, due=NOW + timedelta(minutes=75)),
    row(4, "Tom Reid", "Thank you!", mood=0.8, mine=True, last_role=Role.REP, has_unsent=True),
    row(5, "Zoë Novák", "Wrong size delivered", snoozed_until=NOW + timedelta(hours=3), urgency=3),
    row(6, "Grace Okafor", "Discount code rejected", status=Status.SOLVED, channel=Channel.SMS),
)  # fmt: skip


def citation(title: str, quote: str, kind: SourceKind = SourceKind.ARTICLE, **more: object) -> Citation:
    """What a sentence stands on."""
    made: dict[str, object] = {"kind": kind, "title": title, "quote": quote, "start": 0, "end": len(quote)}
    return Citation(**(made | more))  # type: ignore[arg-type]  # the fields above and those the caller names


_RELEASE = citation(
    "Release a blocked refund", "Once a return is scanned, the refund is released on the same day."
)
_TIMES = citation("How long a refund takes", "Cards take three to five working days")
SENTENCES = (
    DraftSentence(text="Hi Maya,", support=Support.COURTESY, separator="\n\n"),
    DraftSentence(text="Once the return is scanned, your refund is released on the same day.",
                  support=Support.SUPPORTED, citations=(_RELEASE,)),
    DraftSentence(text="Your bank shows it within five working days.", support=Support.SUPPORTED,
                  citations=(_TIMES,)),
    DraftSentence(text="I will write to you as soon as it is on its way.", support=Support.UNSUPPORTED,
                  separator="\n\n"),
    DraftSentence(text="Kind regards,\nSam", support=Support.COURTESY, separator=""),
)  # fmt: skip
HITS = (
    ArticleHit(article=ArticleId("a"), title="Release a blocked refund", kind=SourceKind.ARTICLE,
               audience=Audience.PUBLIC, score=0.94, passage=_RELEASE, url="https://help.example/refunds",
               reason="Same words: refund, return"),
    ArticleHit(article=ArticleId("b"), title="Goodwill after a late refund", kind=SourceKind.INTERNAL_ANSWER,
               audience=Audience.INTERNAL, score=0.6, passage=_TIMES),
)  # fmt: skip
SIMILAR = (
    SimilarTicket(
        ticket=TicketId(901), subject="Return arrived, no refund", status=Status.SOLVED, score=0.88
    ),
    SimilarTicket(ticket=TicketId(902), subject="Refund missing", status=Status.CLOSED, score=0.7),
)
SUMMARY = tuple(
    SummaryLine(part=part, text=text, message=RemoteId("m190"), role=role, due=due)
    for part, text, role, due in (
        (SummaryPart.REQUEST, "Wants the date on which the money is there.", Role.REQUESTER, None),
        (SummaryPart.TRIED, "The warehouse was asked to search bay 4.", Role.REP, None),
        (SummaryPart.OPEN_QUESTION, "On which date will it be there?", Role.REQUESTER, None),
        (SummaryPart.PROMISE, "Write to her about the warehouse", Role.REP, ago(days=1)),
    )
)


def suggestion(content: Draft | Abstention) -> Suggestion:
    """What is offered."""
    return Suggestion(
        id=SuggestionId("s"), ticket=TICKET, thread_version=ThreadVersion("v1"), made=NOW, content=content,
        reason="Two of three articles answer the question",
    )  # fmt: skip


def draft(confidence: float) -> Suggestion:
    """A draft so sure of itself."""
    return suggestion(Draft(sentences=SENTENCES, confidence=confidence, intent="Promise a date"))


ABSTENTION = suggestion(
    Abstention(reason="Nothing in the knowledge answers this.", missing=("The order number", "Which bank"))
)


def brief(score: float, urgency: int) -> Brief:
    """A brief of this mood and urgency."""
    course = tuple(
        MoodPoint(message=RemoteId(f"m{step}"), at=ago(hours=6 - step), score=score * step / 5)
        for step in range(6)
    )
    return Brief(
        id=BriefId("b"), ticket=TICKET, thread_version=ThreadVersion("v1"), made=NOW, summary=SUMMARY,
        sentiment=Sentiment(score=score, confidence=0.82, words=("third time", "dispute")), mood_course=course,
        urgency=Urgency(level=urgency, confidence=0.8, reasons=("Answer due soon",) if urgency else ()),
        articles=HITS, similar=SIMILAR, suggestion=draft(0.83),
    )  # fmt: skip
