"""What the connection page asks for a mailbox."""

from __future__ import annotations

from copilot.domain import DeskKind, SignInField

KIND = DeskKind(
    key="mailbox",
    name="Mailbox (IMAP and SMTP)",
    fields=(
        SignInField(key="address", label="Team's mail address", placeholder="support@example.org"),
        SignInField(
            key="rep",
            label="Your name and address",
            placeholder="Ana Lopez <ana@example.org>",
            help="Requesters see the name; colleagues know you by the address. Empty: the team's address.",
            required=False,
        ),
        SignInField(
            key="password",
            label="Password",
            help="Where the provider asks for a second factor: an app password.",
            secret=True,
            required=False,
        ),
        SignInField(
            key="user",
            label="User name",
            help="Empty: the team's address.",
            required=False,
        ),
        SignInField(
            key="imap",
            label="IMAP server",
            placeholder="imap.example.org:993",
            help="Port 993 speaks TLS from the start; any other must offer STARTTLS.",
            required=False,
        ),
        SignInField(
            key="smtp",
            label="SMTP server",
            placeholder="smtp.example.org:465",
            help="Port 465 speaks TLS from the start; any other must offer STARTTLS.",
            required=False,
        ),
        SignInField(
            key="refresh_token",
            label="OAuth refresh token",
            help="Instead of a password, where the provider takes none (XOAUTH2).",
            secret=True,
            required=False,
        ),
        SignInField(key="client_id", label="OAuth client", required=False),
        SignInField(key="client_secret", label="OAuth client's secret", secret=True, required=False),
        SignInField(
            key="token_url",
            label="OAuth token address",
            placeholder="https://oauth2.googleapis.com/token",
            required=False,
        ),
    ),
    help="Any mailbox that speaks IMAP and SMTP. Status, assignee, tags and notes are kept in a folder of the mailbox, "
    "“Sidedesk Notes”, where all colleagues with Sidedesk see them.",
    queues="folders",
)
