"""Cyclic garbage is collected on the window's thread, and on no other.

Python collects it on whichever thread happens to allocate. With the store and the workspace's helpers running Python
on threads of their own, a Qt object caught in a cycle would be destroyed there, which Qt forbids and which ends the
program with a segmentation fault: tests of the screen followed by tests of the workspace did so each time.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_TICK_MS = 1000


class GarbageCollector(QObject):
    """Stands in for Python's own collector while it lives; `stop` gives the work back."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        # What is there at the start stays: not looking at it again keeps a collection within a frame.
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start()

    def stop(self) -> None:
        """Collect what is left here and now, then let Python do it again."""
        self._timer.stop()
        gc.unfreeze()
        gc.collect()
        gc.enable()

    def _on_tick(self) -> None:
        """Collect the oldest generation that is due, by Python's own thresholds."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return
