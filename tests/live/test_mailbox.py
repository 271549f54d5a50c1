"""A mailbox on real servers: OAuth, bounces, and how soon a new mail is in the store."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from copilot.desks.kinds import SignIn
from copilot.desks.mailbox.account import Limits, account_of
from copilot.desks.mailbox.desk import Mailbox
from copilot.desks.mailbox.line import Line
from copilot.desks.mailbox.signing import Grant, Tokens
from copilot.desks.mailbox.submission import Submission
from copilot.domain import DeskId, Reply, Role
from copilot.errors import AuthError
from copilot.events import Event, EventStream, ThreadChanged
from copilot.store import Store
from copilot.sync import Intake, Puller
from tests.live.mail import CUSTOMER, SUPPORT, Mail, a_letter

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]


def token(mail: Mail, seconds: int) -> str:
    """A token as the identity provider signs them (JWT, HS256)."""
    key = Path(mail.info["jwt_hs256_key_file"]).read_bytes()
    now = int(time.time())
    claims = {"email": SUPPORT, "sub": SUPPORT, "iat": now - 10, "exp": now + seconds}
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = base64.urlsafe_b64encode(hmac.digest(key, signed, hashlib.sha256)).rstrip(b"=")
    return (signed + b"." + signature).decode()


def by_oauth(mail: Mail, monkeypatch: pytest.MonkeyPatch, seconds: int) -> Mailbox:
    """The connector with a provider that gives out tokens of so many seconds."""

    class Answer:
        status_code, is_success = 200, True

        def json(self) -> dict[str, object]:
            return {"access_token": token(mail, seconds), "expires_in": 3600}

    monkeypatch.setattr(httpx, "post", lambda *_, **__: Answer())
    values = {
        "address": SUPPORT,
        "imap": f"localhost:{mail.info['imap_port']}",
        "smtp": f"localhost:{mail.info['submission_port']}",
    }
    account = account_of(SignIn(desk_id=DeskId("mail"), name="Support", values=values))
    grant = Grant(token_url="https://id.test/token", client_id="c", client_secret="", refresh_token="r")
    tokens, limits = Tokens(SUPPORT, grant, mail.tls), Limits()
    submission = Submission(account, tokens, mail.tls, limits)
    return Mailbox(account, lambda: Line(account, tokens, mail.tls, limits), submission, limits)


async def test_oauth_signs_in_to_both_servers(mail: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = by_oauth(mail, monkeypatch, seconds=600)
    check = await desk.check()
    assert check.me.email == SUPPORT
    assert {"INBOX", "Sent"} <= {queue.name for queue in check.queues}
    assert check.missing == ()
    await desk.aclose()


async def test_a_token_that_has_ended_asks_for_a_new_sign_in(
    mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = by_oauth(mail, monkeypatch, seconds=-60)
    with pytest.raises(AuthError):
        await desk.whoami()
    await desk.aclose()


@pytest.fixture
async def desk(mail: Mail) -> AsyncIterator[Mailbox]:
    desk = await mail.desk()
    yield desk
    await desk.aclose()


async def test_a_bounce_comes_back_to_the_ticket_as_a_machines_word(mail: Mail, desk: Mailbox) -> None:
    letter = a_letter("Bouncing", "Please answer.", CUSTOMER, SUPPORT)
    letter["Reply-To"] = mail.info["bounce_address"]
    ticket = await asyncio.to_thread(mail.open_ticket, letter)
    await desk.reply(ticket, Reply(text="Here you are."), key="bounce", version=None)
    async with asyncio.timeout(30):
        while len(messages := (await desk.thread(ticket)).messages) < 3:  # noqa: ASYNC110 - another process returns it
            await asyncio.sleep(0.1)
    assert [message.author.role for message in messages] == [Role.REQUESTER, Role.REP, Role.SYSTEM]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(tmp_path / "store.sqlite3")
    yield store
    await store.aclose()


async def test_a_new_mail_is_in_the_store_within_five_seconds(
    mail: Mail, desk: Mailbox, store: Store
) -> None:
    """Polls are a minute apart, so that only IDLE can be so quick. Prints what it took."""
    events, changed = EventStream(), asyncio.Event()

    def hear(event: Event) -> None:
        if isinstance(event, ThreadChanged):
            changed.set()

    await Puller(Intake(desk, store), store, events).pull()
    events.subscribe(hear)
    running = asyncio.create_task(Puller(Intake(desk, store), store, events).run_forever(60.0))
    took: list[float] = []
    for n in range(5):
        await asyncio.sleep(1.5)  # IDLE has begun, and the gap between two polls is over
        changed.clear()
        began = time.monotonic()
        letter = a_letter(f"Quick {n}", "Are you there?", "second@client.test", SUPPORT)
        await asyncio.to_thread(mail.send, letter)
        async with asyncio.timeout(20):
            await changed.wait()
        took.append(time.monotonic() - began)
    running.cancel()
    await asyncio.wait({running})
    print(f"mail handed to SMTP -> in the store: {', '.join(f'{seconds:.2f}' for seconds in took)} s")
    assert max(took) < 5
