"""The connector for Freshdesk keeps the contract of desks, over a strict stand-in."""

from __future__ import annotations

from tests.desks.contract import DeskContract
from tests.desks.freshdesk.fake_freshdesk import FakeFreshdesk
from tests.desks.overstandin import ContractOverStandIn


class TestFreshdesk(ContractOverStandIn, DeskContract):
    standin = FakeFreshdesk
    wrong = "key"
    custom_field = "Order number"
    another_custom_field = "Escalation reason"
    tickets_for_two_pages = 101
