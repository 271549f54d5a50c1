"""Names of tickets across repositories: "acme/lamps#12" for an issue, "acme/lamps/discussions#12" for a discussion."""

from __future__ import annotations

import re
from dataclasses import dataclass

from copilot.domain import RemoteId
from copilot.errors import NotFoundError

_TICKET = re.compile(r"^([A-Za-z0-9._-]+)/([A-Za-z0-9._-]+)(/discussions)?#([1-9][0-9]{0,9})$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ticket is."""

    owner: str
    name: str
    number: int
    is_discussion: bool = False

    @property
    def repository(self) -> str:
        """The repository's full name."""
        return f"{self.owner}/{self.name}"

    @property
    def remote_id(self) -> RemoteId:
        """The ticket's name in the workspace."""
        kind = "/discussions" if self.is_discussion else ""
        return RemoteId(f"{self.repository}{kind}#{self.number}")

    @property
    def path(self) -> str:
        """An issue's path in the REST API."""
        return f"repos/{self.repository}/issues/{self.number}"


def place_of(ticket: RemoteId) -> Place:
    """Where a ticket is. Raises `NotFoundError` for what cannot be one, instead of asking for another address."""
    found = _TICKET.match(ticket)
    if found is None or {found[1], found[2]} & {".", ".."}:
        raise NotFoundError(f"{ticket!r} is no issue or discussion of GitHub.")
    return Place(found[1], found[2], int(found[4]), is_discussion=bool(found[3]))
