"""The program's own log: one JSON object a line in the workspace's folder, a few files in turn, ids only.

What goes wrong is told on the screen; the log is for whoever looks into it later. It carries no customer text: events
have names, and values are ids, counts and the names of errors.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

import structlog

FILE_NAME = "sidedesk.log"
FILE_BYTES = 1_000_000
OLD_FILES = 3
PACKAGES = ("copilot", "ui")


def start_log(folder: Path) -> logging.Handler:
    """Write the log into `folder` from now on; `SIDEDESK_LOG` in the environment names the level (default: info).

    The answer is closed by `end_log`.
    """
    level = logging.getLevelName(os.environ.get("SIDEDESK_LOG", "info").upper())
    handler = RotatingFileHandler(
        folder / FILE_NAME, maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(_MessageOnly())
    for name in PACKAGES:
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(level if isinstance(level, int) else logging.INFO)
        logger.propagate = False
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _places_only,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return handler


def end_log(handler: logging.Handler) -> None:
    """Stop writing and close the file."""
    for name in PACKAGES:
        logging.getLogger(name).removeHandler(handler)
    handler.close()


class _MessageOnly(logging.Formatter):
    """Leaves out the traceback that logging would add, with its words; `_places_only` has kept the rest."""

    def format(self, record: logging.LogRecord) -> str:
        return record.getMessage()


def _places_only(
    _logger: object, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """An exception becomes its type and the places it passed: its message could hold a customer's words."""
    problem = event.pop("exc_info", None)
    if problem is True:
        problem = sys.exc_info()[1]
    if isinstance(problem, BaseException):
        event["error"] = type(problem).__name__
        event["places"] = _places(problem)
    return event


def _places(problem: BaseException) -> list[str]:
    frames = traceback.extract_tb(problem.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
