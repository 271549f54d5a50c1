"""Which tags become intents, and what reps' words do to them."""

from __future__ import annotations

import numpy as np
import pytest

from copilot.triage.teaching import Asked, learned_intents, names_for, telling_tags
from tests.knowledge.fake_embedder import WordEmbedder

EMBEDDER = WordEmbedder()
PASSWORDS = [f"I forgot the password of account {n} and cannot sign in" for n in range(12)]
CALENDARS = [f"The calendar shows no events in week {n} of the year" for n in range(12)]

FONTS = [f"Small letters hurt my eyes on screen number {n}" for n in range(12)]


def asked(text: str, *tags: str, name: str | None = None, said: bool = False) -> Asked:
    return Asked(text, EMBEDDER.encode([text])[0], frozenset(tags), name, said)


def taught() -> list[Asked]:
    """Three intents as tags, and a tag on every other ticket that says nothing of them."""
    topics = {"passwords": PASSWORDS, "calendar": CALENDARS, "fonts": FONTS}
    told = [(tag, text) for tag, texts in topics.items() for text in texts]
    return [asked(text, tag, *(["vip"] if place % 2 else [])) for place, (tag, text) in enumerate(told)]


def test_a_tag_counts_where_alike_questions_share_it() -> None:
    assert telling_tags(taught()).keys() == {"passwords", "calendar", "fonts"}


def test_an_intent_is_read_with_the_words_that_caused_it() -> None:
    model = learned_intents(taught())
    assert model is not None
    text = "I forgot the password of my account and cannot sign in"
    intent = model.read(text, EMBEDDER.encode([text])[0])
    assert intent.name == "passwords"
    assert set(intent.words) & {"password", "sign"}
    assert intent.closest[0][0] == "passwords"


def test_what_a_rep_said_goes_before_a_tag() -> None:
    tickets = [*taught(), *(asked(text, "calendar", name="sharing", said=True) for text in CALENDARS[:4])]
    assert names_for(tickets)[-4:] == ["sharing"] * 4


@pytest.mark.parametrize("times", [1, 2])
def test_a_name_of_one_or_two_tickets_is_no_intent_yet(times: int) -> None:
    tickets = [*taught(), *(asked(text, name="sharing", said=True) for text in CALENDARS[:times])]
    assert names_for(tickets)[-times:] == [None] * times


def test_without_two_intents_there_is_nothing_to_tell_apart() -> None:
    assert learned_intents([]) is None
    assert learned_intents([asked(text, "calendar") for text in CALENDARS]) is None


def test_tags_that_no_text_can_tell_are_not_guessed() -> None:
    """Names by the toss of a coin: left-out examples are named wrongly, so nothing is said at all."""
    generator = np.random.default_rng(7)
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"]
    texts = [" ".join(generator.choice(words, 5)) for _ in range(60)]
    tickets = [asked(text, name=f"name {generator.integers(6)}", said=True) for text in texts]
    assert learned_intents(tickets) is None
