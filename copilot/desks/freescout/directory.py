"""Who uses this FreeScout, and what its mailboxes are: read once, and again when an unknown mailbox turns up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from copilot.desks.freescout.wire import (
    FieldPage,
    FieldRow,
    MailboxPage,
    MailboxRow,
    PageRow,
    PersonRow,
    UserPage,
)
from copilot.desks.rest import Rest
from copilot.errors import AuthError, NotFoundError

PER_PAGE = 100
MAX_PAGES = 100


class Directory:
    """Looks them up."""

    def __init__(self, rest: Rest, email: str) -> None:
        """`email` is the rep's: the key does not say who holds it."""
        self._rest = rest
        self._email = email.casefold()
        self._me: PersonRow | None = None
        self._mailboxes: Mapping[int, str] | None = None
        self._fields: dict[int, list[FieldRow]] = {}
        self._reading = asyncio.Lock()

    async def me(self) -> PersonRow:
        """The rep. Raises `AuthError` when nobody there has this address."""
        if self._me is None:
            found = [row for row in await self.users() if row.email.casefold() == self._email]
            if not found:
                raise AuthError(
                    "Nobody in this FreeScout has your e-mail address.",
                    "Type the one you sign in there with.",
                )
            self._me = found[0]
        return self._me

    async def users(self) -> list[PersonRow]:
        """Everybody who may work there ("List Users")."""
        rows: list[PersonRow] = []
        for number in range(1, MAX_PAGES + 1):
            page = (await self._rest.get("users", UserPage, {"page": number, "pageSize": PER_PAGE})).value
            rows += page.embedded.users
            if _is_last(page.page, number):
                break
        return rows

    async def mailbox_rows(self) -> list[MailboxRow]:
        """All mailboxes ("List Mailboxes")."""
        rows: list[MailboxRow] = []
        for number in range(1, MAX_PAGES + 1):
            page = (
                await self._rest.get("mailboxes", MailboxPage, {"page": number, "pageSize": PER_PAGE})
            ).value
            rows += page.embedded.mailboxes
            if _is_last(page.page, number):
                break
        return rows

    async def mailboxes(self, wanted: int) -> Mapping[int, str]:
        """The mailboxes' names, with this one among them if it has one."""
        async with self._reading:
            if self._mailboxes is None or wanted not in self._mailboxes:
                names = {row.id: row.name or row.email for row in await self.mailbox_rows()}
                self._mailboxes = {wanted: f"mailbox {wanted}", **names}
            return self._mailboxes

    async def fields(self, mailbox: int) -> list[FieldRow]:
        """The custom fields of a mailbox; none without the Custom Fields module, which answers 404 then."""
        if mailbox not in self._fields:
            try:
                page = (await self._rest.get(f"mailboxes/{mailbox}/custom_fields", FieldPage)).value
            except NotFoundError:
                return []
            self._fields[mailbox] = page.embedded.custom_fields
        return self._fields[mailbox]


def _is_last(page: PageRow, number: int) -> bool:
    return number >= page.total_pages
