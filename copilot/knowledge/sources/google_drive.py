"""A folder of Google Drive with all folders in it: Google Docs, slides, and files of the forms a local folder may hold.

Followed: "Method: files.list", "files.get" with alt=media, "files.export" and "Export MIME types for Google Workspace
documents" of https://developers.google.com/workspace/drive/api/reference/rest/v3.

The tree is listed anew each time, a request for every fifty folders: unlike `changes.list` that needs no cursor to be
kept, and a file that was moved out of the folder, or taken from us, is gone like one that was deleted.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime
from functools import partial

from pydantic import Field

from copilot.errors import SourceError
from copilot.knowledge.sources.base import Document, DocumentId, Fingerprint, Label, Step
from copilot.knowledge.sources.folder import FORMS
from copilot.knowledge.sources.formats.parsed import Form, UnreadableError
from copilot.knowledge.sources.google_sign_in import GoogleSignIn
from copilot.knowledge.sources.hosted import (
    Api,
    Connection,
    Edges,
    Listed,
    Wire,
    gone_from,
    listing,
    read_listed,
)
from copilot.knowledge.sources.parsing import Parser, too_large

BASE = "https://www.googleapis.com/drive/v3"
_PAUSE_SECONDS = 0.1
_FOLDER = "application/vnd.google-apps.folder"
_FIELDS = (
    "nextPageToken, "
    "files(id, name, mimeType, modifiedTime, md5Checksum, size, webViewLink, capabilities/canDownload)"
)
_EXPORTS = {
    "application/vnd.google-apps.document": ("text/markdown", Form.MARKDOWN),
    "application/vnd.google-apps.presentation": ("text/plain", Form.TEXT),
}
_MEDIA = {
    "text/markdown": Form.MARKDOWN,
    "text/plain": Form.TEXT,
    "text/html": Form.HTML,
    "application/pdf": Form.PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Form.DOCX,
}
_MAX_FOLDERS = 2_000
_FOLDERS_A_REQUEST = 50


class _Capabilities(Wire):
    can_download: bool = Field(default=True, alias="canDownload")


class _File(Wire):
    id: str
    name: str = ""
    media_type: str = Field(default="", alias="mimeType")
    modified: datetime = Field(alias="modifiedTime")
    digest: str = Field(default="", alias="md5Checksum")
    size: int = 0
    link: str = Field(default="", alias="webViewLink")
    capabilities: _Capabilities = _Capabilities()

    @property
    def form(self) -> Form | None:
        """The form it is read as; None for what is not read."""
        if self.media_type in _EXPORTS:
            return _EXPORTS[self.media_type][1]
        by_name = FORMS.get("." + self.name.rpartition(".")[2].lower())
        return _MEDIA.get(self.media_type) or (by_name if self.digest else None)


class _Files(Wire):
    files: list[_File]
    next_page: str = Field(default="", alias="nextPageToken")


class GoogleDriveSource:
    """One folder, by the id in its address."""

    kind = "google_drive"

    def __init__(
        self,
        label: Label,
        folder: str,
        secret: str,
        parser: Parser,
        *,
        edges: Edges | None = None,
    ) -> None:
        self.label = label
        self._folder = folder
        self._parser = parser
        edges = edges or Edges()
        self._api = Api(
            Connection(
                service="Google Drive",
                base=BASE,
                headers=GoogleSignIn(secret, edges.transport).headers,
                pause_seconds=_PAUSE_SECONDS,
                edges=edges,
            ),
            parser.limits,
        )

    async def read(self, known: Mapping[str, Fingerprint]) -> AsyncGenerator[Step, None]:
        """See `Source.read`."""
        listed = await listing("Google Drive", self._listed())
        async for step in read_listed(listed, known, self._parser.limits):
            yield step
        for gone in gone_from(listed, known):
            yield gone

    async def aclose(self) -> None:
        """Close the connections."""
        await self._api.aclose()

    async def _listed(self) -> list[Listed]:
        seen = {self._folder}
        level = [self._folder]
        found: dict[str, Listed] = {}
        while level:
            further: list[str] = []
            for start in range(0, len(level), _FOLDERS_A_REQUEST):
                for file in await self._in_folders(level[start : start + _FOLDERS_A_REQUEST]):
                    if file.media_type == _FOLDER:
                        further.append(file.id)
                    elif (form := file.form) is not None:
                        found[file.id] = self._entry(file, form)
            level = [one for one in dict.fromkeys(further) if one not in seen]
            seen.update(level)
            if len(seen) > _MAX_FOLDERS:
                raise SourceError(
                    f"There are more than {_MAX_FOLDERS:,} folders in it.", "Choose one further down."
                )
        return list(found.values())

    async def _in_folders(self, folders: list[str]) -> list[_File]:
        parents = " or ".join(f"'{_quoted(folder)}' in parents" for folder in folders)
        parameters: dict[str, str | int] = {
            "q": f"({parents}) and trashed = false",
            "fields": _FIELDS,
            "pageSize": 1000,
            "supportsAllDrives": "true",
            "includeItemsFromAllDrives": "true",
        }
        files: list[_File] = []
        while True:
            page = await self._api.get(_Files, "/files", **parameters)
            files += page.files
            if not page.next_page:
                return files
            parameters["pageToken"] = page.next_page

    def _entry(self, file: _File, form: Form) -> Listed:
        return Listed(
            id=file.id,
            title=file.name,
            fingerprint=file.digest or file.modified.isoformat(),
            read=partial(self._document, file, form),
        )

    async def _document(self, file: _File, form: Form) -> Document:
        if not file.capabilities.can_download:
            raise UnreadableError("Its owner does not allow it to be downloaded.")
        if file.size > self._parser.limits.document_bytes:
            raise UnreadableError(too_large(self._parser.limits))
        if file.media_type in _EXPORTS:
            asked = _EXPORTS[file.media_type][0]
            content = await self._api.content(f"/files/{file.id}/export", mimeType=asked)
        else:
            content = await self._api.content(f"/files/{file.id}", alt="media", supportsAllDrives="true")
        parsed = await self._parser.parse(form, content)
        return Document(
            id=DocumentId(file.id),
            title=parsed.title or file.name,
            text=parsed.text,
            url=file.link,
            updated=file.modified.astimezone(UTC),
        )


def _quoted(folder: str) -> str:
    return folder.replace("\\", "\\\\").replace("'", "\\'")
