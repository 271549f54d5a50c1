"""The connector for FreeScout keeps the contract of desks, over a strict stand-in."""

from __future__ import annotations

from tests.desks.contract import DeskContract
from tests.desks.freescout.fake_freescout import FakeFreeScout
from tests.desks.overstandin import ContractOverStandIn


class TestFreeScout(ContractOverStandIn, DeskContract):
    standin = FakeFreeScout
    wrong = "key"
    custom_field = "Order number"
    another_custom_field = "Model"
    tickets_for_two_pages = 101
