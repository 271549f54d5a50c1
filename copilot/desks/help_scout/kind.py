"""What the connection page asks for a Help Scout."""

from __future__ import annotations

from copilot.domain import DeskKind, SignInField

KIND = DeskKind(
    key="help_scout",
    name="Help Scout",
    fields=(
        SignInField(key="app_id", label="App ID"),
        SignInField(key="app_secret", label="App secret", secret=True),
        SignInField(
            key="docs_key",
            label="Docs API key",
            help="Reads your Docs articles. In Your profile, Authentication, API Keys.",
            secret=True,
            required=False,
        ),
    ),
    help="In Help Scout, open Your profile, My apps, and create an app; any redirection address will do. "
    "Replies go out under your name.",
    queues="inboxes",
    token_page="https://secure.helpscout.net/users/apps",  # noqa: S106 - an address
)
