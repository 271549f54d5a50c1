"""notmuch (Debian's package) on generated messages: what a quick mail client takes for the same operations.

Each figure is that of a whole command, with the start of its process, which is how its front ends call it.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from copilot.domain import Thread
from tests.bench.generate import Generator, read_texts

Beside = Mapping[str, str]
"""By the name of our figure: theirs, in words."""
_REPEATS = 5
_LENGTHS = (10, 200, 2_000)


def measure_mail_client(tickets: int) -> Beside:
    """Give it the generator's first tickets as mails, and time search and opening; empty where it is missing."""
    program = shutil.which("notmuch")
    if program is None:
        print("notmuch is not installed: no mail client beside", flush=True)
        return {}
    with tempfile.TemporaryDirectory(prefix="sidedesk-mail-") as folder:
        return _measure(program, Path(folder), tickets)


def _measure(program: str, folder: Path, tickets: int) -> Beside:
    count = _write_mails(folder, tickets)
    config = folder / "config"
    config.write_text(
        f"[database]\npath={folder}/mail\n[user]\nname=Sam\nprimary_email=sam.lee@example.com\n",
        encoding="utf-8",
    )
    environment = os.environ | {"NOTMUCH_CONFIG": str(config)}

    def run(*arguments: str) -> float:
        began = time.perf_counter()
        subprocess.run([program, *arguments], check=True, capture_output=True, env=environment)
        return time.perf_counter() - began

    took = run("new")
    print(f"notmuch: {count:,} mails of {tickets:,} tickets, indexed in {took:.1f} s", flush=True)
    words = sorted({w.lower() for text in read_texts().sentences for w in text.split() if w.isalpha()})
    chosen = [word for word in words if 5 <= len(word) <= 9][:: len(words) // _REPEATS][:_REPEATS]
    found = {"search, painted": [run("search", "--limit=200", word) for word in chosen]}
    found["view switch"] = [run("search", "--limit=200", "*") for _ in range(_REPEATS)]
    for length in _LENGTHS:
        query = f"id:long-{length}-0@bench.example"
        found[f"ticket open, {length:,} messages"] = [
            run("show", "--entire-thread=true", "--format=json", query) for _ in range(_REPEATS)
        ]
    return {name: _words(times) for name, times in found.items()}


def _words(times: Sequence[float]) -> str:
    return f"notmuch p50 {statistics.median(times) * 1000:.0f}, largest {max(times) * 1000:.0f}"


def _write_mails(folder: Path, tickets: int) -> int:
    box = folder / "mail" / "cur"
    box.mkdir(parents=True)
    generator = Generator(tickets)
    count = 0
    for thread in (*(generator.long_thread(length) for length in _LENGTHS), *generator.threads()):
        for place in range(len(thread.messages)):
            (box / f"{count}:2,").write_bytes(_mail(thread, place).as_bytes())
            count += 1
    return count


def _mail(thread: Thread, place: int) -> EmailMessage:
    message = thread.messages[place]
    mail = EmailMessage()
    mail["From"] = message.author.email or "bot@bench.example"
    mail["To"] = "support@bench.example"
    mail["Subject"] = " ".join(thread.snapshot.subject.split())
    mail["Date"] = format_datetime(message.created)
    mail["Message-ID"] = f"<{message.remote_id}@bench.example>"
    if place:
        mail["In-Reply-To"] = f"<{thread.messages[0].remote_id}@bench.example>"
    mail.set_content(message.text)
    return mail
