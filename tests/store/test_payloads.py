from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.domain import Brief, Command, Draft, Message, Reply, Suggestion
from copilot.store import payloads
from copilot.store.codec import EPOCH, from_ms, new_id, storable, to_ms

MOMENTS = st.datetimes(
    min_value=EPOCH.replace(tzinfo=None),
    max_value=EPOCH.replace(year=2100, tzinfo=None),
    timezones=st.just(UTC),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
SCORES = st.floats(-1, 1, allow_nan=False)
for kind, strategy in (
    (datetime, MOMENTS),
    (str, TEXTS),
    (float, SCORES),
    (Decimal, st.decimals(0, 9, places=4)),
):
    st.register_type_strategy(kind, strategy)


@settings(max_examples=25, deadline=None)
@given(brief=st.builds(Brief))
def test_a_brief_and_its_suggestion_survive(brief: Brief) -> None:
    text = payloads.brief_to_json(brief)
    suggestion = payloads.suggestion_to_json(brief.suggestion)
    assert payloads.brief_from_json(text, suggestion) == brief
    if isinstance(brief.suggestion.content, Draft) and brief.suggestion.content.text:
        assert '"suggestion":' not in text


@settings(max_examples=25, deadline=None)
@given(suggestion=st.builds(Suggestion))
def test_a_suggestion_survives(suggestion: Suggestion) -> None:
    assert payloads.suggestion_from_json(payloads.suggestion_to_json(suggestion)) == suggestion


@settings(max_examples=100, deadline=None)
@given(command=st.one_of(*(st.builds(kind) for kind in payloads.COMMANDS.values())))
def test_a_command_survives_under_its_name(command: Command) -> None:
    again = payloads.command_from_json(type(command).__name__, payloads.command_to_json(command))
    if isinstance(command, Reply):
        assert isinstance(again, Reply)
        assert (again.text, again.status, again.attachments) == (command.text, command.status, ())
    else:
        assert again == command


@settings(max_examples=25, deadline=None)
@given(messages=st.lists(st.builds(Message), max_size=3))
def test_messages_survive(messages: list[Message]) -> None:
    assert payloads.messages_from_json(payloads.messages_to_json(messages)) == tuple(messages)


def test_every_command_has_a_name() -> None:
    assert set(payloads.COMMANDS.values()) == set(Command.__args__)


@given(moment=MOMENTS, zone=st.integers(-12, 14))
def test_times_are_whole_milliseconds(moment: datetime, zone: int) -> None:
    assert from_ms(to_ms(moment)) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert to_ms(moment) == to_ms(moment + timedelta(0))


@given(text=st.text())
def test_whatever_arrives_can_be_stored(text: str) -> None:
    kept = storable(text)
    kept.encode()
    assert "\x00" not in kept
    assert len(kept) == len(text)
    assert storable(kept) == kept


def test_ids_sort_by_time_and_differ() -> None:
    ids = [new_id() for _ in range(500)]
    assert len(set(ids)) == 500
    assert [name[:13] for name in ids] == sorted(name[:13] for name in ids)
    assert all(len(name) == 36 and name[14] == "7" and name[19] in "89ab" for name in ids)
