from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.desks.contract")
pytest.register_assert_rewrite("tests.desks.faults")
