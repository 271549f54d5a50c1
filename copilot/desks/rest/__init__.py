"""What connectors that speak JSON over HTTP share: one bounded client, and the errors its answers mean."""

from copilot.desks.rest.addresses import address_of
from copilot.desks.rest.client import Answer, AnswerTooLargeError, Limits, Rest, Wire
from copilot.desks.rest.failures import Vendor

__all__ = ["Answer", "AnswerTooLargeError", "Limits", "Rest", "Vendor", "Wire", "address_of"]
