"""What the connection page asks for a FreeScout."""

from __future__ import annotations

from copilot.domain import DeskKind, SignInField

KIND = DeskKind(
    key="freescout",
    name="FreeScout",
    fields=(
        SignInField(
            key="url",
            label="Address",
            placeholder="https://support.example.com",
            help="What you open in the browser.",
        ),
        SignInField(key="token", label="API key", secret=True),
        SignInField(
            key="email",
            label="Your e-mail address there",
            placeholder="sam@example.com",
            help="The key belongs to the whole FreeScout, so it cannot say who you are.",
        ),
    ),
    help="FreeScout needs its API & Webhooks module. An administrator finds the key under Manage, API & Webhooks.",
    queues="mailboxes",
)
