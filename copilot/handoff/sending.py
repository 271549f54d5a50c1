"""Escalations that go out of the desk: to Slack, Discord, Teams, WhatsApp, by mail or to a webhook, through apprise.

An address in apprise's form ("Supported Notifications" in its documentation) says where and carries the credentials, so
it is a secret. Only forms that speak TLS and check certificates are taken. apprise answers with yes or no and puts the
reason into its log; what can be told from there without quoting it is told to the rep.
"""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from copilot.errors import UserError

if TYPE_CHECKING:
    from apprise import NotifyBase

EXAMPLE = "For example slack://…, discord://…, workflows://… (Teams), whatsapp://…, mailtos://… or jsons://…"
_STATUS = re.compile(r"error=(\d{3})")
_REASONS = {
    "400": "it does not understand the message",
    "401": "it does not accept the credentials",
    "403": "it does not allow that",
    "404": "there is nothing at this address any more",
    "413": "the message is too long",
    "429": "it asks us to slow down",
}


class DestinationError(UserError):
    """A destination cannot be used, or did not take a message."""


async def kind_of(url: str) -> str:
    """What a destination's address leads to ("Slack"). Raises `DestinationError` when it is none, or is not safe."""
    return await asyncio.to_thread(lambda: str(_plugin(url).service_name))


async def send_out(url: str, title: str, text: str) -> None:
    """Send a message (Markdown). Raises `DestinationError` when the other side did not take it."""
    await asyncio.to_thread(_send, url, title, text)


def _send(url: str, title: str, text: str) -> None:
    from apprise import NotifyFormat

    plugin = _plugin(url)
    with _listening() as heard:
        taken = plugin.notify(title=title, body=text, body_format=NotifyFormat.MARKDOWN)
    if not taken:
        raise DestinationError(
            f"{plugin.service_name} did not take the message: {_reason(heard)}.",
            "Check the destination in the settings, then try again.",
        )


def _plugin(url: str) -> NotifyBase:
    from apprise import Apprise, AppriseAsset
    from apprise.common import OverflowMode, PersistentStoreMode

    asset = AppriseAsset(storage_mode=PersistentStoreMode.MEMORY, secure_logging=True)
    plugin = Apprise.instantiate(url.strip(), asset=asset, suppress_exceptions=True)
    if plugin is None:
        raise DestinationError("This is not the address of a destination.", EXAMPLE)
    scheme = url.strip().partition("://")[0].lower()
    safe = _names(getattr(plugin, "secure_protocol", None))
    if not safe or scheme not in {"https", *safe}:
        raise DestinationError("This destination would be written to without encryption.", EXAMPLE)
    unsafe_mail = str(getattr(plugin, "secure_mode", "starttls")) == "insecure"
    if not plugin.verify_certificate or unsafe_mail:
        raise DestinationError(
            "This destination would be trusted without checking its certificate.",
            "Take verify=no or mode=insecure out of its address.",
        )
    plugin.redirects = False  # a redirect would carry the packet to an address that nobody chose
    plugin.overflow_mode = OverflowMode.SPLIT
    return plugin


def _names(protocol: object) -> tuple[str, ...]:
    if isinstance(protocol, str):
        return (protocol,)
    return tuple(str(one) for one in protocol) if isinstance(protocol, tuple | list | set | frozenset) else ()


def _reason(heard: list[str]) -> str:
    status = next((found[1] for line in heard if (found := _STATUS.search(line))), "")
    if status:
        return _REASONS.get(status, f"it answered with HTTP {status}")
    if any("onnection error" in line for line in heard):
        return "it cannot be reached"
    return "it gave no reason that we understand"


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What apprise logs on this thread meanwhile."""
    heard: list[str] = []
    here = threading.get_ident()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == here:
                heard.append(record.getMessage())

    logger, ear = logging.getLogger("apprise"), Ear(level=logging.WARNING)
    logger.addHandler(ear)
    try:
        yield heard
    finally:
        logger.removeHandler(ear)
