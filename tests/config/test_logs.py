"""The log tells where it went wrong and never what a customer wrote."""

from __future__ import annotations

import json
from pathlib import Path

import structlog

from copilot.config.logs import FILE_NAME, end_log, start_log


def test_an_error_is_logged_by_its_place_without_its_words(tmp_path: Path) -> None:
    handler = start_log(tmp_path)
    log = structlog.get_logger("copilot.tests")
    try:
        log.info("sync.page", tickets=3)
        try:
            raise ValueError("My card number is 4111 1111 1111 1111")  # noqa: TRY301  the words a parser chokes on
        except ValueError:
            log.exception("brief.failed", ticket=7)
    finally:
        end_log(handler)
        structlog.reset_defaults()
    first, second = [json.loads(line) for line in (tmp_path / FILE_NAME).read_text().splitlines()]
    assert (first["event"], first["tickets"], first["level"]) == ("sync.page", 3, "info")
    assert (second["event"], second["ticket"], second["error"]) == ("brief.failed", 7, "ValueError")
    assert second["places"][-1].startswith("test_logs.py:")
    assert "4111" not in (tmp_path / FILE_NAME).read_text()
