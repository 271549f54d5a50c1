"""What the connection page asks for a Freshdesk."""

from __future__ import annotations

from copilot.domain import DeskKind, SignInField

KIND = DeskKind(
    key="freshdesk",
    name="Freshdesk",
    fields=(
        SignInField(
            key="url",
            label="Address",
            placeholder="https://yourcompany.freshdesk.com",
            help="The freshdesk.com one: the API does not answer at an address of your own.",
        ),
        SignInField(key="token", label="API key", secret=True),
    ),
    help="Your API key is in Freshdesk under your picture, Profile settings, at the right.",
    queues="groups",
    token_page="/a/profiles/edit",  # noqa: S106 - a page, no token
)
