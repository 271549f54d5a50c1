"""Escalations that go out of the desk: where they can go, and those on their way."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable

from copilot.config.secrets import Kept, Secrets
from copilot.config.settings import DestinationSettings
from copilot.domain import (
    BatchId,
    Destination,
    DestinationId,
    Dispatch,
    DispatchId,
    Note,
    OutboxId,
    OutboxState,
    TicketId,
)
from copilot.errors import TooLateError, UserError
from copilot.events import DispatchChanged, Event, EventStream, Failed, OutboxChanged
from copilot.store import Store
from copilot.workspace.connecting import not_kept
from copilot.workspace.desks import free_id, secret_name
from copilot.workspace.kept import KeptSettings
from copilot.workspace.outgoing import now_utc

PERHAPS_SENT = "Sidedesk stopped while it was being sent: look there before you send it again."
_WAITS = frozenset({OutboxState.WAITING, OutboxState.FAILED})


class Destinations:
    """Where escalations can go, and what became of them. What failed waits for the rep, with its reason."""

    def __init__(self, settings: KeptSettings, secrets: Secrets, store: Store, events: EventStream) -> None:
        self._settings = settings
        self._secrets = secrets
        self._store = store
        self._events = events
        self._wake = asyncio.Event()
        self._unsubscribe: Callable[[], None] = events.subscribe(self._hear)

    # -- where to --------------------------------------------------------------------------------------------------

    def list(self) -> tuple[Destination, ...]:
        """The destinations, in the order they were added."""
        return tuple(
            Destination(id=DestinationId(one.id), name=one.name, kind=one.kind)
            for one in self._settings.now.destinations
        )

    async def add(self, name: str, url: str) -> DestinationId:
        """Keep a destination; its address goes to the keyring. Raises `UserError` when it is none or not safe."""
        from copilot.handoff.sending import kind_of

        kind = await kind_of(url)
        known = self._settings.now.destinations
        id_ = free_id(name, [one.id for one in known])
        secret = _secret(DestinationId(id_))
        if await self._secrets.set(secret, url.strip()) is Kept.MEMORY:
            self._events.publish(not_kept(self._secrets.environment_name(secret)))
        added = DestinationSettings(id=id_, name=name.strip() or kind, kind=kind)
        await self._settings.change(destinations=(*known, added))
        return DestinationId(id_)

    async def remove(self, destination: DestinationId) -> None:
        """Forget a destination and its address. Raises `SecretError` when the keyring still holds it."""
        kept = tuple(one for one in self._settings.now.destinations if one.id != destination)
        await self._settings.change(destinations=kept)
        await self._secrets.forget(_secret(destination))

    async def test(self, destination: DestinationId) -> None:
        """Send a line to a destination. Raises `UserError` that says why it did not arrive."""
        from copilot.handoff.sending import send_out

        await send_out(
            await self._address(destination), "Sidedesk", "This is a test. Escalations will arrive here."
        )

    # -- on the way ------------------------------------------------------------------------------------------------

    async def send(
        self, ticket: TicketId, destination: DestinationId, packet: str, *, batch: BatchId | None = None
    ) -> DispatchId:
        """Send a packet (Markdown) with a link back to the ticket. With a `batch`, once its note is on the desk.

        Raises `UserError` when there is no such destination.
        """
        self.named(destination)
        header = await self._store.tickets.get(ticket)
        where = header.url or f"{header.desk}, ticket {header.remote_id}"
        dispatch = Dispatch(
            id=DispatchId(str(uuid.uuid4())),
            ticket=ticket,
            destination=destination,
            title=f"Escalated: {header.subject}",
            text=f"{packet.strip()}\n\nTicket: {where}",
            created=now_utc(),
            state=OutboxState.WAITING,
            after=await self._note_of(ticket, batch) if batch else None,
        )
        await self._store.dispatches.add(dispatch)
        self._tell(dispatch, OutboxState.WAITING)
        self._wake.set()
        return dispatch.id

    async def dispatches(self, ticket: TicketId) -> tuple[Dispatch, ...]:
        """What of a ticket went out or is to go out, oldest first."""
        return await self._store.dispatches.of_ticket(ticket)

    async def retry(self, dispatch: DispatchId) -> None:
        """Try one again that failed. Raises `TooLateError` when it did not fail."""
        found = await self._store.dispatches.get(dispatch)
        if found.state is not OutboxState.FAILED:
            raise TooLateError("It has not failed.")
        await self._step(found, OutboxState.WAITING)
        self._wake.set()

    async def discard(self, dispatch: DispatchId) -> None:
        """Give up one that waits or failed. Raises `TooLateError` when it has left."""
        found = await self._store.dispatches.get(dispatch)
        if found.state not in _WAITS:
            raise TooLateError("It has already left.")
        await self._step(found, OutboxState.CANCELLED)

    async def run_forever(self) -> None:
        """Send what is due until cancelled. What a crash cut off is left to the rep: it may have arrived."""
        for cut_off in await self._store.dispatches.unfinished():
            if cut_off.state is OutboxState.SENDING:
                await self._fail(cut_off, PERHAPS_SENT, "")
        while True:
            self._wake.clear()
            await self.send_due()
            await self._wake.wait()

    async def send_due(self) -> None:
        """Send whatever waits for nothing any more."""
        for dispatch in await self._store.dispatches.unfinished():
            if dispatch.state is not OutboxState.WAITING:
                continue
            before = await self._store.outbox.get(dispatch.after) if dispatch.after else None
            if before is None or before.state is OutboxState.SENT:
                await self._send(dispatch)
            elif before.state is OutboxState.CANCELLED:
                await self._step(dispatch, OutboxState.CANCELLED)

    def close(self) -> None:
        """Hear of nothing any more."""
        self._unsubscribe()

    async def _send(self, dispatch: Dispatch) -> None:
        from copilot.handoff.sending import send_out

        await self._step(dispatch, OutboxState.SENDING)
        try:
            await send_out(await self._address(dispatch.destination), dispatch.title, dispatch.text)
        except UserError as error:
            await self._fail(dispatch, error.message, error.advice)
            return
        await self._step(dispatch, OutboxState.SENT)

    async def _fail(self, dispatch: Dispatch, message: str, advice: str) -> None:
        await self._step(dispatch, OutboxState.FAILED, message)
        self._events.publish(Failed("escalation", message, advice, ticket=dispatch.ticket))

    async def _step(self, dispatch: Dispatch, state: OutboxState, problem: str = "") -> None:
        await self._store.dispatches.step(dispatch.id, state, problem)
        self._tell(dispatch, state)

    def _tell(self, dispatch: Dispatch, state: OutboxState) -> None:
        self._events.publish(DispatchChanged(dispatch.id, dispatch.ticket, state))

    async def _note_of(self, ticket: TicketId, batch: BatchId) -> OutboxId | None:
        entries = await self._store.outbox.of_ticket(ticket)
        return next((e.id for e in entries if e.batch == batch and isinstance(e.command, Note)), None)

    async def _address(self, destination: DestinationId) -> str:
        if self._settings.now.privacy.air_gapped:
            raise UserError(
                "This workspace is air-gapped: nothing goes out of the help desk.",
                "Escalate to a person or a group of the desk.",
            )
        name = self.named(destination).name
        url = await self._secrets.get(_secret(destination))
        if not url:
            raise UserError(f"The address of {name} is not in the keyring.", "Add the destination again.")
        return url

    def named(self, destination: DestinationId) -> DestinationSettings:
        """A destination's settings. Raises `UserError` when it is not there any more."""
        found = next((one for one in self._settings.now.destinations if one.id == destination), None)
        if found is None:
            raise UserError("There is no such destination any more.", "Pick another one.")
        return found

    def _hear(self, event: Event) -> None:
        if isinstance(event, OutboxChanged) and event.state in {OutboxState.SENT, OutboxState.CANCELLED}:
            self._wake.set()


def _secret(destination: DestinationId) -> str:
    return secret_name(f"destination/{destination}", "url")
