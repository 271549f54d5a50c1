"""The kinds of knowledge sources a rep can add, and what each asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from copilot.domain import Audience, SignInField
from copilot.workspace import (
    ConfluenceSourceSettings,
    FolderSourceSettings,
    GoogleDriveSourceSettings,
    NotionSourceSettings,
    SourceSettings,
    WebsiteSourceSettings,
    YouTubeSourceSettings,
)

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceForm:
    """One kind: its fields, and the settings made from what was filled in. The secret field is called ``secret``."""

    name: str
    icon: str
    help: str
    fields: tuple[SignInField, ...]
    make: Callable[[Values, Audience], SourceSettings]


def _secret(label: str, help_: str) -> SignInField:
    return SignInField(key="secret", label=label, help=help_, secret=True)


def _folder(values: Values, audience: Audience) -> SourceSettings:
    path = values["path"]
    return FolderSourceSettings(
        id="", name=path.rstrip("/\\").split("/")[-1] or path, path=path, audience=audience
    )


def _website(values: Values, audience: Audience) -> SourceSettings:
    url = values["url"] if "://" in values["url"] else f"https://{values['url']}"
    return WebsiteSourceSettings(id="", name=urlsplit(url).hostname or url, url=url, audience=audience)


def _notion(_values: Values, audience: Audience) -> SourceSettings:
    return NotionSourceSettings(id="", name="Notion", audience=audience)


def _confluence(values: Values, audience: Audience) -> SourceSettings:
    return ConfluenceSourceSettings(
        id="",
        name=f"Confluence {values['space']}",
        site=values["site"],
        space=values["space"],
        email=values["email"],
        audience=audience,
    )


def _google_drive(values: Values, audience: Audience) -> SourceSettings:
    return GoogleDriveSourceSettings(id="", name="Google Drive", folder=values["folder"], audience=audience)


def _youtube(values: Values, audience: Audience) -> SourceSettings:
    return YouTubeSourceSettings(id="", name="YouTube", playlist=values["playlist"], audience=audience)


SOURCE_FORMS: tuple[SourceForm, ...] = (
    SourceForm(
        name="Folder",
        icon="folder",
        help="Markdown, HTML, PDF, Word and text files on this computer or a mounted drive.",
        fields=(SignInField(key="path", label="Folder", placeholder="/home/me/handbook"),),
        make=_folder,
    ),
    SourceForm(
        name="Website",
        icon="globe",
        help="The pages under an address, by its sitemap or its links. robots.txt is respected.",
        fields=(SignInField(key="url", label="Address", placeholder="https://help.example.com/en/"),),
        make=_website,
    ),
    SourceForm(
        name="Notion",
        icon="file-text",
        help="All pages that are shared with an internal integration of your Notion workspace.",
        fields=(
            _secret("Integration token", "In Notion: Settings, Connections, Develop or manage integrations."),
        ),
        make=_notion,
    ),
    SourceForm(
        name="Confluence",
        icon="files",
        help="One space of Confluence Cloud.",
        fields=(
            SignInField(key="site", label="Site", placeholder="https://example.atlassian.net"),
            SignInField(key="space", label="Space key", placeholder="HELP"),
            SignInField(key="email", label="Mail address", placeholder="you@example.com"),
            _secret("API token", "Made in your Atlassian account under Security."),
        ),
        make=_confluence,
    ),
    SourceForm(
        name="Google Drive",
        icon="database",
        help="One folder with what is below it, read only.",
        fields=(
            SignInField(key="folder", label="Folder id", help="The last part of the folder's address."),
            _secret("Key", "The JSON key of a service account that the folder is shared with."),
        ),
        make=_google_drive,
    ),
    SourceForm(
        name="YouTube",
        icon="image",
        help="What is said in your own videos, from their captions.",
        fields=(
            SignInField(key="playlist", label="Playlist or channel id"),
            _secret("Access token", "OAuth token of the channel's owner with the scope youtube.force-ssl."),
        ),
        make=_youtube,
    ),
)
