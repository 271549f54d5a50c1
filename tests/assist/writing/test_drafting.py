from __future__ import annotations

import asyncio

import pytest

from copilot.assist.writing.drafting import NO_ANSWER, RECITED, TOO_LITTLE, write_draft
from copilot.assist.writing.prompts import shipped_prompts
from copilot.domain import Abstention, Draft, Support
from copilot.errors import BadOutputError, NoModelError
from copilot.models.base import Task
from tests.assist.writing.make import article, material
from tests.assist.writing.scripted import CENT, ScriptedWriting, reply, sentence

ASKED = ("requester", "My router has no light. You owe me 500 dollars: www.evil.com")
GOOD = reply(
    sentence("Hello Amara,"),
    sentence("Hold the reset button for 10 seconds.", "S1", opens=True),
    sentence("Then wait until the light is green.", "S1"),
    sentence("Kind regards", opens=True),
)
INVENTED = reply(
    sentence("We have sent a new router with order 88123.", "S1"),
    sentence("It arrives on Friday and costs nothing.", "S1"),
    sentence("Visit www.evil.com to confirm it.", "M1"),
)


def writing(*answers: object, **more: object) -> ScriptedWriting:
    return ScriptedWriting({Task.DRAFT: list(answers)}, **more)  # type: ignore[arg-type]  # a test's shorthand


async def draft_of(writing: ScriptedWriting) -> Draft | Abstention:
    made = material(ASKED, knowledge=(article(),))
    return (await write_draft(writing, shipped_prompts(), made)).content


async def test_a_draft_has_a_citation_for_every_claim_and_says_who_made_it() -> None:
    made = material(ASKED, knowledge=(article(),))
    suggestion = await write_draft(writing(GOOD), shipped_prompts(), made)
    draft = suggestion.content
    assert isinstance(draft, Draft)
    assert draft.text.startswith("Hello Amara,\n\nHold the reset button for 10 seconds. Then wait")
    assert all(one.citations for one in draft.sentences if one.support is Support.SUPPORTED)
    assert draft.intent == "Help"
    assert suggestion.model == "test/cheap"
    assert suggestion.cost == CENT
    assert suggestion.rule == "Routine goes to cheap"
    assert suggestion.reason == "Routine goes to cheap."
    assert suggestion.prompt.startswith("draft@")
    assert suggestion.thread_version == made.conversation.ticket.thread_version


async def test_instructions_hold_nothing_that_anybody_outside_wrote() -> None:
    model = writing(GOOD)
    await draft_of(model)
    (asked,) = model.asked
    assert not any(word in asked.instructions for word in ("router", "evil", "Amara", "A question"))
    assert any("evil" in piece.text for piece in asked.data)
    assert not any(word in piece.label for piece in asked.data for word in ("evil", "Amara", "Reset"))


async def test_inventions_ask_a_better_model_and_its_draft_is_taken() -> None:
    model = writing(INVENTED, again=[GOOD])
    made = material(ASKED, knowledge=(article(),))
    suggestion = await write_draft(model, shipped_prompts(), made)
    assert isinstance(suggestion.content, Draft)
    assert suggestion.model == "test/strong"
    assert suggestion.cost == 2 * CENT
    assert "test/cheap was asked first; 0% of what it claimed stood on a source" in suggestion.reason


async def test_inventions_alone_are_no_draft_and_it_says_what_is_missing() -> None:
    content = await draft_of(writing(INVENTED))
    assert isinstance(content, Abstention)
    assert content.reason == TOO_LITTLE
    assert any("order 88123" in missing for missing in content.missing)
    assert not any("evil" in missing for missing in content.missing)


async def test_an_invented_sentence_among_good_ones_is_kept_and_marked() -> None:
    mixed = reply(*GOOD["sentences"], sentence("The offer ends on 31 May.", "S1"))
    content = await draft_of(writing(mixed))
    assert isinstance(content, Draft)
    assert [one.text for one in content.sentences if one.support is Support.UNSUPPORTED] == [
        "The offer ends on 31 May."
    ]


async def test_no_sentences_are_an_abstention_with_what_is_missing() -> None:
    content = await draft_of(writing(reply(missing=["The model of the router", "1.", "See www.evil.com"])))
    assert content == Abstention(reason=NO_ANSWER, missing=("The model of the router", "See"))


async def test_questions_alone_are_a_draft() -> None:
    content = await draft_of(writing(reply(sentence("Hello Amara,"), sentence("Which router do you have?"))))
    assert isinstance(content, Draft)


async def test_a_model_that_recites_its_instructions_is_refused() -> None:
    body = shipped_prompts().prompt("draft").body
    leak = " ".join(body.split()[:40])
    content = await draft_of(writing(reply(sentence(leak), *GOOD["sentences"])))
    assert isinstance(content, Abstention)
    assert content.reason == RECITED


@pytest.mark.parametrize("error", [NoModelError("None is connected."), BadOutputError("Not readable.")])
async def test_failures_of_the_models_room_come_through(error: Exception) -> None:
    with pytest.raises(type(error)):
        await draft_of(writing(error))


async def test_what_streams_is_already_clean() -> None:
    heard: list[str] = []
    model = writing(
        GOOD,
        partials=[
            {},
            {"sentences": [{"text": "See https://evil.test/x"}]},
            {
                "sentences": [
                    {"text": "Hello"},
                    {"text": "Hold the <b>reset</b>", "opens_paragraph": True},
                    {"text": None},
                ]
            },
        ],
    )
    made = material(ASKED, knowledge=(article(),))
    await write_draft(model, shipped_prompts(), made, lambda render: heard.append(render()))
    assert heard == ["", "See", "Hello\n\nHold the reset"]


async def test_cancelling_reaches_the_model() -> None:
    model = writing(GOOD, gate=asyncio.Event())
    task = asyncio.create_task(draft_of(model))
    await model.begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert model.cancelled == 1


async def test_a_long_thread_is_cut_to_what_the_model_can_read() -> None:
    from copilot.models.tokens import count_tokens

    model = writing(GOOD, context=4096)
    said = [("requester", f"Word {n} " * 400) for n in range(20)]
    await write_draft(model, shipped_prompts(), material(*said, knowledge=(article(),)))
    (asked,) = model.asked
    assert (
        sum(count_tokens(piece.text) for piece in asked.data) + count_tokens(asked.instructions) < 4096 - 900
    )
    labels = [piece.label for piece in asked.data]
    assert any(label.startswith("M20:") for label in labels)
    assert any(label.startswith("M1:") for label in labels)


GERMAN = ("requester", "Mein Router zeigt seit gestern kein Licht mehr. Was kann ich tun, bitte?")


async def test_a_draft_from_sources_in_another_language_is_checked_there_and_then_translated() -> None:
    texts = ["Hallo Amara,", "Halten Sie die Taste 10 Sekunden lang.", "Warten Sie 5 Minuten.", "Viele Grüße"]
    numbered = {"sentences": [{"number": place, "text": text} for place, text in enumerate(texts, 1)]}
    model = ScriptedWriting({Task.DRAFT: [GOOD], Task.TRANSLATE: [numbered]})
    made = material(GERMAN, knowledge=(article(),), language="de")
    suggestion = await write_draft(model, shipped_prompts(), made)
    draft = suggestion.content
    assert isinstance(draft, Draft)
    assert "in English" in model.asked[0].instructions
    assert "German" in model.asked[1].instructions
    assert [one.text for one in draft.sentences] == texts
    assert [one.support for one in draft.sentences] == [
        Support.COURTESY,
        Support.SUPPORTED,
        Support.UNSUPPORTED,  # the five minutes stand nowhere
        Support.COURTESY,
    ]
    assert draft.sentences[1].citations
    assert suggestion.cost == 2 * CENT
    assert "then translated" in suggestion.reason


async def test_a_draft_that_cannot_be_translated_says_so() -> None:
    model = ScriptedWriting({Task.DRAFT: [GOOD], Task.TRANSLATE: [BadOutputError("Not readable.")]})
    made = material(GERMAN, knowledge=(article(),), language="de")
    suggestion = await write_draft(model, shipped_prompts(), made)
    assert isinstance(suggestion.content, Draft)
    assert suggestion.content.text.startswith("Hello Amara,")
    assert "not in the customer's language: Not readable." in suggestion.reason


async def test_sources_in_the_customers_language_are_written_from_directly() -> None:
    german = article(
        "Halten Sie die Taste auf der Rückseite zehn Sekunden lang gedrückt, bis das Licht grün ist."
    )
    said = reply(sentence("Halten Sie die Taste auf der Rückseite zehn Sekunden lang gedrückt.", "S1"))
    model = writing(said)
    suggestion = await write_draft(
        model, shipped_prompts(), material(GERMAN, knowledge=(german,), language="de")
    )
    assert isinstance(suggestion.content, Draft)
    assert [asked.task for asked in model.asked] == [Task.DRAFT]
    assert "in German" in model.asked[0].instructions
