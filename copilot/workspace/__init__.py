"""The one door to the core (`door`), and what it needs to wire the rooms behind it."""

from copilot.config.settings import FolderSourceSettings, Preferences, WebsiteSourceSettings
from copilot.workspace.checkup import checkup
from copilot.workspace.door import Workspace
from copilot.workspace.values import Rendered, Undone

__all__ = [
    "FolderSourceSettings",
    "Preferences",
    "Rendered",
    "Undone",
    "WebsiteSourceSettings",
    "Workspace",
    "checkup",
]
