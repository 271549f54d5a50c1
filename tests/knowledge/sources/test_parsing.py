"""The parsing process: what a document may do to it, and what not."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from copilot.knowledge.sources.base import Limits
from copilot.knowledge.sources.formats.parsed import Form, UnreadableError
from copilot.knowledge.sources.parsing import Parser
from tests.knowledge.sources.make import pdf

SLOW = b"<p>" + b"<b>x</b> <i>y</i> " * 400_000
"""Takes seconds to turn into Markdown."""


def process_of(parser: Parser) -> int:
    assert parser._process is not None
    assert parser._process.pid is not None
    return parser._process.pid


async def test_a_document_that_takes_too_long_is_given_up() -> None:
    parser = Parser(Limits(parse_seconds=0.3))
    with pytest.raises(UnreadableError, match=r"longer than 0\.3 s"):
        await parser.parse(Form.HTML, SLOW)
    await parser.aclose()


async def test_after_a_crash_the_next_document_is_read() -> None:
    parser = Parser()
    assert (await parser.parse(Form.TEXT, b"One.")).text == "One."
    slow = asyncio.create_task(parser.parse(Form.HTML, SLOW))
    await asyncio.sleep(0)
    os.kill(process_of(parser), signal.SIGKILL)
    with pytest.raises(UnreadableError, match="made the parser fail"):
        await slow
    assert (await parser.parse(Form.TEXT, b"Two.")).text == "Two."
    await parser.aclose()


async def test_cancelling_ends_the_work() -> None:
    parser = Parser()
    await parser.parse(Form.TEXT, b"One.")
    first = process_of(parser)
    slow = asyncio.create_task(parser.parse(Form.HTML, SLOW))
    await asyncio.sleep(0)
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    assert (await parser.parse(Form.PDF, pdf([(11, "Three.")]))).text == "Three."
    assert process_of(parser) != first
    await parser.aclose()


async def test_it_rests_and_wakes() -> None:
    parser = Parser()
    await parser.parse(Form.TEXT, b"One.")
    await parser.rest()
    assert parser._process is None
    assert (await parser.parse(Form.TEXT, b"Two.")).text == "Two."
    await parser.aclose()
