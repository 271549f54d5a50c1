"""What a request costs, by the settings' own prices, else by the list of genai-prices. Money is exact decimals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from copilot.models.base import Usage
from copilot.models.offers import Offer
from copilot.models.presets import preset_of

MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for some usage. `known` is False where no list has the model: the amount is then 0."""

    dollars: Decimal
    known: bool = True


def price(offer: Offer, usage: Usage) -> Price:
    """What this usage of a model costs. Blocks for a fifth of a second the first time: call it off the event loop.

    Tokens read from a provider's cache are counted at the full price: at most too dear.
    """
    model = offer.model
    if model.price_in is not None and model.price_out is not None:
        return Price((usage.tokens_in * model.price_in + usage.tokens_out * model.price_out) / MILLION)
    if offer.is_inside:
        return Price(Decimal(0))
    return _listed(offer, usage)


def _listed(offer: Offer, usage: Usage) -> Price:
    import genai_prices

    preset = preset_of(offer.provider)
    counted = genai_prices.Usage(input_tokens=usage.tokens_in, output_tokens=usage.tokens_out)
    try:
        if preset is not None and preset.prices:
            found = genai_prices.calc_price(
                counted, preset.prices_prefix + offer.model.name, provider_id=preset.prices
            )
        else:
            found = genai_prices.calc_price(counted, offer.model.name, provider_api_url=offer.provider.url)
    except (LookupError, ValueError):
        return Price(Decimal(0), known=False)
    return Price(found.total_price)
