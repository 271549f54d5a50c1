"""Every way a request to a model can fail, in words for the user.

The provider's own text is never among them: it may quote the ticket.
"""

from __future__ import annotations

import json
import socket
import ssl
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2
from pydantic_ai import exceptions as library

from copilot.errors import (
    BadOutputError,
    ModelBusyError,
    ModelError,
    ModelKeyError,
    ModelQuotaError,
    ModelRefusedError,
    ModelUnreachableError,
    TooLongError,
)
from copilot.models.addresses import host_of
from copilot.models.http import OversizedError, RedirectedError
from copilot.models.offers import Offer

_LATER = "Sidedesk tries again by itself; another model stands in where the policy has one."


def in_words(error: BaseException, offer: Offer) -> ModelError:
    """What a failure of the library, of the vendor's client or of the network means.

    Raises the error itself when it is none of these: then it is a bug of ours.
    """
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ModelError):
            return cause
    return _of_connection(causes, offer) or _of_provider(error, offer) or _of_answer(causes, offer)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, outermost first; groups are opened."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
        waiting.extend(cause for cause in (one.__cause__, one.__context__) if cause is not None)


def _of_connection(causes: list[BaseException], offer: Offer) -> ModelError | None:
    name, host = offer.provider.name, host_of(offer.provider.url)
    if proxy := _lost_proxy(causes, offer):
        return ModelUnreachableError(
            f"The proxy {proxy} on the way to {name} does not answer.",
            "Correct HTTP_PROXY or HTTPS_PROXY in the environment, or name the host in NO_PROXY.",
        )
    for cause in causes:
        if isinstance(cause, RedirectedError):
            target = host_of(str(cause)) or "another path"
            return ModelRefusedError(
                f"{name} at {host} sends requests on to {target}; they were not followed.",
                "Enter the address that it leads to, if you trust it with the key and the tickets.",
            )
        if isinstance(cause, OversizedError):
            return BadOutputError(f"{name} answered with more than any model writes.", "Check the address.")
        if isinstance(cause, ssl.SSLError):
            return _tls(cause, name, host)
        if isinstance(cause, httpx2.ProxyError):
            return ModelUnreachableError(
                f"The proxy on the way to {name} refused.", "Check the proxy's settings in the environment."
            )
        if isinstance(cause, socket.gaierror):
            return ModelUnreachableError(f"Nobody knows the name {host}.", f"Check the address of {name}.")
        if isinstance(cause, ConnectionRefusedError):
            return ModelUnreachableError(
                f"Nothing listens at {host}.", f"Start {name}, or check its address and port."
            )
    timed_out = (
        TimeoutError,
        httpx2.TimeoutException,
        library.ModelTimeoutError,
        library.ModelRequestTimeout,
    )
    if any(isinstance(cause, timed_out) for cause in causes):
        return ModelUnreachableError(f"{name} took too long to answer.", _LATER)
    return None


def _lost_proxy(causes: list[BaseException], offer: Offer) -> str:
    """The proxy that was asked for the connection and is not there; empty when none is in the way."""
    if not any(isinstance(cause, ConnectionRefusedError | socket.gaierror) for cause in causes):
        return ""
    parts = urlsplit(offer.provider.url)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return ""
    proxies = urllib.request.getproxies()
    return host_of(proxies.get(parts.scheme) or proxies.get("all") or "")


def _tls(error: ssl.SSLError, name: str, host: str) -> ModelError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return ModelUnreachableError(
            f"The certificate of {host} is not trusted ({error.verify_message}).",
            f"If {name} has a certificate of your own authority, name its file in the settings.",
        )
    return ModelUnreachableError(
        f"No secure connection to {host} could be made.",
        "Check whether the address begins with http or https.",
    )


def _of_provider(error: BaseException, offer: Offer) -> ModelError | None:
    name = offer.provider.name
    if isinstance(error, library.ModelQuotaExceededError):
        return ModelQuotaError(
            f"The account at {name} has no credit left.", "Add credit there, or use another provider."
        )
    if isinstance(error, library.ModelRateLimitError):
        return ModelBusyError(
            f"{name} takes no more requests for now.", _LATER, retry_after_seconds=error.retry_after
        )
    if isinstance(error, library.ModelUnavailableError):
        loading = "loading" in str(error.body).lower()
        words = f"{name} is still loading the model." if loading else f"{name} is overloaded."
        return ModelBusyError(words, _LATER, retry_after_seconds=error.retry_after)
    if isinstance(error, library.ModelContextWindowExceededError) or _is_too_long(error):
        return TooLongError(
            f"The ticket is too long for {offer.model.name}.", "Use a model that reads longer texts."
        )
    if isinstance(error, library.ModelAuthenticationError):
        return ModelKeyError(f"{name} does not accept the key.", "Enter it again in the settings.")
    if isinstance(error, library.ModelNotFoundError):
        return ModelRefusedError(
            f"{name} knows no model named {offer.model.name} at {offer.provider.url}.",
            "Check the model's name, and that the address is complete (many end in /v1).",
        )
    return _of_status(error, name)


def _of_status(error: BaseException, name: str) -> ModelError | None:
    if isinstance(error, library.ModelHTTPError):
        if error.status_code == 407:
            return ModelUnreachableError(
                f"The proxy on the way to {name} wants a password.", "Set it in the environment."
            )
        if error.status_code >= 500 or error.in_stream:
            return ModelUnreachableError(f"{name} failed inside (HTTP {error.status_code}).", _LATER)
        code = error.provider_error_code or error.provider_error_type or f"HTTP {error.status_code}"
        return ModelRefusedError(
            f"{name} refused the request ({_short(code)}).", "Check the model and its settings."
        )
    if isinstance(error, library.ModelServerError):
        return ModelUnreachableError(f"{name} failed inside.", _LATER)
    if isinstance(error, library.ContentFilterError):
        return ModelRefusedError(
            f"{name}'s own filter refused to answer.",
            "Another model may; the built-in engine does not filter.",
        )
    return None


def _is_too_long(error: BaseException) -> bool:
    """llama.cpp's own words, which the library files under requests refused."""
    return isinstance(error, library.ModelHTTPError) and "exceed_context_size" in str(error.body)


def _of_answer(causes: list[BaseException], offer: Offer) -> ModelError:
    name = offer.provider.name
    if any(isinstance(cause, library.ModelConnectionError | httpx2.TransportError) for cause in causes):
        return ModelUnreachableError(f"The connection to {name} broke.", _LATER)
    if any(isinstance(cause, json.JSONDecodeError) for cause in causes):
        return _no_protocol(name)
    if any(isinstance(cause, library.ModelAPIError | library.UnexpectedModelBehavior) for cause in causes):
        return _no_protocol(name)
    raise causes[0]


def _no_protocol(name: str) -> ModelError:
    return ModelUnreachableError(
        f"What answers at the address of {name} does not speak its protocol, or broke off.",
        "Check the address; many end in /v1.",
    )


def _short(code: str) -> str:
    """A provider's error code, if it is one: identifiers only, so that no text of a ticket can be in it."""
    return (
        code
        if len(code) <= 60 and code.replace("_", "").replace(" ", "").replace("-", "").isalnum()
        else "no code"
    )
