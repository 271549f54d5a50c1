from __future__ import annotations

from copilot.assist.agreement import MOST, agreed
from copilot.assist.sources import Source
from copilot.assist.steps import telling_key
from copilot.domain import SourceKind, TicketId
from tests.assist.test_draft import article, drafted, earlier
from tests.threads import conversation


def said(*answers: str, chance: float = 0.5) -> list[Source]:
    return [
        Source(
            kind=SourceKind.TICKET,
            title=f"T{n}",
            text=text,
            start=0,
            end=len(text),
            chance=chance,
            ticket=TicketId(n),
        )
        for n, text in enumerate(answers)
    ]


REPAIR = "Right-click the folder, select Properties and press Repair Folder."


def test_what_several_helpers_say_goes_before_what_one_says() -> None:
    found = agreed(
        said(
            "Reinstall the whole operating system from the original disk.",
            REPAIR,
            "Select the folder, open its Properties and choose Repair Folder there.",
        )
    )
    assert "Properties" in found[0].step.text
    assert "Repair" in found[0].step.text


def test_the_same_advice_is_given_once_and_only_a_few_sentences_in_all() -> None:
    assert [one.step.text for one in agreed(said(REPAIR, REPAIR))] == [REPAIR]
    many = [f"Open menu{n} and switch setting{n} of panel{n} off." for n in range(9)]
    assert len(agreed(said(" ".join(many)))) == MOST


def test_each_sentence_keeps_its_place_in_its_source_and_its_order() -> None:
    text = f"Close the program and make a backup of the folder. {REPAIR}"
    found = agreed(said(text))
    assert [text[one.step.start : one.step.end] for one in found] == [one.step.text for one in found]
    assert [one.step.start for one in found] == sorted(one.step.start for one in found)


def test_what_was_said_before_and_what_cannot_stand_alone_is_left_out() -> None:
    assert agreed(said(REPAIR), said_before=[telling_key(REPAIR)]) == ()
    assert agreed(said("Open Tools and choose one of these:", "| Open the menu | press Alt and wait |")) == ()
    assert agreed([]) == ()


def test_an_article_without_a_list_is_pointed_to_with_what_earlier_answers_agree_on() -> None:
    talk = conversation(
        ("requester", "The messages of my folder are shown twice. How do I repair the folder?")
    )
    draft = drafted(
        talk, article("Folders hold messages. Some folders are damaged.", chance=0.8), earlier(REPAIR)
    )
    assert REPAIR in draft.text
    cited = {citation.kind for sentence in draft.sentences for citation in sentence.citations}
    assert cited == {SourceKind.ARTICLE, SourceKind.TICKET}
