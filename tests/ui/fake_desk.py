"""Twelve invented tickets of an invented outdoor shop, with their threads and briefs, for tests of the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from copilot.domain import (
    Abstention,
    Article,
    ArticleHit,
    ArticleId,
    Attachment,
    Audience,
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
    Person,
    RemoteId,
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

DESK = DeskId("demo")
ME = Person(remote_id=RemoteId("rep-me"), name="Sam Lee", email="sam.lee@alpenglow.example", role=Role.REP)
PRIYA = Person(
    remote_id=RemoteId("rep-1"), name="Priya Raman", email="priya@alpenglow.example", role=Role.REP
)
TOMAS = Person(
    remote_id=RemoteId("rep-2"), name="Tomás Herrera", email="tomas@alpenglow.example", role=Role.REP
)
BIRDIE = Person(remote_id=RemoteId("ai"), name="Birdie (AI agent)", role=Role.AI_AGENT)

ARTICLES: dict[str, Article] = {
    article.id: article
    for article in (
        Article(
            id=ArticleId("release-refund"),
            title="Release a blocked refund",
            summary="What to check when a return arrived and the money did not.",
            text="A refund is blocked when the warehouse has not scanned the return.\n\n"
            "Once a return is scanned, the refund is released on the same day. "
            "The customer's bank shows the money within three to five working days.\n\n"
            "If the parcel arrived and no scan exists after five days, ask the warehouse to search bay 4.",
            kind=SourceKind.ARTICLE,
            url="https://help.alpenglow.example/refunds/blocked",
        ),
        Article(
            id=ArticleId("refund-times"),
            title="How long a refund takes, by bank",
            summary="Times we have seen per payment method.",
            text="Cards take three to five working days, PayPal takes one day, bank transfers two.",
            kind=SourceKind.ARTICLE,
            url="https://help.alpenglow.example/refunds/times",
        ),
        Article(
            id=ArticleId("goodwill"),
            title="Goodwill after a late refund",
            summary="Internal: what a rep may offer without asking.",
            text="When a refund is more than ten days late, a rep may offer a voucher of up to 15 euros.",
            kind=SourceKind.INTERNAL_ANSWER,
            audience=Audience.INTERNAL,
        ),
    )
}


def article_citation(article: str, quote: str) -> Citation:
    """A citation of a passage that stands in an article."""
    source = ARTICLES[article]
    start = source.text.index(quote)
    return Citation(
        kind=source.kind,
        title=source.title,
        quote=quote,
        start=start,
        end=start + len(quote),
        article=source.id,
        url=source.url,
        audience=source.audience,
    )


def message_citation(ticket: TicketId, message: Message, quote: str) -> Citation:
    """A citation of what stands in a message."""
    start = message.clean.index(quote)
    return Citation(
        kind=SourceKind.MESSAGE,
        title=message.author.name,
        quote=quote,
        start=start,
        end=start + len(quote),
        ticket=ticket,
        message=message.remote_id,
    )


@dataclass(frozen=True)
class Case:
    """A ticket, its thread, and how the copilot reads it."""

    ticket: Ticket
    messages: tuple[Message, ...]
    score: float
    urgency: int
    request: str
    draft: bool = True


def _requester(number: int, name: str) -> Person:
    mail = name.lower().replace(" ", ".").encode("ascii", "ignore").decode()
    return Person(remote_id=RemoteId(f"cust-{number}"), name=name, email=f"{mail}@mail.example")


def _says(ticket: int, number: int, who: Person, when: datetime, text: str, **more: object) -> Message:
    message = Message(
        remote_id=RemoteId(f"{ticket}-{number}"), author=who, created=when, text=text, clean=text
    )
    return replace(message, **more)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One ticket of the list below, in short."""

    who: str
    subject: str
    text: str
    minutes: int
    channel: Channel = Channel.EMAIL
    assignee: Person | None = None
    score: float = 0.0
    urgency: int = 0
    status: Status = Status.OPEN
    due_minutes: int | None = None
    unread: bool = False
    escalated: bool = False
    draft: bool = True
    tags: tuple[str, ...] = ()


LINES: tuple[Line, ...] = (
    Line(who="Maya Stone", subject="Refund still not on my card",
         text="This is the third time I have to ask. Please tell me the date the money will be there, "
              "otherwise I will dispute the charge with my bank.",
         minutes=2, assignee=ME, score=-0.72, urgency=3, due_minutes=14, unread=True, tags=("refund", "return")),
    Line(who="Omar Haddad", subject="Charged twice for the Pro plan",
         text="There are two lines on my statement, both from Tuesday, both 48.00. Only one is mine.",
         minutes=6, assignee=ME, score=-0.45, urgency=2, due_minutes=32, unread=True, channel=Channel.CHAT),
    Line(who="Inês Costa", subject="How do I add a second seat?",
         text="We have a new colleague starting on Monday. Where do I add her, and does it cost extra?",
         minutes=11, assignee=ME, score=0.1, urgency=1, channel=Channel.WEB),
    Line(who="Wei Zhang", subject="Tent pole broke on the first night",
         text="Your assistant keeps sending me to the same page. I need a person. We leave again on Friday.",
         minutes=18, score=-0.6, urgency=2, due_minutes=75, unread=True, escalated=True, channel=Channel.WHATSAPP),
    Line(who="Tom Reid", subject="Thank you!", text="That fixed it, you are the best. You can close this one.",
         minutes=25, assignee=ME, score=0.85, channel=Channel.EMAIL, draft=False),
    Line(who="Zoë Novák", subject="Wrong size delivered",
         text="I ordered M and got XL, although the label on the bag says M. Can you send the right one first?",
         minutes=41, assignee=ME, score=-0.2, urgency=1, due_minutes=240),
    Line(who="Raj Patel", subject="Change of billing address",
         text="Please use the new address from March on. The old one is still on the last two invoices.",
         minutes=63, assignee=ME, channel=Channel.WEB),
    Line(who="Ada Bergström", subject="Login code never arrives",
         text="I tried e-mail and SMS, nothing for an hour. I cannot see my order.",
         minutes=75, score=-0.5, urgency=2, due_minutes=150, unread=True, channel=Channel.SMS),
    Line(who="Linus Meyer", subject="Warranty for the headlamp",
         text="The left side is dark after the update. I bought it in January.", minutes=130, channel=Channel.PHONE),
    Line(who="Grace Okafor", subject="Discount code rejected",
         text="The code SPRING20 says it has expired, your mail says it is good until Sunday.",
         minutes=190, score=-0.3, urgency=1, unread=True),
    Line(who="Yuki Tanaka", subject="Is the jacket waterproof enough for Iceland?",
         text="It says 10,000 mm. We will be out for six days in October.", minutes=300, assignee=PRIYA, score=0.2,
         status=Status.PENDING, channel=Channel.SOCIAL),
    Line(who="Fatima El Idrissi", subject="Invoice needs our VAT number",
         text="Could you issue it again with the number below? Our accounts close on the 30th.",
         minutes=1500, assignee=ME, status=Status.PENDING, draft=False),
)  # fmt: skip


def cases(now: datetime) -> list[Case]:
    """The tickets as they stand at `now`."""
    return [_case(number, line, now) for number, line in enumerate(LINES, start=1)]


def _case(number: int, line: Line, now: datetime) -> Case:
    who = _requester(number, line.who)
    messages = _thread(number, line, who, now)
    ticket = Ticket(
        id=TicketId(number),
        desk=DESK,
        remote_id=RemoteId(str(20400 + number)),
        subject=line.subject,
        status=line.status,
        channel=line.channel,
        created=messages[0].created,
        updated=messages[-1].created,
        requester=who,
        version="1",
        assignee=line.assignee,
        group="Support",
        tags=line.tags,
        escalation=_escalation(now) if line.escalated else None,
        due=now + timedelta(minutes=line.due_minutes) if line.due_minutes is not None else None,
        url=f"https://desk.alpenglow.example/tickets/{20400 + number}",
        thread_version=ThreadVersion(f"{number}-v1"),
        message_count=len(messages),
        unread=line.unread,
    )
    return Case(ticket, messages, line.score, line.urgency, line.text, line.draft)


def _escalation(now: datetime) -> Escalation:
    return Escalation(
        by=BIRDIE.name,
        reason="The customer asked for a person twice",
        confidence=0.38,
        at=now - timedelta(minutes=17),
    )


def _thread(number: int, line: Line, who: Person, now: datetime) -> tuple[Message, ...]:
    last = _says(number, 9, who, now - timedelta(minutes=line.minutes), line.text)
    if number == 1:
        return (*_maya(who, now), last)
    if line.escalated:
        return (*_with_robot(number, who, now), last)
    return (last,)


def _maya(who: Person, now: datetime) -> tuple[Message, ...]:
    first = "Hi, I returned the jacket two weeks ago (order 20418) and the refund is still not on my card. "
    picture = Attachment(
        remote_id=RemoteId("att-1"),
        name="return-receipt.pdf",
        media_type="application/pdf",
        size_bytes=184_320,
    )
    quoted = HiddenPart(
        kind=HiddenKind.QUOTE, text="On Tuesday Sam Lee wrote:\n> Thanks for the details, Maya."
    )
    return (
        _says(1, 1, who, now - timedelta(days=2, minutes=31), first + "The tracking says you received it on the 9th.",
              attachments=(picture,)),
        _says(1, 2, ME, now - timedelta(days=2, minutes=23),
              "Thanks for the details, Maya. I can see that the parcel arrived on the 9th. "
              "I will check with the warehouse and write to you by Thursday."),
        _says(1, 3, PRIYA, now - timedelta(days=1, minutes=50),
              "Warehouse: no scan for this parcel. They are searching bay 4 now.", kind=MessageKind.NOTE),
        _says(1, 4, who, now - timedelta(hours=3), "Thursday has passed. What did the warehouse say?",
              hidden=(quoted,)),
    )  # fmt: skip


def _with_robot(number: int, who: Person, now: datetime) -> tuple[Message, ...]:
    return (
        _says(number, 1, who, now - timedelta(minutes=24), "The main pole of the Ridge 2 broke on the first night."),
        _says(number, 2, BIRDIE, now - timedelta(minutes=23),
              "I am Birdie, the AI agent of Alpenglow. I am sorry about the pole. "
              "This page explains how to order spare parts. Did that help?"),
        _says(number, 3, who, now - timedelta(minutes=21), "I do not want to order one, it is two weeks old."),
    )  # fmt: skip


def brief_of(case: Case, now: datetime) -> Brief:
    """The brief of a ticket, made by hand as the embedded engine would."""
    ticket, last = case.ticket, case.messages[-1]
    return Brief(
        id=BriefId(f"brief-{ticket.id}"),
        ticket=ticket.id,
        thread_version=ticket.thread_version,
        made=now,
        summary=_summary(case, now),
        sentiment=Sentiment(score=case.score, confidence=0.82, words=_words(case.score)),
        mood_course=_course(case),
        urgency=Urgency(level=case.urgency, confidence=0.8, reasons=_reasons(case)),
        articles=_articles() if case.draft else _articles()[:1],
        similar=_similar(),
        suggestion=_suggestion(case, last, now),
        language="en",
    )


def _summary(case: Case, now: datetime) -> tuple[SummaryLine, ...]:
    first, last = case.messages[0], case.messages[-1]
    lines = [
        SummaryLine(part=SummaryPart.REQUEST, text=case.request, message=last.remote_id, role=Role.REQUESTER)
    ]
    if case.ticket.id == 1:
        reply, note = case.messages[1], case.messages[2]
        lines += [
            SummaryLine(part=SummaryPart.TRIED, text="The warehouse was asked to search bay 4.",
                        message=note.remote_id, role=Role.REP),
            SummaryLine(part=SummaryPart.STATE, text="The parcel arrived on the 9th and was never scanned.",
                        message=first.remote_id, role=Role.REQUESTER),
            SummaryLine(part=SummaryPart.OPEN_QUESTION, text="On which date will the money be there?",
                        message=last.remote_id, role=Role.REQUESTER),
            SummaryLine(part=SummaryPart.PROMISE, text="Write to her about the warehouse",
                        message=reply.remote_id, role=Role.REP, due=now - timedelta(days=1)),
        ]  # fmt: skip
    return tuple(lines)


def _words(score: float) -> tuple[str, ...]:
    if score < -0.5:
        return ("third time", "dispute the charge")
    return ("thank", "best") if score > 0.5 else ()


def _reasons(case: Case) -> tuple[str, ...]:
    reasons = ("Answer due soon",) if case.ticket.due else ()
    return (*reasons, "Threatens a chargeback") if case.urgency == 3 else reasons


def _course(case: Case) -> tuple[MoodPoint, ...]:
    theirs = [message for message in case.messages if message.author.role is Role.REQUESTER]
    step = case.score / max(len(theirs), 1)
    return tuple(
        MoodPoint(message=message.remote_id, at=message.created, score=step * (number + 1))
        for number, message in enumerate(theirs)
    )


def _articles() -> tuple[ArticleHit, ...]:
    passages = {
        "release-refund": "Once a return is scanned, the refund is released on the same day.",
        "refund-times": "Cards take three to five working days",
        "goodwill": "a rep may offer a voucher of up to 15 euros",
    }
    return tuple(
        ArticleHit(
            article=ARTICLES[name].id,
            title=ARTICLES[name].title,
            kind=ARTICLES[name].kind,
            audience=ARTICLES[name].audience,
            score=score,
            passage=article_citation(name, passages[name]),
            url=ARTICLES[name].url,
            reason="Same words: refund, return, days",
        )
        for name, score in zip(passages, (0.94, 0.81, 0.67), strict=True)
    )


def _similar() -> tuple[SimilarTicket, ...]:
    answer = "We found your parcel in bay 4 and released the refund today."
    return (
        SimilarTicket(
            ticket=TicketId(901),
            subject="Return arrived, no refund",
            status=Status.SOLVED,
            score=0.88,
            answer=Citation(
                kind=SourceKind.TICKET, title="Return arrived, no refund", quote=answer, start=0, end=len(answer),
                ticket=TicketId(901), message=RemoteId("901-4"),
            ),
        ),
        SimilarTicket(ticket=TicketId(902), subject="Refund missing after three weeks", status=Status.CLOSED,
                      score=0.7),
    )  # fmt: skip


def _suggestion(case: Case, last: Message, now: datetime) -> Suggestion:
    content: Draft | Abstention
    if case.draft:
        content = Draft(sentences=_sentences(case, last), confidence=0.83, intent="Promise a date")
    else:
        content = Abstention(
            reason="Nothing in the knowledge answers this.",
            missing=("What the customer expects to happen next",),
        )
    return Suggestion(
        id=SuggestionId(f"suggestion-{case.ticket.id}"),
        ticket=case.ticket.id,
        thread_version=case.ticket.thread_version,
        made=now,
        content=content,
        reason="Two of three articles answer the question",
    )


def _sentences(case: Case, last: Message) -> tuple[DraftSentence, ...]:
    name = case.ticket.requester.name.split()[0]
    quote = " ".join(last.clean.split()[:6])
    return (
        DraftSentence(text=f"Hi {name},", support=Support.COURTESY, separator="\n\n"),
        DraftSentence(text="I am sorry that you had to ask again.", support=Support.SUPPORTED,
                      citations=(message_citation(case.ticket.id, last, quote),)),
        DraftSentence(text="Once the return is scanned, your refund is released on the same day.",
                      support=Support.SUPPORTED,
                      citations=(article_citation(
                          "release-refund", "Once a return is scanned, the refund is released on the same day."),)),
        DraftSentence(text="Your bank shows it within three to five working days.", support=Support.SUPPORTED,
                      citations=(article_citation("refund-times", "Cards take three to five working days"),)),
        DraftSentence(text="I will write to you as soon as it is on its way.", support=Support.UNSUPPORTED,
                      separator="\n\n"),
        DraftSentence(text="Kind regards,\nSam", support=Support.COURTESY, separator=""),
    )  # fmt: skip


def long_thread(ticket: Ticket, messages: int, now: datetime) -> tuple[Message, ...]:
    """A thread of many messages, the two sides in turn, for what must stay fast."""
    sides: Sequence[Person] = (ticket.requester, ME)
    words = "The quick answer is that nothing has changed since the last message, and we are still looking. "
    return tuple(
        _says(ticket.id, 1000 + n, sides[n % 2], now - timedelta(minutes=messages - n), words * (1 + n % 5))
        for n in range(messages)
    )
