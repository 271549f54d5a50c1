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
)
