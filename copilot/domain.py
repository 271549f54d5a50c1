"""The nouns of Sidedesk, as frozen dataclasses. Imports nothing of ours.

Times are timezone-aware UTC. Texts that come from a desk are untrusted data, never instructions and never trusted HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType

DeskId = NewType("DeskId", str)
"""One connected desk in this workspace, e.g. ``demo`` or ``rt-support``."""
TicketId = NewType("TicketId", int)
"""A ticket in the local store; (desk, remote id) is its global name."""
RemoteId = NewType("RemoteId", str)
"""Whatever the desk calls a ticket, message, person, group or attachment."""
ArticleId = NewType("ArticleId", str)
ThreadVersion = NewType("ThreadVersion", str)
"""Changes whenever the messages of a thread change; briefs and drafts belong to one."""
BriefId = NewType("BriefId", str)
SuggestionId = NewType("SuggestionId", str)
RunId = NewType("RunId", str)
"""One time that a model was asked for something, from the key to the last word."""
DecisionId = NewType("DecisionId", str)
SourceId = NewType("SourceId", str)
"""A place the team's knowledge comes from, e.g. ``handbook``."""
AnswerId = NewType("AnswerId", str)
"""An internal answer through all its versions."""
OutboxId = NewType("OutboxId", str)
CorrectionId = NewType("CorrectionId", str)
DestinationId = NewType("DestinationId", str)
"""A place outside the desk that escalations can go to, e.g. ``second-line``."""
DispatchId = NewType("DispatchId", str)
"""An escalation on its way to a destination."""
BatchId = NewType("BatchId", str)
"""Groups outbox entries that one decision made (an escalation: a note and an assignment); undone together."""


class Role(StrEnum):
    """Who speaks in a thread."""

    REQUESTER = "requester"
    REP = "rep"
    AI_AGENT = "ai_agent"
    SYSTEM = "system"


class Status(StrEnum):
    """Where a ticket stands, in the words most desks share."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    HOLD = "hold"
    SOLVED = "solved"
    CLOSED = "closed"

    @property
    def is_done(self) -> bool:
        """Whether nobody is expected to act."""
        return self in {Status.SOLVED, Status.CLOSED}


class Priority(StrEnum):
    """The desk's own priority field."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Channel(StrEnum):
    """The way the requester's words reached the desk."""

    EMAIL = "email"
    WEB = "web"
    CHAT = "chat"
    PHONE = "phone"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    SLACK = "slack"
    DISCORD = "discord"
    SOCIAL = "social"
    FORUM = "forum"
    OTHER = "other"


class View(StrEnum):
    """The fixed views of the queue."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    ESCALATED = "escalated"
    AT_RISK = "at_risk"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    ALL = "all"


class MessageKind(StrEnum):
    """Public messages reach the requester; notes stay with the team."""

    PUBLIC = "public"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A requester, a rep or an AI agent, as the desk names them."""

    remote_id: RemoteId
    name: str
    email: str = ""
    role: Role = Role.REQUESTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A team or queue of the desk that a ticket can be given to."""

    remote_id: RemoteId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a message; its bytes are fetched when somebody asks for them."""

    remote_id: RemoteId
    name: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One public reply or internal note, as the desk holds it.

    `text` and `html` are what arrived, either may be empty; `clean` is what the person wrote this time, without quoted
    history, signature and disclaimer, and `hidden` is what was taken off, in order, kept for viewing.
    """

    remote_id: RemoteId
    author: Person
    created: datetime
    kind: MessageKind = MessageKind.PUBLIC
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    clean: str = ""
    hidden: tuple[HiddenPart, ...] = ()
    language: str = ""


class HiddenKind(StrEnum):
    """What was taken off a raw mail."""

    QUOTE = "quote"
    SIGNATURE = "signature"
    DISCLAIMER = "disclaimer"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenPart:
    """A part of a raw message that is not shown at first."""

    kind: HiddenKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Why an AI agent (or a rep) handed the ticket on."""

    by: str
    reason: str
    confidence: float | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What the requester thought of the help (CSAT): `score` in [0, 1], 1 is best, and their words."""

    score: float
    comment: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSnapshot:
    """What a desk says of a ticket at one moment, without its messages.

    `version` is the desk's own stamp for safe updates (ETag, updated_at …): opaque, compared for equality only.
    `reply_until` is when the channel stops taking replies (WhatsApp: 24 hours after the requester's last message).
    """

    remote_id: RemoteId
    subject: str
    status: Status
    channel: Channel
    created: datetime
    updated: datetime
    requester: Person
    version: str
    assignee: Person | None = None
    group: str = ""
    priority: Priority | None = None
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    escalation: Escalation | None = None
    due: datetime | None = None
    url: str = ""
    deleted: bool = False
    accepted_solution: RemoteId | None = None
    rating: Rating | None = None
    reply_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket(TicketSnapshot):
    """A ticket in the local store: the desk's snapshot (with our own unsent changes laid over it) and local facts."""

    id: TicketId
    desk: DeskId
    thread_version: ThreadVersion
    message_count: int = 0
    unread: bool = False
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """All messages of a ticket, oldest first, with the desk's snapshot they belong to."""

    snapshot: TicketSnapshot
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """What the queue paints for one ticket."""

    id: TicketId
    desk: DeskId
    subject: str
    requester: str
    preview: str
    status: Status
    channel: Channel
    last_activity: datetime
    last_role: Role
    assignee: str = ""
    mine: bool = False
    unread: bool = False
    escalated: bool = False
    mood: float | None = None
    urgency: int | None = None
    due: datetime | None = None
    snoozed_until: datetime | None = None
    draft_ready: bool = False
    has_unsent: bool = False


class Attention(StrEnum):
    """Why a rep is told of a ticket while they look elsewhere."""

    ASSIGNED = "assigned"
    REPLIED = "replied"
    BREACHING = "breaching"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTicket:
    """One of a customer's tickets, as their history shows it."""

    id: TicketId
    desk: DeskId
    subject: str
    status: Status
    channel: Channel
    created: datetime
    rating: Rating | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A requester over all desks: their newest tickets first; `total` and `waiting` (not done) count all of them.

    `since` is when their first ticket was opened.
    """

    person: Person
    tickets: tuple[PastTicket, ...]
    total: int
    waiting: int
    since: datetime | None = None


PageKey = NewType("PageKey", str)
"""Where the next page of a view begins; opaque."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """One page of a view or a search; `next` is None on the last page."""

    rows: tuple[QueueRow, ...]
    next: PageKey | None = None


class Audience(StrEnum):
    """Who may read a piece of knowledge."""

    PUBLIC = "public"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A piece of the team's knowledge: a help-centre article, a macro or an internal answer. `text` is Markdown."""

    id: ArticleId
    title: str
    text: str
    summary: str = ""
    url: str = ""
    audience: Audience = Audience.PUBLIC
    kind: SourceKind
    updated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InternalAnswer:
    """A short, direct answer of the team's own (Markdown), as it was approved last.

    `title` is the question it answers, `ticket` the one it was written from.
    """

    id: AnswerId
    title: str
    text: str
    approved_by: str
    approved: datetime
    ticket: TicketId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedAnswer:
    """An internal answer begun from a reply that a person gave, to be edited and approved.

    `message` of `ticket` is where it came from. `removed` counts the personal data taken out, by kind; in its place
    stand placeholders like `[name 1]`. Names and addresses are found by cues alone, so it is still to be read for them.
    """

    title: str
    text: str
    ticket: TicketId
    message: RemoteId
    removed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFailure:
    """A document of a knowledge source that could not be read, and why, in words."""

    document: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """A place the team's knowledge comes from, for the screen.

    `read` is when it was last read to its end, `problem` why it could not be, `failures` what of it is not in the index
    as it now stands there.
    """

    id: SourceId
    name: str
    kind: str
    audience: Audience
    articles: int = 0
    read: datetime | None = None
    problem: str = ""
    failures: tuple[SourceFailure, ...] = ()


class SourceKind(StrEnum):
    """Where a cited span stands."""

    ARTICLE = "article"
    INTERNAL_ANSWER = "internal_answer"
    MACRO = "macro"
    TICKET = "ticket"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The span that supports a sentence: `quote` is source text [start, end).

    Exactly one of `article`, or `ticket` with `message`, names the source. The text counted in is `Article.text`, or
    `Message.clean`.
    """

    kind: SourceKind
    title: str
    quote: str
    start: int
    end: int
    article: ArticleId | None = None
    ticket: TicketId | None = None
    message: RemoteId | None = None
    url: str = ""
    audience: Audience = Audience.PUBLIC


class SummaryPart(StrEnum):
    """The fixed parts of a summary, in their order. SAID is what else either side told that matters."""

    REQUEST = "request"
    TRIED = "tried"
    SAID = "said"
    STATE = "state"
    OPEN_QUESTION = "open_question"
    PROMISE = "promise"
    MOOD = "mood"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryLine:
    """One line of a summary and the message it was taken from.

    `due` is the absolute date of a promise, `name` who said it, where that is known.
    """

    part: SummaryPart
    text: str
    message: RemoteId
    role: Role
    due: datetime | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentiment:
    """The requester's mood: `score` in [-1, 1], `confidence` in [0, 1], `words` caused it.

    `shift` is how much of the score was learned from the team's corrections.
    """

    score: float
    confidence: float
    words: tuple[str, ...] = ()
    shift: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodPoint:
    """One requester message on the course of the mood."""

    message: RemoteId
    at: datetime
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """How soon somebody must act: `level` 0 (can wait) to 3 (now), with the reasons in words.

    `shift` is how many levels of it were learned from the team's corrections.
    """

    level: int
    confidence: float
    reasons: tuple[str, ...] = ()
    shift: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a requester wants, in the team's own names. `name` is None for "none of these".

    `closest` are the best names with their confidences, `words` of the thread speak for the best one.
    """

    name: str | None
    confidence: float
    words: tuple[str, ...] = ()
    closest: tuple[tuple[str, float], ...] = ()


class TriageKind(StrEnum):
    """What a rep can correct in the triage of a ticket."""

    SENTIMENT = "sentiment"
    URGENCY = "urgency"
    INTENT = "intent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a rep says instead of what was told; rows are only ever appended.

    `value` and `told` are a mood in [-1, 1], a level from 0 to 3 or the name of an intent ("" for none of them), as
    text; `told` is what the rules alone had said, before anything learned. `message` is the requester's newest one
    then: mood and urgency hold until they write again. `causes` are the reasons that had spoken for what was shown;
    what is learned is learned about them.
    """

    id: CorrectionId
    ticket: TicketId
    kind: TriageKind
    value: str
    told: str
    at: datetime
    causes: tuple[str, ...] = ()
    message: RemoteId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleHit:
    """An article found for a ticket, with the passage that matched. `score` in [0, 1] orders hits of one search."""

    article: ArticleId
    title: str
    kind: SourceKind
    audience: Audience
    score: float
    passage: Citation
    url: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarTicket:
    """An earlier ticket like this one, with the answer that solved it where one is known."""

    ticket: TicketId
    subject: str
    status: Status
    score: float
    answer: Citation | None = None


class Support(StrEnum):
    """What a sentence of a draft stands on."""

    SUPPORTED = "supported"
    FROM_REP = "from_rep"
    COURTESY = "courtesy"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSentence:
    """One sentence (or list item) of a draft; `separator` is the white space that follows it."""

    text: str
    support: Support
    citations: tuple[Citation, ...] = ()
    separator: str = " "


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A suggested reply. `confidence` in [0, 1]."""

    sentences: tuple[DraftSentence, ...]
    confidence: float
    intent: str = ""

    @property
    def text(self) -> str:
        """The reply as it would be put into the editor (Markdown)."""
        return "".join(s.text + s.separator for s in self.sentences).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstention:
    """No draft: what is missing to answer, and to whom the ticket could go."""

    reason: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What Sidedesk knows of a ticket on opening; belongs to one version of its thread.

    `found_by` says what found articles and earlier tickets: shared words alone, or meaning and the team's history too.
    `summary_by` is the model that wrote the summary, from the messages up to and with `summary_through`, by the prompt
    `summary_prompt` ("name@version").
    """

    id: BriefId
    ticket: TicketId
    thread_version: ThreadVersion
    made: datetime
    summary: tuple[SummaryLine, ...]
    sentiment: Sentiment
    mood_course: tuple[MoodPoint, ...]
    urgency: Urgency
    articles: tuple[ArticleHit, ...]
    similar: tuple[SimilarTicket, ...]
    suggestion: Suggestion
    language: str = ""
    warnings: tuple[str, ...] = ()
    found_by: str = "words"
    intent: Intent | None = None
    corrected: tuple[TriageKind, ...] = ()
    summary_by: str = "embedded"
    summary_prompt: str = ""
    summary_through: RemoteId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Something offered to the rep, with what it cost in US dollars and why this model made it.

    `rule` is the policy's rule in words, `prompt` the prompt's "name@version"; both are empty for the embedded engine.
    """

    id: SuggestionId
    ticket: TicketId
    thread_version: ThreadVersion
    made: datetime
    content: Draft | Abstention
    model: str = "embedded"
    cost: Decimal = Decimal(0)
    reason: str = ""
    rule: str = ""
    prompt: str = ""


class Rewrite(StrEnum):
    """The changes of a reply that have a key of their own."""

    SHORTER = "shorter"
    LONGER = "longer"
    FIX = "fix"
    FRIENDLIER = "friendlier"
    MORE_FORMAL = "more_formal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refinement:
    """A reply in new words, beside the `old` ones. `back` is a translation translated back, to compare with `old`."""

    old: str
    suggestion: Suggestion
    back: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found to a rep's question: sentences with citations, or what is missing. Not a reply, never sent."""

    question: str
    content: Draft | Abstention
    model: str = "embedded"
    cost: Decimal = Decimal(0)
    reason: str = ""
    rule: str = ""
    prompt: str = ""


class DecisionKind(StrEnum):
    """What a rep did with a suggestion; UNDONE takes the decision before it back (rows are only ever appended)."""

    ACCEPTED = "accepted"
    EDITED = "edited"
    DISMISSED = "dismissed"
    ESCALATED = "escalated"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A rep's verdict on a suggestion; `seconds` from the brief on screen to the key."""

    id: DecisionId
    suggestion: SuggestionId
    kind: DecisionKind
    at: datetime
    seconds: float
    reason: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A local file on its way to a desk."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A public message to the requester (Markdown), and the status the ticket takes with it."""

    text: str
    status: Status | None = None
    attachments: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An internal note (Markdown)."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """Give the ticket to a person, to a group, or (both None) to nobody."""

    person: Person | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStatus:
    """Change the status alone."""

    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTags:
    """Replace the tags."""

    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFields:
    """Set custom fields by name; fields not named stay."""

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Make the ticket a part of another one of the same desk; that cannot be undone there."""

    into: RemoteId


Command = Reply | Note | Assign | SetStatus | SetTags | SetFields | Merge
"""Anything the outbox can carry to a desk."""


class OutboxState(StrEnum):
    """The life of an outbox entry. SENT and CANCELLED are final; BLOCKED and FAILED wait for the rep.

    SENDING says that a write may have reached the desk: it is on disk before the write begins, and an entry stays in it
    until we know. In every other state that is not final the desk has certainly not carried the command out; a FAILED
    entry whose earlier try got no answer says so in its problem.
    """

    HELD = "held"
    SENDING = "sending"
    WAITING = "waiting"
    SENT = "sent"
    BLOCKED = "blocked"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to the entry."""
        return self in {OutboxState.SENT, OutboxState.CANCELLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """A command on its way to the desk, and where it stands.

    `key` is the idempotency key. `seen` is the remote id of the newest message the rep had read when deciding: anything
    newer on the desk blocks a reply; `seen_status` is the status the rep saw then: a ticket closed since blocks it too.
    `release_at` ends the undo period. `problem` says in words why it waits. `attempts` counts the tries to write;
    `lookalikes` are messages that were on the desk before the first try and could be mistaken for this one.
    """

    id: OutboxId
    batch: BatchId
    ticket: TicketId
    desk: DeskId
    remote_id: RemoteId
    command: Command
    key: str
    created: datetime
    release_at: datetime
    state: OutboxState
    seen: RemoteId | None = None
    seen_status: Status | None = None
    attempts: int = 0
    lookalikes: tuple[RemoteId, ...] = ()
    problem: str = ""
    newer: tuple[Message, ...] = ()
    sent_as: RemoteId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A place outside the desk that escalations can go to; `kind` is its product ("Slack")."""

    id: DestinationId
    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """An escalation on its way to a destination, in Markdown.

    It leaves when the outbox entry `after` was sent (the packet as a note on the ticket), and is cancelled with it.
    FAILED waits for the rep, with the reason in `problem`.
    """

    id: DispatchId
    ticket: TicketId
    destination: DestinationId
    title: str
    text: str
    created: datetime
    state: OutboxState
    after: OutboxId | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A ticket as the conversation pane shows it: messages and what is still on its way out."""

    ticket: Ticket
    messages: tuple[Message, ...]
    outbox: tuple[OutboxEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedReply:
    """What the rep has typed and not sent, kept per ticket. `note` says it is for an internal note."""

    ticket: TicketId
    text: str
    note: bool = False
    suggestion: SuggestionId | None = None
    saved: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """What the next person gets with a handoff. `text` is the internal note (Markdown)."""

    ticket: TicketId
    summary: tuple[SummaryLine, ...]
    tried: tuple[str, ...]
    do_not_ask: tuple[str, ...]
    sentiment: Sentiment
    links: tuple[str, ...]
    reason: str
    text: str


class DeskHealth(StrEnum):
    """How a desk's connection does."""

    CONNECTING = "connecting"
    ONLINE = "online"
    OFFLINE = "offline"
    NEEDS_SIGN_IN = "needs_sign_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLimits:
    """What a reply on one channel may be: at most so many `characters` (0: any), with markup, with files."""

    characters: int = 0
    markup: bool = True
    attachments: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a desk can do; what it cannot is greyed out with the reason.

    `reasons` says in words, by the name of a capability here, why it is missing ("Zendesk's Team plan has no …").
    `reply_limit` counts characters of any reply, 0 is none; `channels` has the limits of channels that differ.
    """

    notes: bool = True
    assign: bool = True
    statuses: frozenset[Status] = frozenset(Status)
    tags: bool = True
    fields: bool = True
    attachments: bool = True
    html: bool = True
    safe_update: bool = False
    idempotency: bool = False
    live: bool = False
    merge: bool = False
    viewers: bool = False
    reply_limit: int = 0
    channels: Mapping[Channel, ReplyLimits] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInField:
    """One thing to fill in to connect a desk. `secret` ones go to the keyring and are never shown."""

    key: str
    label: str
    placeholder: str = ""
    help: str = ""
    secret: bool = False
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskKind:
    """A product that can be connected: what to fill in, and where the rep finds it there.

    `queues` is what the product calls the parts one can choose to follow (queues, inboxes, mailboxes, repositories);
    empty when there is nothing to choose. `help` is plain text of at most three sentences.
    """

    key: str
    name: str
    fields: tuple[SignInField, ...]
    help: str
    queues: str = ""
    token_page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInCheck:
    """What trying a sign-in found: who the rep is, what can be followed, and what is missing, in words."""

    me: Person
    queues: tuple[Group, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskInfo:
    """A connected desk, for the screen."""

    id: DeskId
    name: str
    kind: str
    me: Person | None
    capabilities: Capabilities
    health: DeskHealth
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One finding of `sidedesk doctor`: what was looked at, what was found, and what to do when it is not fine."""

    name: str
    fine: bool
    finding: str
    advice: str = ""
