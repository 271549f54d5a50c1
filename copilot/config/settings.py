"""A workspace's settings: one TOML file that a person can read, kept by atomic writes, migrated by version.

Secrets are never in it; see `copilot.config.secrets`.
"""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import tomli_w
from pydantic import Field, ValidationError

from copilot.config.model_settings import PrivacySettings, ProviderSettings, SpendingSettings
from copilot.config.notification_settings import NotificationSettings
from copilot.config.section import Section
from copilot.domain import Audience
from copilot.errors import SettingsError

FILE_NAME = "settings.toml"
CURRENT_VERSION = 1


class Preferences(Section):
    """What the rep has set.

    `hold_seconds` is the undo period of a reply, `language` that of summaries and answers, `snippets` texts by name,
    `own_words` what the dictionaries lack.
    """

    theme: Literal["system", "light", "dark", "contrast"] = "system"
    density: Literal["comfortable", "compact"] = "comfortable"
    hold_seconds: float = Field(default=10.0, ge=0, le=300)
    offer_to_connect: bool = True
    prepare_ahead: int = Field(default=10, ge=0, le=50)
    keymap: str = "sidedesk"
    own_keys: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")
    notifications: NotificationSettings = NotificationSettings()
    snippets: dict[str, str] = Field(default_factory=dict)
    check_spelling: bool = True
    own_words: tuple[str, ...] = ()


class DemoDeskSettings(Section):
    """The demo desk: real questions in a file of its own; `lively` lets others write while the rep looks."""

    kind: Literal["demo"] = "demo"
    id: str = "demo"
    name: str = "Demo desk"
    lively: bool = True


class RequestTrackerSettings(Section):
    """A Request Tracker 5: its address, and the queues to follow. The token is in the keyring."""

    kind: Literal["request_tracker"] = "request_tracker"
    id: str
    name: str
    url: str
    queues: tuple[str, ...]
    ai_agent: str = ""


class ConnectedDeskSettings(Section):
    """Any other desk: what was filled in on connecting it, but the secrets, which are in the keyring.

    `kind` and the keys of `values` are those of `copilot.domain.DeskKind`; `ai_agents` name the automatic first
    responders as that desk does.
    """

    kind: str
    id: str
    name: str
    values: dict[str, str] = Field(default_factory=dict)
    queues: tuple[str, ...] = ()
    ai_agents: tuple[str, ...] = ()


DeskSettings = Annotated[
    DemoDeskSettings | RequestTrackerSettings | ConnectedDeskSettings, Field(union_mode="left_to_right")
]


class _SourceSection(Section):
    """What every knowledge source has. Secrets of hosted ones are in the keyring."""

    id: str
    name: str
    audience: Audience = Audience.INTERNAL


class FolderSourceSettings(_SourceSection):
    """A folder of documents on this machine or a mounted drive."""

    kind: Literal["folder"] = "folder"
    path: str


class WebsiteSourceSettings(_SourceSection):
    """The pages under an address; `sitemap` is needed only where robots.txt names none and it has an unusual place."""

    kind: Literal["website"] = "website"
    url: str
    sitemap: str = ""
    max_pages: int = Field(default=1_000, ge=1, le=50_000)


class NotionSourceSettings(_SourceSection):
    """All Notion pages that were shared with an integration."""

    kind: Literal["notion"] = "notion"


class ConfluenceSourceSettings(_SourceSection):
    """A space of Confluence Cloud; `email` belongs to the API token."""

    kind: Literal["confluence"] = "confluence"
    site: str
    space: str
    email: str


class GoogleDriveSourceSettings(_SourceSection):
    """A folder of Google Drive, by the id in its address."""

    kind: Literal["google_drive"] = "google_drive"
    folder: str


class YouTubeSourceSettings(_SourceSection):
    """The team's own videos in a playlist or a channel, by its id; `language` is the one preferred for captions."""

    kind: Literal["youtube"] = "youtube"
    playlist: str
    language: str = "en"


SourceSettings = Annotated[
    FolderSourceSettings
    | WebsiteSourceSettings
    | NotionSourceSettings
    | ConfluenceSourceSettings
    | GoogleDriveSourceSettings
    | YouTubeSourceSettings,
    Field(discriminator="kind"),
]


class DestinationSettings(Section):
    """Where escalations can go outside the desk; its address holds credentials and is in the keyring."""

    id: str
    name: str
    kind: str


class Settings(Section):
    """Everything a workspace remembers about itself."""

    version: int = CURRENT_VERSION
    preferences: Preferences = Preferences()
    desks: tuple[DeskSettings, ...] = (DemoDeskSettings(),)
    knowledge: tuple[SourceSettings, ...] = ()
    destinations: tuple[DestinationSettings, ...] = ()
    models: tuple[ProviderSettings, ...] = ()
    spending: SpendingSettings = SpendingSettings()
    privacy: PrivacySettings = PrivacySettings()


def load_settings(folder: Path) -> Settings:
    """The settings of the workspace in `folder`; the defaults where there is no file yet.

    Raises `SettingsError` that names the file and the setting when it cannot be understood.
    """
    path = folder / FILE_NAME
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            f"The settings in {path} cannot be read: {error}.", "Correct or remove the file."
        ) from error
    version = raw.get("version", CURRENT_VERSION)
    if isinstance(version, int) and version > CURRENT_VERSION:
        raise SettingsError(
            f"The settings in {path} were written by a newer Sidedesk.",
            "Start that version, or update this one.",
        )
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise SettingsError(
            f"The setting {where} in {path} is not valid: {first['msg']}.", "Correct or remove it."
        ) from error


def save_settings(folder: Path, settings: Settings) -> None:
    """Write the settings so that a crash leaves either the old file or the new one. Raises `SettingsError`."""
    path = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(path, tomli_w.dumps(_without_none(settings.model_dump(mode="json"))))
    except OSError as error:
        raise SettingsError(
            f"The settings cannot be written to {path}: {error.strerror}.",
            "Check the folder's permissions and space.",
        ) from error


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _without_none(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _pruned(item) for key, item in value.items() if item is not None}


def _pruned(item: Any) -> Any:
    if isinstance(item, Mapping):
        return _without_none(item)
    return [_pruned(part) for part in item] if isinstance(item, list) else item
