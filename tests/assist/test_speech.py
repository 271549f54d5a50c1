from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from copilot.assist import speech


@pytest.mark.parametrize(
    ("does", "yes", "no"),
    [
        (speech.asks, "Where is it?", "It is there."),
        (speech.wishes, "I would like to sort by date.", "It broke."),
        (speech.reports_trouble, "The folder has vanished.", "Which version do you use?"),
        (speech.tells_attempt, "I've already restarted it.", "It fails every time I tried to reply."),
        (speech.tells_attempt, "Same error in troubleshoot mode.", "Have you tried it?"),
        (speech.tells_outcome, "That did the trick.", "Did it work?"),
        (speech.promises, "I will look into it tomorrow.", "You will see a button."),
        (speech.instructs, "In the menu, click Tools.", "The menu was clicked."),
        (speech.instructs, "Go to TB menu > Settings > General.", "Why did you go there?"),
        (speech.instructs, "You should update the add-on.", "The add-on was updated."),
        (speech.is_general, "What is going on?", "What is going on with the printer?"),
        (
            speech.is_courtesy,
            "Thanks for your help!",
            "Thanks to the update it broke, and I cannot " + "x" * 140,
        ),
        (speech.is_courtesy, "Hello Sam,", "Sam, look."),
        (speech.asks_how, "How do I sort by date?", "The list is not sorted."),
    ],
)
def test_tells_apart(does: Callable[[str], bool], yes: str, no: str) -> None:
    assert does(yes)
    assert not does(no)


def test_a_greeting_comes_off() -> None:
    assert speech.without_greeting("Hi Sam, it broke.") == "it broke."
    assert speech.without_greeting("Hello -") == ""
    assert speech.without_greeting("Hide the menu.") == "Hide the menu."
    long = "Hello world is the program that everybody writes first, and it fails."
    assert speech.without_greeting(long) == long


@pytest.mark.parametrize("piece", ["in a, ", "hi ", "> ", "a > ", "if so, ", "i tried ", "how to "])
def test_any_sentence_is_judged_in_no_time(piece: str) -> None:
    text = piece * (2000 // len(piece))  # sentences are never longer
    start = time.process_time()
    for does in (
        speech.instructs,
        speech.is_courtesy,
        speech.wishes,
        speech.tells_attempt,
        speech.is_general,
    ):
        does(text)
    assert time.process_time() - start < 1
