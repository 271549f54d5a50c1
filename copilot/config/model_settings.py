"""The sections of the settings file on language models: who offers them, what may be spent, what stays private."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer, field_validator

from copilot.config.section import Section

Dollars = Annotated[Decimal, Field(ge=0, max_digits=20), PlainSerializer(str, when_used="json")]
"""An amount of US dollars; a string in the file, since a TOML float is not exact."""

ORDER_NUMBERS = (
    r"\b(?:order|bestell|commande|pedido|invoice|account|acct|customer|client|member|policy|contract|booking"
    r"|reservation|tracking|rma|serial)"
    r"(?:[ ]{0,2}(?:number|num|nummer|no|nr|id|ref|reference|code))?[.]?[ ]{0,2}(?:is|:|#)?[ ]{0,2}#?[ ]{0,2}"
    r"(?P<number>(?=[\w-]{0,30}\d)[A-Z0-9][A-Z0-9-]{3,29})\b"
)
"""Case is ignored. The part named `number` is hidden, where there is one, else the whole match."""


class OfferedModel(Section):
    """One model of a provider.

    `context_tokens` is what it can read, 0 where unknown; prices are US dollars for a million tokens and stand before
    the price list's. `output` says how it is held to a shape: by a JSON schema, by asking for JSON, by words alone.
    """

    name: str = Field(min_length=1)
    model_class: Literal["local", "cheap", "frontier"]
    context_tokens: int = Field(default=0, ge=0)
    output: Literal["schema", "json", "prompt"] = "schema"
    price_in: Dollars | None = None
    price_out: Dollars | None = None


class ProviderSettings(Section):
    """A provider of language models, hosted or in the building. Its key is in the keyring.

    `preset` names what it was made from; `ca_file` adds certificate authorities to the system's. `in_building` says
    that the team runs it itself, although its address does not show it: only then may its models count as local.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    protocol: Literal["openai", "anthropic", "google"] = "openai"
    url: str = Field(pattern=r"^https?://[^\s/]+")
    needs_key: bool = True
    preset: str = ""
    ca_file: str = ""
    in_building: bool = False
    models: tuple[OfferedModel, ...] = ()


class SpendingSettings(Section):
    """What models may cost, in US dollars; None is no limit. Days and months are those of this computer's clock."""

    day: Dollars | None = None
    month: Dollars | None = None
    ticket: Dollars | None = None


class PrivacySettings(Section):
    """What stays in the building.

    `air_gapped`: models are asked on this computer and in private networks only. `regions` are the countries (ISO 3166)
    whose national telephone numbers are hidden, `numbers` the patterns of order, account and customer numbers.
    """

    air_gapped: bool = False
    regions: tuple[str, ...] = ("US", "GB")
    numbers: tuple[str, ...] = (ORDER_NUMBERS,)

    @field_validator("numbers")
    @classmethod
    def _compile(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
        return patterns
