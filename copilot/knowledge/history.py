"""What the team did before: which articles solved tickets like this one.

The strongest signal there is, and it needs no label beyond a rep's decision. A question's vector is regressed on the
articles that solved earlier tickets (kernel ridge regression with a Gaussian kernel on the sphere), whose prediction
for a ticket of the history as if it were not in it has a closed form (Rasmussen & Williams, Gaussian Processes for
Machine Learning, 5.4.2, equation 5.12): so a ranker can be fitted on the very tickets it will rest upon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from copilot.domain import ArticleId

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Column = NDArray[np.float64]

_SHARPNESS = 2.0
_RIDGE = 0.7
_NEWEST = 3000
"""Only so many of the newest tickets are asked: the regression costs their number cubed, about a second here."""
_RECENT_DAYS = 45.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedTicket:
    """An earlier ticket and the articles that answered it, each with a weight in (0, 1]. `vector` is its question's."""

    vector: Vectors
    articles: Mapping[ArticleId, float]
    at: datetime
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Similar:
    """An earlier ticket near a question: its place in the history, and the cosine."""

    place: int
    cosine: float


class History:
    """Solved tickets, against a fixed order of articles. Made anew when either changes; making it blocks."""

    def __init__(self, tickets: Sequence[SolvedTicket], articles: Sequence[ArticleId]) -> None:
        column = {article: place for place, article in enumerate(articles)}
        self.tickets = sorted(tickets, key=lambda ticket: ticket.at)[-_NEWEST:]
        self._labels = np.zeros((len(self.tickets), len(articles)))
        for row, ticket in enumerate(self.tickets):
            for article, weight in ticket.articles.items():
                if article in column:
                    self._labels[row, column[article]] = weight
        self._vectors = np.array([ticket.vector for ticket in self.tickets], dtype=np.float64)
        self._days = np.array([ticket.at.timestamp() / 86_400 for ticket in self.tickets])
        if self.tickets:
            self._solve()

    def evidence(
        self,
        vector: Vectors,
        *,
        at: datetime,
        tags: frozenset[str] = frozenset(),
        leave_out: int | None = None,
    ) -> Mapping[str, Column]:
        """Columns of what the history says for each article, by the names in `ranking.FEATURES`.

        `leave_out` is the place of a ticket of the history that must not speak for itself.
        """
        count, articles = self._labels.shape
        if not count:
            return {
                name: np.zeros(articles)
                for name in ("history", "nearest", "centroid", "usual", "recent", "tagged")
            }
        cosines = self._vectors @ vector.astype(np.float64)
        speaks = np.ones(count)
        if leave_out is not None:
            speaks[leave_out] = 0.0
        labels = self._labels * speaks[:, None]
        age = at.timestamp() / 86_400 - self._days
        fresh = speaks * np.where(age > 0, np.exp(-np.maximum(age, 0) / _RECENT_DAYS), 0.0)
        like = speaks * np.array([bool(tags & ticket.tags) for ticket in self.tickets])
        return {
            "history": self._regressed(cosines, leave_out),
            "nearest": self._nearest(cosines, labels),
            "centroid": _to_centroids(vector, labels.T @ self._vectors),
            "usual": np.log(labels.sum(axis=0) + 0.5),
            "recent": np.log(fresh @ self._labels + 0.1),
            "tagged": np.log((like @ self._labels + 0.2) / (like.sum() + 1)),
        }

    def similar(self, vector: Vectors, article: ArticleId, *, limit: int = 3) -> list[Similar]:
        """The nearest earlier tickets that an article answered: why it is offered."""
        cosines = self._vectors @ vector.astype(np.float64) if self.tickets else np.zeros(0)
        places = [place for place, ticket in enumerate(self.tickets) if article in ticket.articles]
        places.sort(key=lambda place: -cosines[place])
        return [Similar(place, float(cosines[place])) for place in places[:limit]]

    def _solve(self) -> None:
        kernel = np.exp(_SHARPNESS * (self._vectors @ self._vectors.T - 1))
        kernel[np.diag_indices_from(kernel)] += _RIDGE
        inverse = np.linalg.inv(kernel)
        self._dual = inverse @ self._labels
        self._own = np.diag(inverse)

    def _regressed(self, cosines: Column, leave_out: int | None) -> Column:
        if leave_out is not None:
            without: Column = self._labels[leave_out] - self._dual[leave_out] / self._own[leave_out]
            return without
        predicted: Column = np.exp(_SHARPNESS * (cosines - 1)) @ self._dual
        return predicted

    def _nearest(self, cosines: Column, labels: Column) -> Column:
        """The cosine of the nearest ticket that each article answered; a little below none for the others."""
        nearest: Column = np.where(labels > 0, cosines[:, None], -0.1).max(axis=0)
        return nearest


def _to_centroids(vector: Vectors, sums: Column) -> Column:
    """The cosine with the mean question of each article's tickets; 0 where an article has none."""
    lengths = np.linalg.norm(sums, axis=1)
    cosines: Column = np.where(lengths > 1e-3, sums @ vector / np.maximum(lengths, 1e-3), 0.0)
    return cosines
