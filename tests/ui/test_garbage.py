from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import until
from ui.garbage import GarbageCollector


class Cycle(QObject):
    """Kept alive by itself alone."""

    def __init__(self, died_on: list[int]) -> None:
        super().__init__()
        self.itself = self
        weakref.finalize(self, lambda: died_on.append(threading.get_ident()))


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[GarbageCollector]:
    made = GarbageCollector()
    made._timer.setInterval(10)
    yield made
    made.stop()
    gc.disable()  # as tests/conftest.py wants it


async def test_cycles_die_on_the_windows_thread(collector: GarbageCollector) -> None:
    assert not gc.isenabled()
    died_on: list[int] = []
    Cycle(died_on)

    def allocate() -> None:
        """What would make Python collect, on this thread."""
        for _ in range(5):
            keep: list[object] = [[] for _ in range(2000)]
            keep.append(keep)

    worker = threading.Thread(target=allocate)
    worker.start()
    worker.join()
    assert died_on == []
    await until(lambda: died_on)
    assert died_on == [threading.main_thread().ident]


def test_stopping_gives_the_work_back(qapp: QApplication) -> None:
    made = GarbageCollector()
    made.stop()
    assert gc.isenabled()
    gc.disable()
