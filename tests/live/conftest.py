"""One real Request Tracker, and one pair of mail servers, for all live tests of a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live import mail as mail_servers
from tests.live import rt as request_tracker
from tests.live.mail import Mail
from tests.live.rt import Rt

pytest.register_assert_rewrite("tests.desks.contract")


@pytest.fixture(scope="session")
def rt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rt]:
    """Queues Support, Billing, and Care with a lifecycle of its own, for the reps agent1 and agent2."""
    reason = request_tracker.why_not()
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("rt")
    server = request_tracker.start(folder)
    try:
        server.admin_now("queue", "Billing")
        server.admin_now("queue", "Care", "care")
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def mail() -> Iterator[Mail]:
    """Dovecot and Postfix with a support mailbox and two customers."""
    reason = mail_servers.why_not()
    if reason:
        pytest.skip(reason)
    servers = mail_servers.start()
    try:
        yield servers
    finally:
        servers.stop()
