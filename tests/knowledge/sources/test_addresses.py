from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.knowledge.sources.addresses import Prefix, normal


@pytest.mark.parametrize(
    ("address", "one_spelling"),
    [
        ("HTTPS://Acme.Example:443/Help#top", "https://acme.example/Help"),
        ("http://acme.example", "http://acme.example/"),
        ("https://acme.example/a?utm_source=x&id=3&gclid=9", "https://acme.example/a?id=3"),
        ("https://acme.example/a?b=%20&c", "https://acme.example/a?b=%20&c"),
        ("https://acme.example/help/../admin", "https://acme.example/admin"),
        ("https://acme.example/help/%2e%2E/admin/", "https://acme.example/admin/"),
        ("https://acme.example/help/./a/..", "https://acme.example/help/"),
        ("//acme.example/../../etc", "https://acme.example/etc"),
        ("page.html", "https://acme.example/help/page.html"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("javascript:alert(1)", ""),
        ("mailto:a@acme.example", ""),
        ("http://acme.example:99999/", ""),
        ("http://[broken", ""),
        ("file:///etc/passwd", ""),
    ],
)
def test_one_spelling(address: str, one_spelling: str) -> None:
    assert normal(address, "https://acme.example/help/") == one_spelling


@given(st.text())
def test_any_text_has_a_spelling_that_stays(text: str) -> None:
    once = normal(text, "https://acme.example/help/")
    assert normal(once) == once


@pytest.mark.parametrize(
    ("address", "held"),
    [
        ("https://acme.example/help", True),
        ("https://acme.example/help/returns?x=1", True),
        ("https://acme.example/helpers", False),
        ("https://acme.example/help/../admin", False),
        ("https://acme.example.evil.example/help/", False),
        ("https://user@acme.example/help/", True),
        ("https://acme.example:8443/help/", False),
        ("http://acme.example/help/", False),
    ],
)
def test_what_lies_under_a_prefix(address: str, held: bool) -> None:
    assert Prefix("https://acme.example/help/").holds(address) is held
    assert Prefix("https://acme.example/help/index.html").holds(address) is held


def test_a_site_may_move_to_https() -> None:
    assert Prefix("http://acme.example/help").holds("https://acme.example/help/a")
