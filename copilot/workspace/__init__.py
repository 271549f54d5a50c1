"""The one door to the core (`door`), and what it needs to wire the rooms behind it."""

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
from copilot.workspace.checkup import checkup
from copilot.workspace.door import Workspace
from copilot.workspace.values import Rendered, Undone

__all__ = [
    "ConfluenceSourceSettings",
    "FolderSourceSettings",
    "GoogleDriveSourceSettings",
    "NotionSourceSettings",
    "Preferences",
    "Rendered",
    "SourceSettings",
    "Undone",
    "WebsiteSourceSettings",
    "Workspace",
    "YouTubeSourceSettings",
    "checkup",
]
