"""A server in the building with a certificate of the team's own authority."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from copilot.errors import ModelRefusedError, ModelUnreachableError
from copilot.models.base import TicketFacts
from tests.models.conftest import GOOD, Bench, Sketch, asking, provider
from tests.models.fault_server import fault_server, says

pytest.importorskip("cryptography", reason="makes the certificates; it comes with the keyring on Linux only")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, in one PEM file; it is its own authority."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nestbox authority")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "own.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path


def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_a_stranger_is_not_trusted(bench: Bench, certificate: Path) -> None:
    async with fault_server(says(GOOD), tls=tls(certificate)) as server:
        bench.connect(provider(server.url))
        with pytest.raises(ModelUnreachableError, match=r"The certificate of 127.0.0.1 is not trusted"):
            await bench.writer.write(asking(), TicketFacts(), Sketch)
    assert server.requests == []


async def test_the_teams_own_authority_is(bench: Bench, certificate: Path) -> None:
    async with fault_server(says(GOOD), tls=tls(certificate)) as server:
        bench.connect(provider(server.url).model_copy(update={"ca_file": str(certificate)}))
        assert (await bench.writer.write(asking(), TicketFacts(), Sketch)).value.intent == "reset"


async def test_a_file_that_is_no_certificate_is_told(bench: Bench, tmp_path: Path) -> None:
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("no certificate")
    bench.connect(provider("https://127.0.0.1:9/v1").model_copy(update={"ca_file": str(nonsense)}))
    with pytest.raises(ModelRefusedError, match="certificate file"):
        await bench.writer.write(asking(), TicketFacts(), Sketch)
