"""What belongs to one place on the screen: the queue, the conversation, the copilot, the settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from copilot.domain import Message, OutboxState, QueuePage, SignInField, Suggestion, View
from copilot.workspace import Workspace
from ui.actions import ACTIONS, Actions
from ui.assist.draft import DraftCard
from ui.assist.knowledge import ArticleRow, KnowledgeCard
from ui.assist.mood import MoodCard
from ui.assist.similar import SimilarCard
from ui.assist.skeleton import BriefSkeleton
from ui.assist.summary import SummaryCard
from ui.conversation.attachments import FileChip
from ui.conversation.bubble import MessageBubble
from ui.conversation.header import Header
from ui.conversation.outgoing import OutgoingBubble
from ui.conversation.skeleton import ThreadSkeleton
from ui.gallery import samples
from ui.gallery.page import CONTROL, FIELD, Specimen, State
from ui.queue.listview import QueueList, SkeletonRows
from ui.queue.model import QueueModel
from ui.queue.rail import ViewButton
from ui.settings.cards import ThingCard
from ui.settings.form import Form
from ui.settings.keys import Recorder
from ui.settings.rows import Alternatives, Number, SettingRow
from ui.theme.tokens import Size, Tone
from ui.widgets.buttons import Button

_LIST = (State.REST, State.FOCUS)
_GREYED = (State.REST, State.DISABLED)
_QUEUE_WIDTH = 380
_THREAD_WIDTH = 640
_SIDE_WIDTH = 380
_ALTERNATIVES = (
    ("light", "Light", "sun"),
    ("dark", "Dark", "moon"),
    ("contrast", "High contrast", "contrast"),
)


def bound_actions() -> Actions:
    """Actions that all can be done, and do nothing."""
    made = Actions()
    for action in ACTIONS:
        made.bind(action.id, _nothing)
    return made


def queue() -> tuple[Specimen, ...]:
    """Rows in both densities, views, skeletons."""
    actions = bound_actions()
    return (
        Specimen(name="Rows", make=partial(_rows, compact=False), states=_LIST, width=_QUEUE_WIDTH),
        Specimen(name="Rows, compact", make=partial(_rows, compact=True), states=_LIST, width=_QUEUE_WIDTH),
        Specimen(name="View", make=partial(_view, actions, chosen=False), states=CONTROL),
        Specimen(name="View, chosen", make=partial(_view, actions, chosen=True), states=CONTROL),
        Specimen(name="Rows on their way", make=_skeleton_rows, width=_QUEUE_WIDTH),
    )  # fmt: skip


def conversation() -> tuple[Specimen, ...]:
    """Messages of every side, replies on their way in every state, headers."""
    actions = bound_actions()
    names = ("A customer", "The AI agent", "Oneself", "An internal note", "A colleague")
    return (
        Specimen(name="Header", make=partial(_header, actions, escalated=False), width=830),
        Specimen(name="Header, escalated by the AI agent", make=partial(_header, actions, escalated=True), width=620),
        *(
            Specimen(name=name, make=partial(_bubble, message, mine=name == "Oneself"), width=_THREAD_WIDTH)
            for name, message in zip(names, samples.THREAD, strict=True)
        ),
        Specimen(name="With the keyboard on it", make=partial(_bubble, samples.THREAD[1], mine=False),
                 states=(State.FOCUS,), width=_THREAD_WIDTH),
        *(
            Specimen(name=f"On its way: {state.value}", make=partial(_outgoing, state), width=_THREAD_WIDTH)
            for state in OutboxState
            if state not in {OutboxState.SENT, OutboxState.CANCELLED}
        ),
        Specimen(name="File", make=_file, states=CONTROL),
        Specimen(name="A thread on its way", make=partial(_tall, ThreadSkeleton, 300), width=_THREAD_WIDTH),
    )  # fmt: skip


def assist(workspace: Workspace) -> tuple[Specimen, ...]:
    """The copilot's cards."""
    actions = bound_actions()
    return (
        Specimen(name="Summary", make=_summary, width=_SIDE_WIDTH),
        *(
            Specimen(name=name, make=partial(_draft, workspace, actions, suggestion), width=_SIDE_WIDTH)
            for name, suggestion in (
                ("A draft, sure", samples.draft(0.91)),
                ("A draft, unsure", samples.draft(0.55)),
                ("No draft", samples.ABSTENTION),
            )
        ),
        *(
            Specimen(name=f"{name} mood", make=partial(_mood, actions, score, level), width=_SIDE_WIDTH)
            for name, score, level in (("Angry", -0.8, 3), ("Neutral", 0.0, 0), ("Happy", 0.8, 1))
        ),
        Specimen(name="Knowledge", make=_knowledge, width=_SIDE_WIDTH),
        Specimen(name="An article, opened", make=_article, width=_SIDE_WIDTH),
        Specimen(name="Similar tickets", make=_similar, width=_SIDE_WIDTH),
        Specimen(name="On its way", make=BriefSkeleton, width=_SIDE_WIDTH),
    )  # fmt: skip


def settings() -> tuple[Specimen, ...]:
    """What the settings' pages are made of."""
    return (
        Specimen(name="A setting with alternatives", make=_alternatives, states=_GREYED, width=400),
        Specimen(name="A setting with a number", make=_number, states=_GREYED, width=400),
        Specimen(name="A key to be changed", make=Recorder, states=CONTROL),
        Specimen(name="A form", make=_form, states=(State.REST,), width=480),
        Specimen(name="A secret", make=_secret, states=FIELD, width=200),
        *(
            Specimen(name=f"A desk: {word}", make=partial(_thing, word, tone, problem), width=560)
            for word, tone, problem in (
                ("Connected", Tone.GOOD, ""),
                ("Connecting", Tone.NEUTRAL, ""),
                ("Sign in again", Tone.BAD, "The desk does not accept this token. Make a new one."),
            )
        ),
    )  # fmt: skip


def _nothing() -> None:
    """What the gallery's actions do."""


def _rows(*, compact: bool) -> QWidget:
    model = QueueModel(clock=lambda: samples.NOW)
    model.show(QueuePage(rows=samples.ROWS))
    made = QueueList(model)
    model.setParent(made)
    made.set_compact(compact)
    made.setFixedHeight((Size.ROW_COMPACT if compact else Size.ROW_COMFORTABLE) * len(samples.ROWS))
    made.go_to(1)
    return made


def _view(actions: Actions, *, chosen: bool) -> QWidget:
    made = ViewButton(View.UNASSIGNED, actions)
    made.set_count(128)
    made.setChecked(chosen)
    return made


def _skeleton_rows() -> QWidget:
    return _tall(SkeletonRows, 2 * Size.ROW_COMFORTABLE)


def _tall(make: Callable[[], QWidget], height: int) -> QWidget:
    made = make()
    made.setFixedHeight(height)
    return made


def _header(actions: Actions, *, escalated: bool) -> QWidget:
    made = Header(actions)
    made.show_ticket(samples.ticket(escalated=escalated), samples.SAM)
    return made


def _bubble(message: Message, *, mine: bool) -> QWidget:
    parent = QWidget()
    made = MessageBubble(parent)
    made.fill(message, None, mine=mine, unfolded=bool(message.hidden))
    made.set_current(current=True)
    made.setFixedSize(_THREAD_WIDTH, made.arrange(_THREAD_WIDTH))
    parent.setFixedHeight(made.height())
    parent.setFocusProxy(made)
    return parent


def _outgoing(state: OutboxState) -> QWidget:
    parent = QWidget()
    problem = "The desk refused: the ticket is locked." if state is OutboxState.FAILED else ""
    made = OutgoingBubble(parent, samples.outbox(state, problem), samples.NOW)
    made.setFixedSize(_THREAD_WIDTH, made.arrange(_THREAD_WIDTH))
    parent.setFixedHeight(made.height())
    return parent


def _file() -> QWidget:
    return FileChip("receipt.pdf", "application/pdf", 184_320, "Save")


def _summary() -> QWidget:
    made = SummaryCard(lambda: samples.NOW)
    made.show_lines(samples.TICKET, samples.SUMMARY)
    return made


def _draft(workspace: Workspace, actions: Actions, suggestion: Suggestion) -> QWidget:
    made = DraftCard(workspace, actions)
    made.show_suggestion(suggestion, None)
    return made


def _mood(actions: Actions, score: float, level: int) -> QWidget:
    made = MoodCard(actions)
    made.show_brief(samples.brief(score, level))
    return made


def _knowledge() -> QWidget:
    made = KnowledgeCard()
    made.show_articles(samples.HITS)
    return made


def _article() -> QWidget:
    made = ArticleRow()
    made.show_hit(samples.HITS[1])
    made.toggle()
    return made


def _similar() -> QWidget:
    made = SimilarCard()
    made.show_tickets(samples.SIMILAR)
    return made


def _alternatives() -> QWidget:
    return SettingRow(
        "Theme", "Follows the system, or is the same always.", Alternatives(_ALTERNATIVES, "dark")
    )


def _number() -> QWidget:
    return SettingRow("Undo", "How long a reply waits before it leaves.", Number(0, 60, 8, "seconds"))


def _form() -> QWidget:
    return Form(
        (
            SignInField(
                key="url", label="Address", placeholder="https://desk.example", help="As in your browser"
            ),
            SignInField(key="token", label="Token", secret=True, required=False),
        )
    )


def _secret() -> QWidget:
    made = QLineEdit("secret")
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


def _thing(word: str, tone: Tone, problem: str) -> QWidget:
    made = ThingCard("Alpenglow support", "Zendesk", "headset", (word, tone), Button("Remove", small=True))
    made.explain(problem, "bad")
    return made
