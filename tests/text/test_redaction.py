from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.config.model_settings import ORDER_NUMBERS
from copilot.text.personal import Known, PersonalKind
from copilot.text.redaction import redact, redact_all, restore, without_cut_placeholder

_PIECES = st.sampled_from(
    (
        "a@nestbox.example",
        "b@nestbox.example",
        "https://nestbox.example/x",
        "4111 1111 1111 1111",
        "DE89370400440532013000",
        "203.0.113.77",
        "+49 30 901820",
        "my name is Amara Okoye",
        "[mail 1]",
        "[mail ",
        "1]",
        "[",
        "[card 2]",
        "\n",
        " ",
        "\x00",
    )
)


def test_the_same_value_has_the_same_placeholder() -> None:
    redacted = redact("a@nestbox.example or b@nestbox.example? Not a@nestbox.example!")
    assert redacted.text == "[mail 1] or [mail 2]? Not [mail 1]!"
    assert redacted.values == {"[mail 1]": "a@nestbox.example", "[mail 2]": "b@nestbox.example"}


def test_what_was_written_anew_is_restored_too() -> None:
    redacted = redact("Amara Okoye, reach me at amara@nestbox.example", names=("Amara Okoye",))
    assert (
        restore("Hello [name 1], no [name 9] here.", redacted.values)
        == "Hello Amara Okoye, no [name 9] here."
    )


def test_a_placeholder_in_the_text_itself_stays_what_it_is() -> None:
    redacted = redact("[mail 1] is not a@nestbox.example")
    assert redacted.text == "[mail 1] is not [mail 2]"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=12))).map("".join))
def test_comes_back_to_the_letter_and_holds_no_found_value(text: str) -> None:
    redacted = redact(text)
    assert restore(redacted.text, redacted.values) == text
    assert set(redacted.values.values()) == {text[span.start : span.end] for span in redacted.spans}
    kept = redacted.text
    for placeholder in redacted.values:
        kept = kept.replace(placeholder, "")
    assert len(kept) == len(text) - sum(span.end - span.start for span in redacted.spans)


def test_texts_that_belong_together_share_their_placeholders() -> None:
    known = Known(names=("Amara Okoye",), mails=("amara@nestbox.example",))
    redacted = redact_all(
        ("Amara asks.", "amara okoye wrote from Amara@nestbox.example", "Amara again"), known=known
    )
    assert redacted.texts == ("[name 1] asks.", "[name 2] wrote from [mail 1]", "[name 1] again")
    assert dict(redacted.counts) == {PersonalKind.NAME: 3, PersonalKind.MAIL: 1}


def test_a_placeholder_in_one_text_is_not_given_out_in_another() -> None:
    redacted = redact_all(("[MAIL_1] is not mine", "a@nestbox.example"))
    assert redacted.texts == ("[MAIL_1] is not mine", "[mail 2]")
    assert restore(redacted.texts[0], redacted.values) == "[MAIL_1] is not mine"


@pytest.mark.parametrize("written", ["[mail 1]", "[Mail 1]", "[mail_1]", "[MAIL1]"])
def test_what_a_model_makes_of_a_placeholder_is_restored(written: str) -> None:
    assert restore(f"to {written}!", {"[mail 1]": "a@nestbox.example"}) == "to a@nestbox.example!"


@pytest.mark.parametrize("cut", ["[", "[na", "[name", "[name ", "[name 1", "[name_1"])
def test_a_placeholder_that_has_only_begun_is_not_shown(cut: str) -> None:
    assert without_cut_placeholder(f"Dear {cut}") == "Dear "


@pytest.mark.parametrize("kept", ["Dear [name 1]", "see [1]", "a [long remark in brackets", "list[0"])
def test_other_brackets_stay(kept: str) -> None:
    assert without_cut_placeholder(kept) == kept


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Where is order #A1B2C3?", "A1B2C3"),
        ("my order number is 123-4567.", "123-4567"),
        ("Account ID: ACC-99281", "ACC-99281"),
        ("Rechnung Nr. 5, customer no. 55512", "55512"),
        ("invoice INV2024001 was paid", "INV2024001"),
    ],
)
def test_order_and_account_numbers_by_pattern(text: str, number: str) -> None:
    redacted = redact_all((text,), known=Known(number_patterns=(ORDER_NUMBERS,)))
    assert list(redacted.values.values()) == [number]
    assert redacted.counts == {PersonalKind.NUMBER: 1}


@pytest.mark.parametrize(
    "text", ["in order to 2024 go", "the account was closed", "an order of three apples"]
)
def test_words_after_order_and_account_are_no_numbers(text: str) -> None:
    assert redact_all((text,), known=Known(number_patterns=(ORDER_NUMBERS,))).texts == (text,)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["order ", "order number is: # ", " ", "order#", "A1-", "order 1"])
def test_the_pattern_of_numbers_takes_time_in_proportion(piece: str) -> None:
    redact_all(("order" + piece * 20_000,), known=Known(number_patterns=(ORDER_NUMBERS,)))


def test_who_is_named_once_is_hidden_everywhere() -> None:
    redacted = redact_all(("My name is Bola Adeyemi.", "Is Adeyemi still waiting? Dear Support Team, hello"))
    assert redacted.texts == ("My name is [name 1].", "Is [name 2] still waiting? Dear Support Team, hello")


def test_a_greeting_to_a_team_hides_no_word_of_it_elsewhere() -> None:
    redacted = redact_all(("Dear Nestbox Support,", "Nestbox has no light."))
    assert redacted.texts[1] == "Nestbox has no light."
