"""What the connection page asks for a Chatwoot."""

from __future__ import annotations

from copilot.domain import DeskKind, SignInField

KIND = DeskKind(
    key="chatwoot",
    name="Chatwoot",
    fields=(
        SignInField(
            key="url",
            label="Address",
            placeholder="https://app.chatwoot.com",
            help="What you open in the browser.",
        ),
        SignInField(key="token", label="Access token", secret=True),
        SignInField(
            key="account",
            label="Account number",
            placeholder="1",
            help="The number after /accounts/ in the address. Leave empty if you have one account.",
            required=False,
        ),
    ),
    help="In Chatwoot, open Profile settings: the access token is at the end of the page.",
    queues="inboxes",
    token_page="/app/profile/settings",  # noqa: S106 - a path
)
