"""Tries a provider before it is kept: really calls the model, and says in words what is wrong."""

from __future__ import annotations

import time
from dataclasses import dataclass

from pydantic import BaseModel

from copilot.config.model_settings import ProviderSettings
from copilot.errors import BadOutputError, ModelError, SettingsError
from copilot.models.asking import Job, ask
from copilot.models.base import Asked, Task
from copilot.models.fence import fenced
from copilot.models.ledger import Ledger
from copilot.models.offers import Offer, offers_of, refuse_false_local
from copilot.models.output import in_words
from copilot.models.wire import Wires

TRIAL = "trial"
_TOKENS = 60
_OTHER_OUTPUT = (
    "Choose another form of answer for this model in the settings (json or prompt), or another model."
)


@dataclass(frozen=True, slots=True)
class Trial:
    """How a test went. `advice` says what to do when it is not fine, `seconds` how long the model took."""

    model: str
    fine: bool
    finding: str
    advice: str = ""
    seconds: float = 0.0


class _Word(BaseModel):
    word: str


async def try_out(
    provider: ProviderSettings, model: str, key: str | None, ledger: Ledger, *, air_gapped: bool
) -> Trial:
    """Ask one model of a provider, which need not be in the settings yet, for a word. Sends no text of any ticket."""
    offer = next((one for one in offers_of([provider]) if one.model.name == model), None)
    if offer is None:
        return Trial(
            model, fine=False, finding=f"{provider.name} has no model named {model} in the settings."
        )
    if air_gapped and not offer.has_inside_address:
        return Trial(
            offer.id,
            fine=False,
            finding="This address is outside the building, and this workspace is air-gapped.",
            advice="Use a model on this computer or in a private network.",
        )
    wires, begun = Wires(), time.perf_counter()
    try:
        refuse_false_local(provider)
        await ask(await wires.to(offer, key, air_gapped=air_gapped), ledger, _job(offer), _Word)
    except BadOutputError as error:
        return Trial(offer.id, fine=False, finding=f"It answers. But {error.message}", advice=_OTHER_OUTPUT)
    except (ModelError, SettingsError) as error:
        return Trial(offer.id, fine=False, finding=error.message, advice=error.advice)
    finally:
        await wires.aclose()
    where = "stays in the building" if offer.is_inside else "leaves the building"
    seconds = time.perf_counter() - begun
    return Trial(offer.id, fine=True, finding=f"{offer.id} answered; what it reads {where}.", seconds=seconds)


def _job(offer: Offer) -> Job:
    asked = Asked(
        task=Task.CHECK,
        prompt=TRIAL,
        version="1",
        instructions='Answer with the word "ready".',
        data=(),
        max_tokens=_TOKENS,
    )
    form = in_words(_Word) if offer.is_inside or offer.model.output != "schema" else ""
    return Job(
        offer=offer,
        prompt=fenced(asked, form=form),
        max_tokens=_TOKENS,
        task=TRIAL,
        prompt_name=f"{TRIAL}@1",
        rule="a test of the connection",
    )
