"""Keeps the store in step with each desk: `pull` reads changes, `outbox` carries the rep's decisions out."""

from copilot.sync.delays import Patience
from copilot.sync.intake import Intake
from copilot.sync.outbox import OutboxSender
from copilot.sync.pull import Puller

__all__ = ["Intake", "OutboxSender", "Patience", "Puller"]
