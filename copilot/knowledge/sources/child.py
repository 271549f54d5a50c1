"""The process in which documents are parsed: takes one after another until nobody asks any more."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from dataclasses import asdict
from multiprocessing.connection import Connection

from copilot.knowledge.sources.formats.parsed import Form, Parsed, UnreadableError

READY = b"ready"
_MEMORY_BYTES = 2_000_000_000
_NICENESS = 10


def serve(asked: Connection) -> None:
    """Answer requests: a header in JSON and the content, each as bytes; the answer is JSON too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which then ends us
    _stay_small()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        asked.send_bytes(READY)
        while True:
            header = json.loads(asked.recv_bytes())
            asked.send_bytes(json.dumps(_answer(header, asked.recv_bytes())).encode())


def parse(form: Form, content: bytes, *, url: str = "", declared: str = "") -> Parsed:
    """The words of a document. Raises `UnreadableError`, or whatever a library raises."""
    if form is Form.PDF:
        from copilot.knowledge.sources.formats.pdf import parse_pdf

        return parse_pdf(content)
    if form is Form.DOCX:
        from copilot.knowledge.sources.formats.docx import parse_docx

        return parse_docx(content)
    if form is Form.PAGE:
        from copilot.knowledge.sources.formats.page import parse_page

        return parse_page(content, url=url, declared=declared)
    if form is Form.HTML:
        from copilot.knowledge.sources.formats.html import parse_html

        return parse_html(content)
    from copilot.knowledge.sources.formats.text import parse_markdown, parse_text

    return parse_markdown(content) if form is Form.MARKDOWN else parse_text(content)


def _answer(header: dict[str, str], content: bytes) -> dict[str, object]:
    form = Form(header.pop("form"))
    try:
        return {"parsed": asdict(parse(form, content, **header))}
    except UnreadableError as error:
        return {"problem": str(error)}
    except (MemoryError, RecursionError):
        return {"problem": "The document takes too much memory to read."}
    except Exception as error:  # noqa: BLE001  a parser fails in ways of its own; the document is at fault, not we
        return {"problem": f"The document is damaged or not what its name says ({type(error).__name__})."}


def _stay_small() -> None:
    """Take what is left of the processor, and no more memory than a large document needs."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(_NICENESS)
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, most))
