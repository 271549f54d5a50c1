"""From the first letter to the outbox and back: what is typed is kept, sent once, and returns when it is taken back."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, Signal

from copilot.domain import (
    BatchId,
    Conversation,
    Draft,
    OutboxEntry,
    RemoteId,
    Reply,
    SavedReply,
    Status,
    SuggestionId,
    TicketId,
    Upload,
)
from copilot.errors import UserError
from copilot.workspace import Undone, Workspace
from ui.aio import spawn
from ui.conversation.autosave import Autosave
from ui.conversation.composer import Composer, Written
from ui.conversation.files import choose_files, read_uploads
from ui.conversation.notices import Notices

_REMEMBERED = 20
"""Sent texts whose draft and files come back with an undo: far more than can be in their undo period."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """What went into the outbox last on a ticket, to be whole again when it is taken back."""

    written: Written
    draft: Draft | None


class Writing(QObject):
    """Ties the composer to the workspace for the open ticket."""

    sent = Signal(object)
    """A `BatchId` is in the outbox."""

    def __init__(self, workspace: Workspace, composer: Composer, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._composer, self._notices = workspace, composer, notices
        self._ticket: TicketId | None = None
        self._draft: Draft | None = None
        self._restored = False
        self._kept: SavedReply | None = None
        self._since = 0.0
        self._sent: dict[TicketId, _Sent] = {}
        self._files: dict[TicketId, tuple[Upload, ...]] = {}
        self.seen: RemoteId | None = None
        self.autosave = Autosave(workspace, self)
        self.autosave.saved.connect(self._on_saved)
        self.autosave.failed.connect(lambda why: composer.say_state(f"Not saved: {why}", "bad"))
        composer.changed.connect(self._on_changed)
        composer.left.connect(self.autosave.flush)
        composer.send_asked.connect(self.send)
        composer.attach_asked.connect(lambda: self._spawn(self._attach(), "attach"))
        composer.editor.files_dropped.connect(lambda paths: self._spawn(self._add_files(paths), "attach"))
        composer.editor.picture_pasted.connect(self._on_picture)

    # -- the ticket --------------------------------------------------------------------------------------------------

    def begin(self, ticket: TicketId) -> None:
        """Another ticket is being opened: put the old text away. One may type at once."""
        self.autosave.flush()
        if self._ticket is not None and self._composer.files.uploads():
            self._files[self._ticket] = self._composer.files.uploads()
        self._ticket, self._restored, self._kept, self._draft = ticket, False, None, None
        self.seen = None
        self._since = monotonic()
        self._composer.set_busy(busy=False)
        self._composer.load("", note=False)
        for upload in self._files.pop(ticket, ()):
            self._composer.files.add(upload)

    async def restore(self, conversation: Conversation) -> None:
        """Bring back what the rep had typed on this ticket, before what was typed since it was chosen."""
        ticket = conversation.ticket.id
        saved = await self._workspace.saved_reply(ticket)
        if ticket != self._ticket or self._restored:
            return
        typed = self._composer.written().text
        if saved is not None and saved.text:
            self._composer.load(_joined(saved.text, typed), note=saved.note, keep_files=True)
            self._composer.say_state("Saved")
        self._kept = saved
        self._restored = True
        if typed:
            self._on_changed()
        if saved is not None and saved.suggestion is not None:
            await self._find_draft(ticket, saved.suggestion)

    async def _find_draft(self, ticket: TicketId, suggestion: SuggestionId) -> None:
        brief = await self._workspace.brief(ticket)
        if brief is None or ticket != self._ticket or brief.suggestion.id != suggestion:
            return
        if isinstance(brief.suggestion.content, Draft):
            self._take_draft(brief.suggestion.content, suggestion)

    # -- drafts ------------------------------------------------------------------------------------------------------

    @property
    def draft_text(self) -> str:
        """The draft that what is being written began from; empty when it began from none."""
        return self._draft.text if self._draft is not None else ""

    def insert_draft(self, draft: Draft, suggestion: SuggestionId) -> bool:
        """Put a draft into the editor, after what is there; False when a note is in the way."""
        written = self._composer.written()
        if written.note and written.text.strip():
            self._notices.ask(
                "You are writing a note. The draft would turn it into a reply to the requester.",
                "Replace the note by the draft",
                lambda: self.replace(draft, suggestion),
            )
            return False
        if draft.text not in written.text:
            self._composer.set_note(note=False)
            self._composer.put(_joined(written.text, draft.text))
        self._take_draft(draft, suggestion)
        return True

    def replace(self, draft: Draft, suggestion: SuggestionId) -> None:
        """Put a draft in the place of what is in the editor."""
        self._composer.set_note(note=False)
        self._composer.put(draft.text)
        self._take_draft(draft, suggestion)

    def _take_draft(self, draft: Draft, suggestion: SuggestionId) -> None:
        self._draft = draft
        self._composer.set_draft(draft, suggestion)

    # -- sending -----------------------------------------------------------------------------------------------------

    def send(self, status: Status | None = None) -> None:
        """Put what is written into the outbox, with the status the ticket takes."""
        written = self._composer.written()
        if self._ticket is None or self._composer.why_not() or not self._restored:
            return
        self._composer.set_busy(busy=True)
        spawn(self._send(self._ticket, written, status), "send", self)

    async def _send(self, ticket: TicketId, written: Written, status: Status | None) -> None:
        try:
            batch = await self._hand_over(ticket, written, status)
        except UserError as error:
            self._notices.fail(error)
            return
        finally:
            self._composer.set_busy(busy=False)
        self._remember(ticket, _Sent(written, self._draft if written.suggestion else None))
        self.autosave.forget(ticket)
        if ticket == self._ticket:
            self._notices.forget_failure()
            self._clear(ticket)
        self.sent.emit(batch)

    async def _hand_over(self, ticket: TicketId, written: Written, status: Status | None) -> BatchId:
        # What is still being written to disk must not come after the outbox has cleared it.
        await self.autosave.settled()
        if written.note:
            return await self._workspace.note(ticket, written.text.strip())
        return await self._workspace.send(
            ticket,
            Reply(text=written.text.strip(), status=status, attachments=written.uploads),
            seen=self.seen,
            suggestion=written.suggestion,
            seconds=monotonic() - self._since,
        )

    def _remember(self, ticket: TicketId, sent: _Sent) -> None:
        self._sent.pop(ticket, None)
        self._sent[ticket] = sent
        while len(self._sent) > _REMEMBERED:
            del self._sent[next(iter(self._sent))]

    def _clear(self, ticket: TicketId) -> None:
        self._kept = SavedReply(ticket=ticket, text="")
        self._draft = None
        self._composer.load("", note=False)

    # -- taking back -------------------------------------------------------------------------------------------------

    def take_back(self, entry: OutboxEntry) -> None:
        """Undo an entry that has not left; its text returns to the editor."""
        self._spawn(self._take_back(entry), "undo")

    def edit(self, entry: OutboxEntry) -> None:
        """Give an entry up and go on writing it."""
        self._spawn(self._edit(entry), "edit")

    def discard(self, entry: OutboxEntry) -> None:
        """Give an entry up; its text can be had back for as long as the ticket is open."""
        self._spawn(self._discard(entry), "discard")

    def send_anyway(self, entry: OutboxEntry) -> None:
        """Send an entry that was blocked or failed."""
        self._spawn(self._workspace.send_anyway(entry.id), "send anyway")

    def bring_back(self, undone: Undone) -> None:
        """Put text that was taken back into the editor, before what is being written; the workspace has saved it."""
        if undone.ticket != self._ticket or not undone.text:
            return
        written = self._composer.written()
        if written.text.strip() and written.note != undone.note:
            kind = "note" if undone.note else "reply"
            self._notices.ask(
                f"The {kind} you took back is kept; you are writing something else.",
                f"Replace it by the {kind}",
                lambda: self._put_back(undone, ""),
            )
            self._save_now()
            return
        self._put_back(undone, written.text)

    def _put_back(self, undone: Undone, behind: str) -> None:
        self._composer.set_note(note=undone.note)
        if undone.text.strip() != behind.strip():
            self._composer.put(_joined(undone.text, behind))
        last = self._sent.get(undone.ticket)
        if last is not None and last.written.text.strip() == undone.text.strip():
            for upload in last.written.uploads:
                self._composer.files.add(upload)
            if last.draft is not None and last.written.suggestion is not None:
                self._take_draft(last.draft, last.written.suggestion)
        self._save_now()
        self._composer.editor.setFocus()

    async def _take_back(self, entry: OutboxEntry) -> None:
        # A batch of an earlier run cannot be undone as a step any more, but its entry can be given up.
        undone = await self._workspace.undo(entry.batch) or await self._workspace.discard(entry.id)
        if undone is not None:
            self.bring_back(undone)

    async def _edit(self, entry: OutboxEntry) -> None:
        undone = await self._workspace.discard(entry.id)
        if undone is not None:
            self.bring_back(undone)

    async def _discard(self, entry: OutboxEntry) -> None:
        undone = await self._workspace.discard(entry.id)
        self._save_now()
        if undone is not None and undone.text:
            self._notices.ask(
                "Discarded. The ticket stays as it is.",
                "Bring the text back",
                lambda: self.bring_back(undone),
            )

    # -- files -------------------------------------------------------------------------------------------------------

    async def _attach(self) -> None:
        await self._add_files(await choose_files(self._composer))

    async def _add_files(self, paths: tuple[Path, ...]) -> None:
        ticket = self._ticket
        uploads = await read_uploads(paths)
        if ticket == self._ticket:
            for upload in uploads:
                self._composer.files.add(upload)

    def _on_picture(self, png: bytes) -> None:
        number = len(self._composer.files.uploads()) + 1
        try:
            self._composer.files.add(
                Upload(name=f"picture-{number}.png", media_type="image/png", content=png)
            )
        except UserError as error:
            self._notices.fail(error)

    # -- keeping -----------------------------------------------------------------------------------------------------

    async def settled(self) -> None:
        """What was typed is on disk; await this before the workspace closes."""
        await self.autosave.settled()

    def _on_changed(self) -> None:
        if self._ticket is None or not self._restored:
            return
        reply = self._as_saved(self._ticket)
        if self._kept is not None and _same(reply, self._kept):
            return
        if self._kept is None and not reply.text:
            return
        self._kept = reply
        self._composer.say_state("")
        self.autosave.keep(reply)

    def _save_now(self) -> None:
        if self._ticket is not None:
            self._kept = self._as_saved(self._ticket)
            self.autosave.keep(self._kept)
            self.autosave.flush()

    def _as_saved(self, ticket: TicketId) -> SavedReply:
        written = self._composer.written()
        return SavedReply(ticket=ticket, text=written.text, note=written.note, suggestion=written.suggestion)

    def _on_saved(self, ticket: TicketId) -> None:
        if ticket == self._ticket and self._composer.written().text:
            self._composer.say_state("Saved")

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        spawn(self._guarded(work), name, self)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except UserError as error:
            self._notices.fail(error)


def _joined(first: str, second: str) -> str:
    """Two texts under each other; either may be empty."""
    if not first.strip() or not second.strip():
        return first if first.strip() else second
    return f"{first.rstrip()}\n\n{second.lstrip()}"


def _same(one: SavedReply, other: SavedReply) -> bool:
    return (one.text, one.note, one.suggestion) == (other.text, other.note, other.suggestion)
