"""What the connection page asks for a Zendesk."""

from __future__ import annotations

from copilot.domain import DeskKind, SignInField

KIND = DeskKind(
    key="zendesk",
    name="Zendesk",
    fields=(
        SignInField(
            key="url",
            label="Address",
            placeholder="yourteam.zendesk.com",
            help="What you open in the browser.",
        ),
        SignInField(
            key="email", label="Your address", placeholder="you@example.com", help="As you sign in there."
        ),
        SignInField(key="token", label="API token", secret=True),
    ),
    help="An administrator makes the token in the Admin Center under Apps and integrations, APIs, API tokens, and "
    "allows token access there. Agents can work with it too; with an administrator's address, deleted tickets and "
    "long-closed ones are seen as well.",
    queues="groups",
    token_page="/admin/apps-integrations/apis/api-tokens",  # noqa: S106 - the page where one makes a token
)
