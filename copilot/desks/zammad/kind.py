"""What the connection page asks for a Zammad."""

from __future__ import annotations

from copilot.domain import DeskKind, SignInField

KIND = DeskKind(
    key="zammad",
    name="Zammad",
    fields=(
        SignInField(
            key="url",
            label="Address",
            placeholder="https://support.example.com",
            help="What you open in the browser.",
        ),
        SignInField(key="token", label="Access token", secret=True),
    ),
    help="Make a token in Zammad under your picture, Profile, Token Access. It needs the permission ticket.agent; with "
    "knowledge_base.reader the knowledge base is read too.",
    queues="groups",
    token_page="/#profile/token_access",  # noqa: S106 - a page, no token
)
