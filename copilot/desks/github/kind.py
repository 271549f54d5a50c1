"""What the connection page asks for GitHub."""

from __future__ import annotations

from copilot.domain import DeskKind, SignInField

KIND = DeskKind(
    key="github",
    name="GitHub issues and discussions",
    fields=(
        SignInField(key="token", label="Personal access token", placeholder="github_pat_…", secret=True),
        SignInField(
            key="repositories",
            label="Repositories",
            placeholder="acme/lamps, acme/docs",
            help="Those whose issues and discussions you answer, with commas between them.",
        ),
        SignInField(
            key="url",
            label="Address",
            placeholder="https://github.example.com",
            help="Only for a GitHub Enterprise Server of your own.",
            required=False,
        ),
    ),
    help="Make a fine-grained token in GitHub under Settings, Developer settings. Give it the repositories, and the "
    "permissions Issues and Discussions to read and write.",
    queues="repositories",
    token_page="https://github.com/settings/personal-access-tokens/new",  # noqa: S106 - a page, no token
)
