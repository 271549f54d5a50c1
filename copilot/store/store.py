"""The door to the local database: opens it, migrates it, and holds one object per group of tables."""

from __future__ import annotations

from pathlib import Path

from copilot.store.answers import AnswerTable
from copilot.store.books import Books
from copilot.store.clock import Clock, system_clock
from copilot.store.corrections import CorrectionTable
from copilot.store.customers import CustomerTable
from copilot.store.database import Database
from copilot.store.dispatches import DispatchTable
from copilot.store.gaps import GapTable
from copilot.store.knowledge import KnowledgeTable
from copilot.store.model_calls import ModelCallTable
from copilot.store.outbox import OutboxTable
from copilot.store.search import SearchIndex
from copilot.store.solved import SolvedTable
from copilot.store.sources import SourceTable
from copilot.store.tickets import TicketTable
from copilot.store.uses import UseTable
from copilot.store.vectors import VectorTable


class Store:
    """One workspace's database.

    Reads run on reader threads with their own connections, writes on the one writer thread, each write in one IMMEDIATE
    transaction. Every method of the tables is a coroutine and never blocks the event loop.
    """

    tickets: TicketTable
    search: SearchIndex
    outbox: OutboxTable
    knowledge: KnowledgeTable
    sources: SourceTable
    answers: AnswerTable
    books: Books
    corrections: CorrectionTable
    customers: CustomerTable
    dispatches: DispatchTable
    vectors: VectorTable
    solved: SolvedTable
    model_calls: ModelCallTable
    uses: UseTable
    gaps: GapTable

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self.tickets = TicketTable(database, clock)
        self.search = SearchIndex(database)
        self.outbox = OutboxTable(database, clock)
        self.knowledge = KnowledgeTable(database)
        self.sources = SourceTable(database, clock)
        self.answers = AnswerTable(database)
        self.books = Books(database, clock)
        self.corrections = CorrectionTable(database, clock)
        self.customers = CustomerTable(database)
        self.dispatches = DispatchTable(database, clock)
        self.vectors = VectorTable(database)
        self.solved = SolvedTable(database)
        self.model_calls = ModelCallTable(database, clock)
        self.uses = UseTable(database)
        self.gaps = GapTable(database, clock)

    @classmethod
    async def open(cls, path: Path, *, clock: Clock = system_clock) -> Store:
        """Open or create the database at `path`, backing it up beside itself before any migration.

        Raises `StoreError` when the file is newer than this program, not a database, locked or unwritable. `clock`
        tells the time in ms.
        """
        return cls(await Database.open(path), clock)

    async def aclose(self) -> None:
        """Finish running work and close all connections."""
        await self._database.aclose()
