"""How Request Tracker speaks of failures."""

from __future__ import annotations

from copilot.desks.request_tracker.wire import Said
from copilot.desks.rest import Vendor

CHECK_ADDRESS = (
    "Check the address: it is the one you open in the browser, without what follows the first page."
)
WHERE_TO_GET_ONE = "Make a new one in RT under Logged in as, Settings, Auth Tokens; it begins with 1-."


def _words(body: bytes) -> str:
    return Said.model_validate_json(body).message


def _elsewhere(location: str) -> str:
    return location.partition("/REST/")[0].partition("?")[0]


VENDOR = Vendor(
    name="Request Tracker",
    check_address=CHECK_ADDRESS,
    sign_in_again=WHERE_TO_GET_ONE,
    ask_for_right="Ask an RT administrator for the right.",
    sign_in="token",
    words=_words,
    elsewhere=_elsewhere,
    refuses_in_json=True,
)
