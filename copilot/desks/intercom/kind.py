"""What the connection page asks for an Intercom."""

from __future__ import annotations

from copilot.domain import DeskKind, SignInField

KIND = DeskKind(
    key="intercom",
    name="Intercom",
    fields=(
        SignInField(key="token", label="Access token", secret=True),
        SignInField(
            key="email",
            label="Your address",
            placeholder="you@example.com",
            help="Only when a colleague made the token: replies then carry your name, not theirs.",
            required=False,
        ),
        SignInField(
            key="region",
            label="Region",
            placeholder="us",
            help="Where your data is kept: us, eu or au.",
            required=False,
        ),
    ),
    help="Make an app of your own in Intercom's Developer Hub and copy its access token from Authentication. It needs "
    "the permissions to read and write conversations, to read admins and tags, and to read articles.",
    queues="teams",
    token_page="https://app.intercom.com/a/apps/_/developer-hub",  # noqa: S106 - the page where one makes a token
)
