"""Every preset's every model answers through the library's own knowledge of its provider."""

from __future__ import annotations

import pytest

from copilot.models.base import TicketFacts
from copilot.models.presets import Preset, presets
from tests.models.conftest import GOOD, Bench, Sketch, asking
from tests.models.fault_server import fault_server, plays
from tests.models.wire_shapes import anthropic_stream, gemini_stream, openai_stream

STREAMS = {"openai": openai_stream, "anthropic": anthropic_stream, "google": gemini_stream}
RESPONSE_FORMATS = {"schema": "json_schema", "json": "json_object", "prompt": None}


@pytest.mark.parametrize("preset", [one for one in presets() if one.models], ids=lambda preset: preset.id)
async def test_a_preset_works_as_it_is(bench: Bench, preset: Preset) -> None:
    bench.keys[preset.id] = "sk-1"
    async with fault_server(plays(STREAMS[preset.protocol]([GOOD[:8], GOOD[8:]]))) as server:
        url = server.url if preset.protocol == "openai" else server.root
        for model in preset.models:
            settings = preset.settings().model_copy(update={"url": url, "models": (model,)})
            bench.connect(settings)
            written = await bench.writer.write(asking(), TicketFacts(), Sketch)
            assert written.value.intent == "reset"
            assert written.model == f"{preset.id}/{model.name}"
            request = server.requests[-1]
            assert model.name in request.path + request.text
            if preset.protocol == "openai":
                form = request.body.get("response_format", {}).get("type")
                assert form == RESPONSE_FORMATS[model.output]
                limits = {"max_tokens", "max_completion_tokens"} & set(request.body)
                assert limits == {"max_completion_tokens" if preset.id == "openai" else "max_tokens"}
            assert ("Sketch" in request.text) or ("intent" in request.text), "the shape is told somehow"
