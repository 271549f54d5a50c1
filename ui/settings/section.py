"""The pages of the settings, each made only when it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from copilot.workspace import Workspace
    from ui.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One page. `words` are what its settings are called, for the search before the page is made."""

    key: str
    title: str
    icon: str
    words: tuple[str, ...]
    make: Callable[[Workspace, Window], QWidget]


def _general(workspace: Workspace, window: Window) -> QWidget:
    from ui.settings.general import GeneralPage

    return GeneralPage(workspace, window)


def _desks(workspace: Workspace, window: Window) -> QWidget:
    from ui.settings.desks import DesksPage

    return DesksPage(workspace, window)


def _knowledge(workspace: Workspace, window: Window) -> QWidget:
    from ui.settings.knowledge import KnowledgePage

    return KnowledgePage(workspace, window)


def _keys(workspace: Workspace, window: Window) -> QWidget:
    from ui.settings.keys import KeysPage

    return KeysPage(workspace, window)


def _notifications(workspace: Workspace, window: Window) -> QWidget:
    from ui.settings.notifications import NotificationsPage

    return NotificationsPage(workspace, window)


def _models(workspace: Workspace, window: Window) -> QWidget:
    from ui.settings.models import ModelsPage

    return ModelsPage(workspace, window)


def _policy(workspace: Workspace, window: Window) -> QWidget:
    from ui.settings.policy import PolicyPage

    return PolicyPage(workspace, window)


def _destinations(workspace: Workspace, window: Window) -> QWidget:
    from ui.settings.destinations import DestinationsPage

    return DestinationsPage(workspace, window)


SECTIONS: tuple[Section, ...] = (
    Section(
        key="general",
        title="General",
        icon="sliders-horizontal",
        words=(
            "theme",
            "dark",
            "light",
            "contrast",
            "density",
            "compact",
            "undo",
            "send",
            "spelling",
            "dictionary",
            "prepare",
            "briefs",
        ),
        make=_general,
    ),
    Section(
        key="keys",
        title="Keys",
        icon="keyboard",
        words=("keys", "shortcuts", "keyboard", "preset", "gmail", "zendesk", "vim"),
        make=_keys,
    ),
    Section(
        key="notifications",
        title="Notifications",
        icon="bell",
        words=("notifications", "tell", "tray", "quiet", "hours", "weekend", "late", "assigned", "reply"),
        make=_notifications,
    ),
    Section(
        key="desks",
        title="Help desks",
        icon="headset",
        words=("desk", "connect", "queue", "token", "sign in", "mailbox"),
        make=_desks,
    ),
    Section(
        key="knowledge",
        title="Knowledge",
        icon="book-open",
        words=("articles", "sources", "website", "folder", "notion", "confluence", "drive", "youtube"),
        make=_knowledge,
    ),
    Section(
        key="destinations",
        title="Escalating out",
        icon="arrow-up-right",
        words=("escalate", "slack", "teams", "discord", "whatsapp", "mail", "webhook", "destination"),
        make=_destinations,
    ),
    Section(
        key="models",
        title="Language models",
        icon="sparkles",
        words=("model", "provider", "key", "openai", "anthropic", "gemini", "ollama", "local", "test"),
        make=_models,
    ),
    Section(
        key="policy",
        title="Policy, cost, privacy",
        icon="shield-check",
        words=("policy", "rule", "budget", "cost", "spending", "privacy", "air-gapped", "leave", "simulate"),
        make=_policy,
    ),
)
