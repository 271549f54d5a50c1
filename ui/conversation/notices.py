"""What the rep must know before sending, between thread and composer: news, problems, and links to confirm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from copilot.domain import Message
from copilot.errors import UserError
from ui.conversation.links import LinkStrip
from ui.conversation.words import ago
from ui.theme.tokens import Tone
from ui.widgets.buttons import Button
from ui.widgets.layout import column
from ui.widgets.notices import Strip, announce

_TICK_MS = 5000


class Notices(QWidget):
    """Strips that come and go; each waits until it is answered or no longer true."""

    show_asked = Signal()
    """The rep wants to see what is new."""
    link_opened = Signal(str)

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._clock = clock
        self._news: tuple[Message, ...] = ()
        self._answer: Callable[[], None] | None = None
        self.show_news = Button("Show", "arrow-down", small=True)
        self.answer = Button("", small=True)
        self.news = Strip(Tone.INFO, "", self.show_news, icon_name="message-square")
        self.question = Strip(Tone.NOTE, "", self.answer, icon_name="info", closable=True)
        self.problem = Strip(Tone.BAD, closable=True)
        self.caution = Strip(Tone.WARN, closable=True)
        self.link = LinkStrip()
        for strip in (self.news, self.question, self.problem, self.caution):
            strip.hide()
        self.setLayout(column(self.link, self.problem, self.caution, self.question, self.news, spacing=6))
        self._ticking = QTimer(self)
        self._ticking.setInterval(_TICK_MS)
        self._ticking.timeout.connect(self._say_news)
        self.show_news.clicked.connect(self.show_asked)
        self.answer.clicked.connect(self._on_answer)
        self.link.opened.connect(self.link_opened)

    def clear(self) -> None:
        """Another ticket: nothing of this concerns it."""
        self.problem.hide()
        self.question.hide()
        self.caution.hide()
        self.link.close_strip()
        self.tell_news(())

    def close_one(self) -> bool:
        """Close what the rep need not answer, the newest kind first; answers whether anything was open."""
        if not self.link.isHidden():
            self.link.close_strip()
            return True
        for strip in (self.problem, self.caution, self.question):
            if not strip.isHidden():
                strip.hide()
                return True
        return False

    def fail(self, error: UserError) -> None:
        """Something did not work; say what and what to do."""
        self.problem.say(str(error))
        self.problem.show()
        announce(self.problem, str(error))

    def warn(self, words: str) -> None:
        """Say what the rep should look at before sending."""
        self.caution.say(words)
        self.caution.show()
        announce(self.caution, words)

    def forget_failure(self) -> None:
        """It worked after all."""
        self.problem.hide()
        self.caution.hide()

    def ask(self, words: str, answer: str, do: Callable[[], None]) -> None:
        """Say something and offer one thing to do about it."""
        self._answer = do
        self.answer.setText(answer)
        self.answer.updateGeometry()
        self.question.say(words)
        self.question.show()
        announce(self.question, words)

    def tell_news(self, messages: tuple[Message, ...]) -> None:
        """Messages came in while the rep was writing or reading further up; none takes the strip away."""
        fresh = messages != self._news
        self._news = messages
        self._say_news()
        self.news.setVisible(bool(messages))
        if messages:
            self._ticking.start()
        else:
            self._ticking.stop()
        if messages and fresh:
            announce(self.news, self.news.text())

    def _say_news(self) -> None:
        if self._news:
            self.news.say(news_words(self._news, self._clock()))

    def _on_answer(self) -> None:
        self.question.hide()
        do, self._answer = self._answer, None
        if do is not None:
            do()


def news_words(messages: tuple[Message, ...], now: datetime) -> str:
    """Who wrote, and when."""
    newest = messages[-1]
    more = f" ({len(messages)} messages)" if len(messages) > 1 else ""
    return f"{newest.author.name} wrote {ago(newest.created, now)}{more}"
