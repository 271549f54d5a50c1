from __future__ import annotations

import pytest

from copilot.models.addresses import host_of, is_inside


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:11434/v1",
        "http://127.0.0.1:8080",
        "http://[::1]:8080/v1",
        "http://10.1.2.3/v1",
        "http://172.31.0.9",
        "http://192.168.1.20",
        "http://[fd00::1]/v1",
        "http://[::ffff:10.0.0.1]/v1",
        "https://llm.internal/v1",
        "http://gpu-box:8000/v1",
        "http://box.home.arpa",
        "http://LOCALHOST./v1",
    ],
)
def test_in_the_building(url: str) -> None:
    assert is_inside(host_of(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com/v1",
        "http://8.8.8.8",
        "http://172.32.0.1",
        "http://[2001:db8::1]/",
        "http://[::ffff:8.8.8.8]/",
        "http://0.0.0.0",
        "http://localhost.example.com",
        "http://127.0.0.1.nip.io",
        "http://user@evil.example:80@127.0.0.1.evil.example/",
        "not an address",
        "http://",
        "http://[",
    ],
)
def test_outside(url: str) -> None:
    assert not is_inside(host_of(url))
