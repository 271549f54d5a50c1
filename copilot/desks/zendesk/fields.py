"""Custom fields: numbers and tags to Zendesk, names to people (API reference: Ticket Fields)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from copilot.desks.rest import Rest
from copilot.desks.zendesk.listing import every
from copilot.desks.zendesk.wire import FieldPage, FieldValue, TicketField
from copilot.errors import RefusedError

YES = frozenset({"yes", "true", "1", "on"})
NO = frozenset({"no", "false", "0", "off", ""})


@dataclass(frozen=True, slots=True)
class Fields:
    """The custom fields of this Zendesk by number, and what its status field offers."""

    by_id: Mapping[str, TicketField] = field(default_factory=dict)
    statuses: frozenset[str] = frozenset()

    def knows(self, values: Iterable[FieldValue]) -> bool:
        """Whether none of a ticket's fields was made after these were read."""
        return all(value.id in self.by_id for value in values)

    def shown(self, values: Iterable[FieldValue]) -> dict[str, str]:
        """What a ticket's fields say, by name; empty ones and fields that were switched off are left out."""
        said = {
            known.title: text
            for value in values
            if (known := self.by_id.get(value.id)) is not None
            and known.active
            and (text := _shown(known, value.value))
        }
        return dict(sorted(said.items()))

    def written(self, fields: Mapping[str, str]) -> list[dict[str, object]]:
        """Texts by name as Zendesk takes them. Raises `RefusedError` for a name or a choice it does not know."""
        return [self._written(name, text.strip()) for name, text in fields.items()]

    def _written(self, name: str, text: str) -> dict[str, object]:
        usable = (one for one in self.by_id.values() if one.active and one.removable)
        known = next((one for one in usable if one.title == name), None)
        if known is None:
            raise RefusedError(
                f"Zendesk has no ticket field {name}.", "Ask a Zendesk administrator to add it."
            )
        return {"id": int(known.id), "value": _stored(known, text)}


async def read_fields(rest: Rest) -> Fields:
    """All of them: one request for most teams."""
    rows = await every(rest, "/api/v2/ticket_fields", FieldPage, lambda page: page.ticket_fields)
    system = next((row for row in rows if row.type == "status"), None)
    offered = (system.system_field_options or []) if system is not None else []
    return Fields(
        {row.id: row for row in rows},
        frozenset(option.value for option in offered),
    )


def _shown(known: TicketField, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return ", ".join(_name(known, str(one)) for one in value)
    return _name(known, str(value))


def _name(known: TicketField, stored: str) -> str:
    """What a choice is called; Zendesk writes nested choices as "Area::Part"."""
    options = known.custom_field_options or []
    return next((option.name for option in options if option.value == stored), stored)


def _stored(known: TicketField, text: str) -> object:
    if known.type == "checkbox":
        if text.casefold() not in YES | NO:
            raise RefusedError(f"{known.title} is yes or no.")
        return text.casefold() in YES
    if known.type == "multiselect":
        return [_choice(known, part.strip()) for part in text.split(",") if part.strip()]
    if known.type == "tagger" and text:
        return _choice(known, text)
    return text


def _choice(known: TicketField, text: str) -> str:
    for option in known.custom_field_options or []:
        if text.casefold() in {option.name.casefold(), option.value.casefold()}:
            return option.value
    raise RefusedError(f"{known.title} has no choice {text}.", "Choose one that the field offers.")
