"""What the connection page asks for a Request Tracker."""

from __future__ import annotations

from copilot.domain import DeskKind, SignInField

KIND = DeskKind(
    key="request_tracker",
    name="Request Tracker",
    fields=(
        SignInField(
            key="url",
            label="Address",
            placeholder="https://rt.example.org",
            help="What you open in the browser.",
        ),
        SignInField(key="token", label="Token", placeholder="1-14-abc…", secret=True),
    ),
    help="Request Tracker 5, over its REST 2.0 interface. Make a token in Request Tracker under Logged in as, "
    "Settings, Auth Tokens.",
    queues="queues",
)
