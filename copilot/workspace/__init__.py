"""The one door to the core (`door`), and what it needs to wire the rooms behind it.

Names are imported when they are asked for: the window takes a `glimpse` of the queue before it can afford the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.config.model_settings import (
        OfferedModel,
        PrivacySettings,
        ProviderSettings,
        SpendingSettings,
    )
    from copilot.config.notification_settings import NotificationSettings
    from copilot.config.settings import (
        ConfluenceSourceSettings,
        FolderSourceSettings,
        GoogleDriveSourceSettings,
        NotionSourceSettings,
        Preferences,
        SourceSettings,
        WebsiteSourceSettings,
        YouTubeSourceSettings,
    )
    from copilot.knowledge.conflicts import ArticlePair, Conflict
    from copilot.knowledge.gaps import Gap
    from copilot.store.gaps import ReviewState
    from copilot.text.spelling.words import Word
    from copilot.workspace.checkup import checkup
    from copilot.workspace.composing import AsSent, Composing, Filled
    from copilot.workspace.door import Workspace
    from copilot.workspace.gaps import Gaps, Replayed, Review, ReviewItem
    from copilot.workspace.glimpse import glimpse_of_queue
    from copilot.workspace.runs import Running
    from copilot.workspace.spelling import Spelling
    from copilot.workspace.triage import Learned, Triage
    from copilot.workspace.upkeep import ArticleState, Upkeep
    from copilot.workspace.values import Rendered, Undone

__all__ = [
    "ArticlePair",
    "ArticleState",
    "AsSent",
    "Composing",
    "Conflict",
    "ConfluenceSourceSettings",
    "Filled",
    "FolderSourceSettings",
    "Gap",
    "Gaps",
    "GoogleDriveSourceSettings",
    "Learned",
    "NotificationSettings",
    "NotionSourceSettings",
    "OfferedModel",
    "Preferences",
    "PrivacySettings",
    "ProviderSettings",
    "Rendered",
    "Replayed",
    "Review",
    "ReviewItem",
    "ReviewState",
    "Running",
    "SourceSettings",
    "Spelling",
    "SpendingSettings",
    "Triage",
    "Undone",
    "Upkeep",
    "WebsiteSourceSettings",
    "Word",
    "Workspace",
    "YouTubeSourceSettings",
    "checkup",
    "glimpse_of_queue",
]

_HOMES = {
    "ArticlePair": "copilot.knowledge.conflicts",
    "ArticleState": "copilot.workspace.upkeep",
    "AsSent": "copilot.workspace.composing",
    "Composing": "copilot.workspace.composing",
    "Conflict": "copilot.knowledge.conflicts",
    "Filled": "copilot.workspace.composing",
    "Gap": "copilot.knowledge.gaps",
    "Gaps": "copilot.workspace.gaps",
    "Learned": "copilot.workspace.triage",
    "NotificationSettings": "copilot.config.notification_settings",
    "OfferedModel": "copilot.config.model_settings",
    "PrivacySettings": "copilot.config.model_settings",
    "ProviderSettings": "copilot.config.model_settings",
    "Rendered": "copilot.workspace.values",
    "Replayed": "copilot.workspace.gaps",
    "Review": "copilot.workspace.gaps",
    "ReviewItem": "copilot.workspace.gaps",
    "ReviewState": "copilot.store.gaps",
    "Running": "copilot.workspace.runs",
    "Spelling": "copilot.workspace.spelling",
    "SpendingSettings": "copilot.config.model_settings",
    "Triage": "copilot.workspace.triage",
    "Undone": "copilot.workspace.values",
    "Upkeep": "copilot.workspace.upkeep",
    "Word": "copilot.text.spelling.words",
    "Workspace": "copilot.workspace.door",
    "checkup": "copilot.workspace.checkup",
    "glimpse_of_queue": "copilot.workspace.glimpse",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(name)
    found: object = getattr(import_module(_HOMES.get(name, "copilot.config.settings")), name)
    # Importing a module puts it into its package under its own name, and `checkup` is a function's name too.
    globals()[name] = found
    return found
