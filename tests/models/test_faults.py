"""What a real HTTP client makes of servers that fail, and what the rep is told."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Mapping
from typing import Any

import pytest

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
from copilot.models import http
from copilot.models.base import TicketFacts
from tests.models.conftest import GOOD, Bench, Sketch, asking, provider
from tests.models.fault_server import (
    Behaviour,
    breaks_off,
    fault_server,
    floods,
    plays,
    refuses,
    says,
    sends_on,
    stalls,
)
from tests.models.wire_shapes import anthropic_stream, gemini_stream, openai_error, openai_stream

FACTS = TicketFacts()
HALF = openai_stream(['{"intent": "re', 'set", "text": "Ho'])[:3]


async def outcomes(bench: Bench) -> list[str]:
    calls = await bench.store.model_calls._database.read(
        lambda db: db.execute("SELECT outcome FROM model_answer ORDER BY call").fetchall()
    )
    return [outcome for (outcome,) in calls]


async def test_an_answer_comes_in_parts_and_whole(bench: Bench) -> None:
    parts: list[Mapping[str, Any]] = []
    async with fault_server(says(GOOD)) as server:
        bench.connect(provider(server.url))
        written = await bench.writer.write(asking(), FACTS, Sketch, on_partial=parts.append)
    assert written.value == Sketch(intent="reset", text="Hold the button.")
    assert written.model == "local/small"
    assert (written.usage.tokens_in, written.usage.tokens_out) == (120, 30)
    assert written.rule == "routine"
    assert parts
    assert "reset".startswith(str(parts[0].get("intent", "")))
    assert server.requests[0].body["stream"] is True
    assert server.requests[0].body["response_format"]["type"] == "json_schema"
    assert await outcomes(bench) == ["ok"]


@pytest.mark.parametrize(
    ("protocol", "events", "path"),
    [
        ("anthropic", anthropic_stream([GOOD[:9], GOOD[9:]]), "/v1/messages"),
        ("google", gemini_stream([GOOD[:9], GOOD[9:]]), "/v1beta/models/small:streamGenerateContent"),
        ("openai", openai_stream([GOOD[:9], GOOD[9:]]), "/v1/chat/completions"),
    ],
)
async def test_each_vendors_documented_stream_is_read(
    bench: Bench, protocol: str, events: list[bytes], path: str
) -> None:
    async with fault_server(plays(events)) as server:
        url = server.url if protocol == "openai" else server.root
        bench.connect(provider(url, protocol=protocol))  # type: ignore[arg-type]  # one of the three
        bench.keys["local"] = "sk-123"
        written = await bench.writer.write(asking(), FACTS, Sketch)
    (request,) = server.requests
    assert written.value.text == "Hold the button."
    assert (written.usage.tokens_in, written.usage.tokens_out) == (120, 30)
    assert request.path.partition("?")[0] == path
    assert "sk-123" in " ".join(request.headers.values())
    assert "sk-123" not in request.path


LOADING = json.dumps(
    {"error": {"message": "Loading model", "type": "unavailable_error", "code": 503}}
).encode()
TOO_LONG = json.dumps(
    {"error": {"code": 400, "message": "too long", "type": "exceed_context_size_error", "n_ctx": 4096}}
).encode()


@pytest.mark.parametrize(
    ("behaviour", "error", "words"),
    [
        (refuses("429 Too Many Requests", openai_error("slow down", kind="requests")), ModelBusyError, "no more"),
        (
            refuses("429 Too Many Requests", openai_error("pay", kind="insufficient_quota", code="insufficient_quota")),
            ModelQuotaError,
            "no credit",
        ),
        (refuses("402 Payment Required", openai_error("pay", kind="billing")), ModelQuotaError, "no credit"),
        (refuses("500 Internal Server Error", b"oops"), ModelUnreachableError, "failed inside"),
        (refuses("502 Bad Gateway", b"<html>nginx</html>"), ModelUnreachableError, "failed inside"),
        (refuses("503 Service Unavailable", LOADING), ModelBusyError, "still loading"),
        (refuses("401 Unauthorized", openai_error("bad", kind="auth", code="invalid_api_key")), ModelKeyError, "key"),
        (
            refuses("404 Not Found", openai_error("no", kind="invalid_request_error", code="model_not_found")),
            ModelRefusedError,
            "knows no model named small",
        ),
        (refuses("400 Bad Request", TOO_LONG), TooLongError, "too long"),
        (
            refuses("400 Bad Request", openai_error("Dear Amara Okoye, no", kind="invalid_request_error")),
            ModelRefusedError,
            "refused the request (invalid_request_error)",
        ),
        (plays([b"<html>Welcome</html>"], kind="text/html"), ModelError, "protocol"),
        (plays([b"data: {not json}\n\n"]), ModelUnreachableError, "protocol"),
        (breaks_off(HALF, last_bytes=40), ModelUnreachableError, "broke"),
        (plays(HALF), ModelUnreachableError, "broke"),
        (floods(), BadOutputError, "more than any model writes"),
        (floods(declared=True), BadOutputError, "more than any model writes"),
        (
            refuses("200 OK", b"\x1f\x8b" + b"x" * 50, {"Content-Encoding": "gzip"}),
            BadOutputError,
            "more than any model writes",
        ),
        (sends_on("http://collector.example/v1"), ModelRefusedError, "sends requests on to collector.example"),
    ],
)  # fmt: skip
async def test_a_failure_is_told_in_words(
    bench: Bench, behaviour: Behaviour, error: type[ModelError], words: str
) -> None:
    async with fault_server(behaviour) as server:
        bench.connect(provider(server.url))
        with pytest.raises(error) as caught:
            await bench.writer.write(asking(), FACTS, Sketch)
    assert words in caught.value.message
    assert "Amara" not in str(caught.value)
    assert len(server.requests) == 1
    assert server.sent_bytes < 3 * http.ANSWER_BYTES
    assert len(await outcomes(bench)) == 1


async def test_a_redirect_takes_neither_key_nor_text_to_another_host(bench: Bench) -> None:
    async with fault_server(says(GOOD)) as other, fault_server(sends_on(other.url)) as server:
        bench.connect(provider(server.url))
        bench.keys["local"] = "sk-123"
        with pytest.raises(ModelRefusedError):
            await bench.writer.write(asking(), FACTS, Sketch)
    assert len(server.requests) == 1
    assert other.requests == []


async def test_the_providers_own_delay_is_kept(bench: Bench) -> None:
    busy = refuses("429 Too Many Requests", openai_error("wait", kind="requests"), {"Retry-After": "37"})
    async with fault_server(busy) as server:
        bench.connect(provider(server.url))
        with pytest.raises(ModelBusyError) as caught:
            await bench.writer.write(asking(), FACTS, Sketch)
        assert caught.value.retry_after_seconds == 37
        assert 36 < bench.writer.health.resting_seconds("local/small") <= 37
        with pytest.raises(ModelError, match=r"rests for 3[67] s"):
            await bench.writer.write(asking(), FACTS, Sketch)
    assert len(server.requests) == 1


@pytest.mark.parametrize("events", [(), HALF], ids=["before the first word", "in mid-answer"])
async def test_silence_ends(bench: Bench, monkeypatch: pytest.MonkeyPatch, events: tuple[bytes, ...]) -> None:
    monkeypatch.setattr(http, "LOCAL", http.Limits(idle_seconds=0.2, total_seconds=30))
    async with fault_server(stalls(events)) as server:
        bench.connect(provider(server.url))
        with pytest.raises(ModelUnreachableError, match="took too long"):
            await bench.writer.write(asking(), FACTS, Sketch)
        await asyncio.wait_for(server.hung_up.wait(), 5)


async def test_an_answer_that_only_trickles_ends(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LOCAL", http.Limits(idle_seconds=30, total_seconds=0.3))
    async with fault_server(stalls(HALF)) as server:
        bench.connect(provider(server.url))
        with pytest.raises(ModelUnreachableError, match="took too long"):
            await bench.writer.write(asking(), FACTS, Sketch)
        await asyncio.wait_for(server.hung_up.wait(), 5)


async def test_cancelling_hangs_up_and_stands_in_the_ledger(bench: Bench) -> None:
    async with fault_server(stalls(HALF)) as server:
        bench.connect(provider(server.url))
        task = asyncio.create_task(bench.writer.write(asking(), FACTS, Sketch))
        await asyncio.wait_for(server.stalled.wait(), 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(server.hung_up.wait(), 5)
    await bench.writer.ledger.settle()
    assert await outcomes(bench) == ["cancelled"]


async def test_nobody_listening_is_told(bench: Bench) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, never listening
        bench.connect(provider(f"http://127.0.0.1:{taken.getsockname()[1]}/v1"))
        with pytest.raises(ModelUnreachableError, match="Nothing listens"):
            await bench.writer.write(asking(), FACTS, Sketch)


async def test_https_spoken_to_plain_http_is_told(bench: Bench) -> None:
    async with fault_server(says(GOOD)) as server:
        bench.connect(provider(server.url.replace("http:", "https:")))
        with pytest.raises(ModelUnreachableError, match="No secure connection"):
            await bench.writer.write(asking(), FACTS, Sketch)


async def test_a_malformed_answer_is_repaired(bench: Bench) -> None:
    async with fault_server(says("Sure! Here you go: {intent: reset"), says(GOOD)) as server:
        bench.connect(provider(server.url))
        written = await bench.writer.write(asking(), FACTS, Sketch)
    assert written.value.intent == "reset"
    assert (written.usage.tokens_in, written.usage.tokens_out) == (240, 60)
    roles = [message["role"] for message in server.requests[1].body["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert await outcomes(bench) == ["malformed", "ok"]


async def test_what_is_never_well_formed_is_refused(bench: Bench) -> None:
    async with fault_server(says('{"intent": 3}')) as server:
        bench.connect(provider(server.url))
        with pytest.raises(BadOutputError, match="3 times"):
            await bench.writer.write(asking(), FACTS, Sketch)
    assert len(server.requests) == 3
    assert await outcomes(bench) == ["malformed"] * 3


@pytest.mark.parametrize(
    "wrapping", ["```json\n{}\n```", "<think>Hm, {{}}?</think>\n{}", "Here it is:\n{} Bye."]
)
async def test_an_answer_in_wrapping_is_read(bench: Bench, wrapping: str) -> None:
    text = wrapping.replace("{{}}", "[]").replace("{}", GOOD)
    async with fault_server(says(text)) as server:
        bench.connect(provider(server.url, output="prompt"))
        assert (await bench.writer.write(asking(), FACTS, Sketch)).value.intent == "reset"
    assert "response_format" not in server.requests[0].body


async def test_another_model_stands_in(bench: Bench) -> None:
    async with (
        fault_server(refuses("500 Internal Server Error")) as broken,
        fault_server(says(GOOD)) as sound,
    ):
        bench.connect(provider(broken.url, name="first"), provider(sound.url, name="second"))
        written = await bench.writer.write(asking(), FACTS, Sketch)
        again = await bench.writer.write(asking(), FACTS, Sketch)
    assert written.model == again.model == "second/small"
    assert any("first/small was asked first" in note for note in written.notes)
    assert any("first/small rests" in note for note in again.notes)
    assert len(broken.requests) == 1
