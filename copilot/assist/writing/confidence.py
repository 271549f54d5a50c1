"""How far a draft may be trusted, from what was found, how many sources agree, and what of it stands on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.assist.writing.evidence import Evidence, Voice
from copilot.domain import Citation, DraftSentence, Support

GROUNDED_ENOUGH = 0.6
"""Where less of what is claimed stands on a source, a better model is asked, if policy lets it."""
BAR = 0.25
"""Below this there is no draft. Not calibrated: no set holds replies of a language model with a person's verdict on
each. `tests.bench.replay` prints how many drafts pass."""
SUREST = 0.95
NOTHING_CLAIMED = 0.5
"""A reply that only asks is neither right nor wrong."""


@dataclass(frozen=True, slots=True)
class Grounding:
    """The sentences of a text that claim something, and how many of them are borne. `confidence` in [0, 1]."""

    claims: int
    borne: int
    confidence: float

    @property
    def share(self) -> float:
        """How much of what is claimed stands on something; 1 where nothing is claimed."""
        return self.borne / self.claims if self.claims else 1.0


def judge(sentences: Sequence[DraftSentence], evidence: Sequence[Evidence]) -> Grounding:
    """Agreement is counted as the chance that at least one cited source is right (a noisy or).

    What is only told back to the requester ("you wrote that …") is borne, and answers nothing.
    """
    claims = [one for one in sentences if one.support is not Support.COURTESY]
    borne = [one for one in claims if one.support is not Support.UNSUPPORTED]
    outside = {_place(one.source.cite(0, 0)) for one in evidence if one.voice is Voice.OUTSIDE}
    told_back = [one for one in borne if one.citations and {_place(c) for c in one.citations} <= outside]
    answering = len(claims) - len(told_back)
    if not answering:
        return Grounding(len(claims), len(borne), NOTHING_CLAIMED if sentences else 0.0)
    chances = {_place(one.source.cite(0, 0)): one.source.chance for one in evidence}
    doubt = 1.0
    for place in {_place(citation) for one in borne for citation in one.citations} - outside:
        doubt *= 1 - min(SUREST, chances.get(place, 0.0))
    if any(one.support is Support.FROM_REP for one in borne):
        doubt = 0.0
    share = (len(borne) - len(told_back)) / answering
    return Grounding(len(claims), len(borne), round(share * (1 - doubt), 2))


def _place(citation: Citation) -> tuple[str, str]:
    return (str(citation.article or ""), f"{citation.ticket}/{citation.message}")
