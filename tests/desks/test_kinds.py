"""What the connection page lists can be opened, and is imported only then."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from copilot.desks.kinds import PACKAGES, SignIn, desk_kinds, kind_of, open_desk
from copilot.domain import DeskId
from copilot.errors import UserError


@pytest.mark.parametrize("key", PACKAGES)
def test_a_kind_says_what_to_fill_in_and_where_it_is_found(key: str) -> None:
    kind = kind_of(key)
    assert kind.key == key
    assert kind.name
    assert kind.help
    assert len({field.key for field in kind.fields}) == len(kind.fields)
    assert any(field.secret for field in kind.fields)
    assert find_spec(f"copilot.desks.{key}.connecting") is not None


def test_listing_them_imports_no_http_client() -> None:
    told = (
        "import sys; from copilot.desks.kinds import desk_kinds; desk_kinds(); print('httpx' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


async def test_a_kind_of_a_newer_version_is_told_as_one() -> None:
    assert "carrier_pigeon" not in {kind.key for kind in desk_kinds()}
    with pytest.raises(UserError, match="cannot connect"):
        await open_desk("carrier_pigeon", SignIn(desk_id=DeskId("x"), name="X", values={}))
