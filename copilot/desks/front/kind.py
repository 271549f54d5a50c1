"""What the connection page asks for a Front."""

from __future__ import annotations

from copilot.domain import DeskKind, SignInField

KIND = DeskKind(
    key="front",
    name="Front",
    fields=(
        SignInField(
            key="email",
            label="Your address in Front",
            placeholder="you@example.com",
            help="A token of Front belongs to the company; this says who you are.",
        ),
        SignInField(key="token", label="API token", secret=True),
    ),
    help="In Front, open Settings, Company, Developers, API tokens. The token needs the scopes of shared resources.",
    queues="inboxes",
    token_page="https://app.frontapp.com/settings/developers/tokens",  # noqa: S106 - an address
)
