"""Transactions on the demo desk's file: what others were due to do by then has happened before anything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from copilot.desks.demo.behaviour import DemoBehaviour
from copilot.desks.demo.file import DemoFile
from copilot.desks.demo.records import Records
from copilot.desks.demo.script import Script


class Transactions:
    """The way into the file, for the signed-in rep's requests and for everybody else."""

    def __init__(self, file: DemoFile, behaviour: DemoBehaviour, clock: Callable[[], datetime]) -> None:
        self.behaviour = behaviour
        self._file = file
        self._clock = clock

    @contextmanager
    def reading(self) -> Iterator[Records]:
        """One consistent view."""
        self._let_others_act()
        with self._file.reading() as connection:
            yield Records(connection, self._clock())

    @contextmanager
    def writing(self) -> Iterator[Records]:
        """Everything that is done in it, or, after an error, nothing."""
        self._let_others_act()
        with self._file.writing() as connection:
            yield Records(connection, self._clock())

    def _let_others_act(self) -> None:
        now = self._clock()
        with self._file.reading() as connection:
            due = Script(Records(connection, now), self.behaviour).is_due()
        if due:
            with self._file.writing() as connection:
                Script(Records(connection, now), self.behaviour).play()
