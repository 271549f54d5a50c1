"""A fake mail server with a certificate of its own, and the connector on it."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import which

import pytest

from copilot.desks.kinds import SignIn
from copilot.desks.mailbox.account import Limits
from copilot.desks.mailbox.connecting import connect
from copilot.desks.mailbox.desk import Mailbox
from copilot.domain import DeskId
from tests.desks.mailbox.fake_mail import PASSWORD, FakeMail

LIMITS = Limits(connect_seconds=2, quiet_seconds=0.5, page=5)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost, in one file."""
    openssl = which("openssl")
    if openssl is None:
        pytest.skip("openssl makes the test server's certificate, and is not here")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *(
                openssl,
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
            ),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "certificate.pem"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
async def server(certificate: Path) -> AsyncIterator[FakeMail]:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate / "certificate.pem", certificate / "key.pem")
    server = FakeMail(tls)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def desk(server: FakeMail, certificate: Path) -> AsyncIterator[Mailbox]:
    desk = await a_desk(server, certificate)
    yield desk
    await desk.aclose()


async def a_desk(server: FakeMail, certificate: Path, **values: str) -> Mailbox:
    """The connector, signed in as Agnes."""
    filled = {
        "address": "support@shop.test",
        "rep": "Agnes <agnes@shop.test>",
        "password": PASSWORD,
        "imap": f"localhost:{server.imap_port}",
        "smtp": f"localhost:{server.smtp_port}",
    } | values
    trusted = ssl.create_default_context(cafile=str(certificate / "certificate.pem"))
    sign_in = SignIn(desk_id=DeskId("mail"), name="Support", values=filled)
    return await connect(sign_in, tls=trusted, limits=LIMITS)
