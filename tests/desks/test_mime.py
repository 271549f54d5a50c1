"""Messages made of broken and unusual mails, through every connector that has a stand-in: no crash, nothing lost."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from copilot.text.mime import parse_mail
from tests.desks.chatwoot.fake_chatwoot import FakeChatwoot
from tests.desks.contract import pages_since, said, tickets_in, words_in
from tests.desks.freescout.fake_freescout import FakeFreeScout
from tests.desks.freshdesk.fake_freshdesk import FakeFreshdesk
from tests.desks.front.fake_front import FakeFront
from tests.desks.github.fake_github import FakeGitHub
from tests.desks.help_scout.fake_help_scout import FakeHelpScout
from tests.desks.intercom.conftest import Server as FakeIntercom
from tests.desks.zammad.fake_zammad import FakeZammad
from tests.desks.zendesk.conftest import Server as FakeZendesk

MAILS = Path(__file__).parents[3] / "shared/data/mime-robustness/dev.jsonl"
STANDINS = (
    FakeZendesk,
    FakeIntercom,
    FakeFront,
    FakeHelpScout,
    FakeChatwoot,
    FakeFreshdesk,
    FakeZammad,
    FakeFreeScout,
    FakeGitHub,
)


def texts() -> Iterator[tuple[str, str]]:
    """Subject and words of each mail of the set that has any."""
    for line in MAILS.read_text(encoding="utf-8").splitlines():
        mail = parse_mail(base64.b64decode(json.loads(line)["eml_base64"]))
        if words_in(mail.text):
            yield mail.subject or "No subject", mail.text


@pytest.mark.skipif(not MAILS.exists(), reason="the set of mails is not beside this repository")
@pytest.mark.parametrize("standin", STANDINS)
async def test_words_of_any_mail_arrive(standin: type[Any]) -> None:
    server = standin()
    made = {await server.make_ticket(subject, text): text for subject, text in texts()}
    assert made
    desk = await server.desk()
    assert set(tickets_in(await pages_since(desk, None))) >= set(made)
    for ticket, text in made.items():
        assert said(await desk.thread(ticket), text), text
    await desk.aclose()
