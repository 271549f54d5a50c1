"""Reads issues: lists by their last change, and one with its comments.

"List repository issues" with since, sort=updated, direction=asc (pull requests are among them and passed over), "Get an
issue", "List issue comments". A poll asks with the ETag of the last one: 304 does not count against the rate limit
("Best practices for using the REST API"). What was read under an ETag is kept, so that 304 says the same again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from copilot.desks.github import translate
from copilot.desks.github.places import Place
from copilot.desks.github.translate import Customs
from copilot.desks.github.wire import CommentRow, IssueRow, RepositoryRow
from copilot.desks.rest import Answer, Rest
from copilot.desks.rest.failures import ElsewhereError
from copilot.desks.rest.recent import Listed, clock_of
from copilot.domain import Thread
from copilot.errors import BadDataError, NotFoundError

PER_PAGE = 100
MAX_PAGES = 200


@dataclass(frozen=True, slots=True)
class _Kept:
    """The last page of a list: what was asked, its ETag and what it said."""

    asked: str
    etag: str
    rows: Sequence[IssueRow]
    more: bool


class Issues:
    """Reads the issues of repositories."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._kept: dict[str, _Kept] = {}

    def page_of(self, repository: str, customs: Customs) -> Callable[[datetime, int], Awaitable[Listed]]:
        """A repository's list of issues, for `rest.recent`."""

        async def page(since: datetime, number: int) -> Listed:
            kept, now = await self._page(repository, since, number)
            found = [row for row in kept.rows if row.pull_request is None]
            tickets = [translate.issue(row, repository, customs, now) for row in found]
            return Listed(tickets=tickets, more=kept.more, now=now)

        return page

    async def _page(self, repository: str, since: datetime, number: int) -> tuple[_Kept, datetime | None]:
        asked = f"{since.isoformat()} {number}"
        last = self._kept.get(repository)
        etag = last.etag if last is not None and last.asked == asked else ""
        query: dict[str, str | int | Sequence[str]] = {
            "state": "all",
            "since": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "sort": "updated",
            "direction": "asc",
            "per_page": PER_PAGE,
            "page": number,
        }
        path = f"repos/{repository}/issues"
        answer, headers = await self._rest.get_if_changed(path, list[IssueRow], query, etag)
        if answer is None and last is not None:
            return last, clock_of(headers)
        rows = answer.value if answer is not None else []
        kept = _Kept(asked, headers.get("etag", ""), rows, more='rel="next"' in headers.get("link", ""))
        self._kept[repository] = kept
        return kept, clock_of(headers)

    async def row(self, place: Place) -> Answer[IssueRow]:
        """An issue. Raises `NotFoundError` for a pull request, and for one transferred to another repository.

        Both a transferred issue and a renamed repository answer 301; of the second, nothing is gone.
        """
        try:
            answer = await self._rest.get(place.path, IssueRow)
        except ElsewhereError:
            await self._rest.get(f"repos/{place.repository}", RepositoryRow)
            raise NotFoundError(f"{place.remote_id} was transferred to another repository.") from None
        if answer.value.pull_request is not None:
            raise NotFoundError(f"{place.remote_id} is a pull request.")
        return answer

    async def read(self, place: Place, customs: Customs) -> Thread:
        """An issue with its comments; the issue is read first, so its version is never newer than they are."""
        answer = await self.row(place)
        header = translate.issue(answer.value, place.repository, customs, clock_of(answer.headers))
        rows = await self._comments(place) if answer.value.comments else []
        first = translate.first_message(answer.value.body, header)
        rest = [translate.comment(row, header, customs) for row in rows]
        return Thread(snapshot=header, messages=(first, *rest))

    async def _comments(self, place: Place) -> list[CommentRow]:
        rows: dict[int, CommentRow] = {}
        for number in range(1, MAX_PAGES + 1):
            query = {"per_page": PER_PAGE, "page": number}
            answer = await self._rest.get(f"{place.path}/comments", list[CommentRow], query)
            known = len(rows)
            rows |= {row.id: row for row in answer.value}
            if 'rel="next"' not in answer.headers.get("link", ""):
                return sorted(rows.values(), key=lambda row: (row.created_at, row.id))
            if len(rows) == known:
                break
        raise BadDataError("GitHub's list of comments does not end.", "Open this issue in GitHub itself.")
