from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.text.redaction import redact, restore

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
