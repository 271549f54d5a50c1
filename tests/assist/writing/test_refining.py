from __future__ import annotations

from typing import Any

import pytest

from copilot.assist.writing.asking import answer, quoted_answer
from copilot.assist.writing.prompts import shipped_prompts
from copilot.assist.writing.refining import Reply, refine, translate
from copilot.domain import Abstention, Draft, DraftSentence, Refinement, Rewrite, SourceKind, Support
from copilot.errors import BadOutputError
from copilot.models.base import Task
from tests.assist.writing.make import article, material
from tests.assist.writing.scripted import CENT, ScriptedWriting, reply, sentence

ASKED = ("requester", "My router has no light.")
PROMPTS = shipped_prompts()
OLD = "Hello Amara,\n\nHold the reset button for 10 seconds. I will call you on Monday."


async def refined(said: dict[str, Any], wish: Rewrite | str, draft: Draft | None = None) -> Refinement:
    model = ScriptedWriting({Task.REFINE: [said]})
    made = material(ASKED, knowledge=(article(),))
    return await refine(model, PROMPTS, made, Reply(OLD, draft), wish)


def supports(refinement: Refinement) -> list[Support]:
    assert isinstance(refinement.suggestion.content, Draft)
    return [one.support for one in refinement.suggestion.content.sentences]


async def test_new_words_are_checked_and_the_reps_own_stay_theirs() -> None:
    new = reply(
        sentence("Hold the reset button for 10 seconds.", "S1"),
        sentence("I will call you on Monday."),
        sentence("You get 50 dollars."),
    )
    refinement = await refined(new, Rewrite.SHORTER)
    assert refinement.old == OLD
    assert supports(refinement) == [Support.SUPPORTED, Support.FROM_REP, Support.UNSUPPORTED]
    assert refinement.suggestion.prompt.startswith("refine@")
    assert refinement.suggestion.cost == CENT


async def test_what_a_model_had_invented_does_not_become_the_reps_by_rewriting() -> None:
    draft = Draft(
        sentences=(DraftSentence(text="I will call you on Monday.", support=Support.UNSUPPORTED),),
        confidence=0.5,
    )
    refinement = await refined(reply(sentence("I will call you on Monday.")), Rewrite.FRIENDLIER, draft)
    assert supports(refinement) == [Support.UNSUPPORTED]


async def test_an_instruction_is_data_to_the_model_and_a_source_to_the_check() -> None:
    model = ScriptedWriting({Task.REFINE: [reply(sentence("We offer you a refund of 20 dollars."))]})
    made = material(ASKED)
    refinement = await refine(model, PROMPTS, made, Reply(OLD), "offer a refund of 20 dollars")
    assert supports(refinement) == [Support.FROM_REP]
    (asked,) = model.asked
    assert "20 dollars" not in asked.instructions
    assert any(piece.label == "instruction" for piece in asked.data)


async def test_an_empty_rewrite_is_refused() -> None:
    with pytest.raises(BadOutputError):
        await refined(reply(), Rewrite.FIX)


def numbered(*texts: str) -> dict[str, Any]:
    return {"sentences": [{"number": place, "text": text} for place, text in enumerate(texts, 1)]}


async def test_a_translation_stands_on_what_its_original_stands_on_and_shows_its_mirror() -> None:
    there = numbered(
        "Hallo Amara,", "Halten Sie die Reset-Taste 10 Sekunden lang gedrückt.", "Ich rufe am 3. an."
    )
    back = numbered("Hello Amara,", "Hold the reset button for 10 seconds.", "I call on the 3rd.")
    model = ScriptedWriting({Task.TRANSLATE: [there, back]})
    made = material(ASKED, knowledge=(article(),))
    refinement = await translate(model, PROMPTS, made, Reply(OLD), "de")
    content = refinement.suggestion.content
    assert isinstance(content, Draft)
    assert content.text == (
        "Hallo Amara,\n\nHalten Sie die Reset-Taste 10 Sekunden lang gedrückt. Ich rufe am 3. an."
    )
    assert supports(refinement) == [Support.COURTESY, Support.SUPPORTED, Support.UNSUPPORTED]  # the 3 is new
    assert content.sentences[1].citations[0].kind is SourceKind.ARTICLE
    assert refinement.back == "Hello Amara,\n\nHold the reset button for 10 seconds. I call on the 3rd."
    assert refinement.suggestion.cost == 2 * CENT
    assert "German" in model.asked[0].instructions
    assert "English" in model.asked[1].instructions


async def test_a_translation_that_leaves_a_sentence_out_or_adds_a_link_is_marked() -> None:
    there = {"sentences": [{"number": 2, "text": "Siehe www.evil.com"}, {"number": 9, "text": "Mehr."}]}
    model = ScriptedWriting({Task.TRANSLATE: [there, BadOutputError("No.")]})
    refinement = await translate(model, PROMPTS, material(ASKED), Reply("One thing. Another thing."), "de")
    content = refinement.suggestion.content
    assert isinstance(content, Draft)
    assert [one.text for one in content.sentences] == ["One thing.", "Siehe"]
    assert supports(refinement) == [Support.UNSUPPORTED, Support.UNSUPPORTED]
    assert refinement.back == ""


async def test_a_question_is_answered_with_citations_and_inventions_marked() -> None:
    said = {"sentences": [sentence("The router has no light.", "M1"), sentence("It is 12 years old.", "M1")]}
    model = ScriptedWriting({Task.ASK: [said]})
    found = await answer(model, PROMPTS, material(ASKED), "What is wrong with the router?")
    assert isinstance(found.content, Draft)
    assert [one.support for one in found.content.sentences] == [Support.SUPPORTED, Support.UNSUPPORTED]
    assert found.content.sentences[0].citations[0].message == "m0"
    assert "wrong" not in model.asked[0].instructions


async def test_no_answer_says_what_is_missing() -> None:
    model = ScriptedWriting({Task.ASK: [{"missing": ["The order, see www.evil.com"]}]})
    found = await answer(model, PROMPTS, material(ASKED), "Where is the order?")
    assert isinstance(found.content, Abstention)
    assert found.content.missing == ("The order, see",)


def test_without_a_model_the_sources_themselves_are_quoted() -> None:
    made = material(ASKED, knowledge=(article(),))
    found = quoted_answer(made, "How long must I hold the reset button?", "No model is connected.")
    assert isinstance(found.content, Draft)
    assert found.content.sentences[0].text == "To reset the router, hold the reset button for 10 seconds."
    assert found.model == "embedded"
    assert found.reason.endswith("No model is connected.")
    assert isinstance(quoted_answer(made, "Who won the cup?", "").content, Abstention)


def test_quotes_go_by_telling_words_and_are_no_questions() -> None:
    made = material(("requester", "How do I get rid of it? How do I do that?"), knowledge=(article(),))
    found = quoted_answer(made, "How do I reset the router?", "")
    assert isinstance(found.content, Draft)
    assert all("?" not in one.text for one in found.content.sentences)
    assert "reset" in found.content.sentences[0].text
