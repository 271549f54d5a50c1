"""The connector for Zammad keeps the contract of desks, over a strict stand-in."""

from __future__ import annotations

import pytest

from tests.desks.contract import DeskContract
from tests.desks.overstandin import ContractOverStandIn
from tests.desks.zammad.fake_zammad import FakeZammad


class TestZammad(ContractOverStandIn, DeskContract):
    standin = FakeZammad
    custom_field = "order_number"
    another_custom_field = "model"
    recognises_by_key = True
    tickets_for_two_pages = 101


class TestZammadThatKeepsNoMarks(TestZammad):
    """An older or a changed Zammad that lets the preferences of articles fall."""

    recognises_by_key = False
    tickets_for_two_pages = 0

    @pytest.fixture
    def server(self) -> FakeZammad:
        server = FakeZammad()
        server.no_preferences = True
        return server
