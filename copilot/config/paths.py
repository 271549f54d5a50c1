"""Where things lie on this computer: the user's workspaces and the files that came with the program."""

from __future__ import annotations

import os
from pathlib import Path

APPLICATION = "Sidedesk"
STORE_NAME = "sidedesk.sqlite3"
"""The database in a workspace's folder."""


def resources_folder() -> Path:
    """The read-only files shipped beside the packages (fonts, icons, the demo desk's data)."""
    return Path(__file__).resolve().parents[2] / "resources"


def workspaces_folder() -> Path:
    """The folder of all workspaces; `SIDEDESK_HOME` in the environment moves it."""
    home = os.environ.get("SIDEDESK_HOME")
    if home:
        return Path(home).expanduser()
    import platformdirs  # not on the way to the first frame

    return Path(platformdirs.user_data_dir(APPLICATION, appauthor=False)) / "workspaces"


def default_workspace() -> Path:
    """The workspace that opens when none is named."""
    return workspaces_folder() / "default"
