"""Transcripts of a YouTube playlist's videos, where the team owns them.

Followed: "PlaylistItems: list", "Captions: list" and "Captions: download" of https://developers.google.com/youtube/v3/docs.
Downloading captions needs the permission to edit the video; there is no documented way to other people's.

A day's quota is 10,000 units: a page of the playlist costs 1, the list of a video's tracks 50, a track 200. So a
video's tracks are looked at once a week, not every hour, and a reading that uses the quota up goes on the next day.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import Field

from copilot.errors import SourceError
from copilot.knowledge.sources.base import (
    Document,
    DocumentId,
    Expected,
    Failed,
    Fingerprint,
    Found,
    Gone,
    Label,
    Limits,
    Same,
    Step,
)
from copilot.knowledge.sources.google_sign_in import GoogleSignIn
from copilot.knowledge.sources.hosted import Api, ApiError, Connection, Edges, Wire

BASE = "https://www.googleapis.com/youtube/v3"
_PAUSE_SECONDS = 0.1
_LOOK_AGAIN = timedelta(days=7)
_PART_SECONDS = 60
_CUE = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})[,.]\d{1,3}\s*-->")
_MARKUP = re.compile(r"<[^<>]{1,80}>|\{\\[^{}]{1,80}\}")


class _ItemSnippet(Wire):
    title: str = ""


class _ItemDetails(Wire):
    video: str = Field(alias="videoId")
    published: datetime | None = Field(default=None, alias="videoPublishedAt")


class _Item(Wire):
    snippet: _ItemSnippet
    details: _ItemDetails = Field(alias="contentDetails")


class _Items(Wire):
    items: list[_Item]
    next_page: str = Field(default="", alias="nextPageToken")


class _TrackSnippet(Wire):
    updated: str = Field(default="", alias="lastUpdated")
    kind: str = Field(default="standard", alias="trackKind")
    language: str = ""
    is_draft: bool = Field(default=False, alias="isDraft")
    status: str = "serving"


class _Track(Wire):
    id: str
    snippet: _TrackSnippet


class _Tracks(Wire):
    items: list[_Track]


class YouTubeSource:
    """The videos of one playlist; a channel's uploads are one, its id is the channel's with UU for UC in front."""

    kind = "youtube"

    def __init__(
        self,
        label: Label,
        playlist: str,
        secret: str,
        *,
        language: str = "en",
        limits: Limits | None = None,
        edges: Edges | None = None,
    ) -> None:
        self.label = label
        self._playlist = "UU" + playlist[2:] if playlist.startswith("UC") else playlist
        self._language = language
        edges = edges or Edges()
        self._now = edges.now
        self._api = Api(
            Connection(
                service="YouTube",
                base=BASE,
                headers=GoogleSignIn(secret, edges.transport).headers,
                pause_seconds=_PAUSE_SECONDS,
                edges=edges,
            ),
            limits or Limits(),
        )

    async def read(self, known: Mapping[str, Fingerprint]) -> AsyncGenerator[Step, None]:
        """See `Source.read`."""
        try:
            items = await self._items()
        except ApiError as error:
            raise SourceError(f"The playlist could not be listed: {error.reason}", "Check its id.") from error
        yield Expected(len(items))
        for video, item in items.items():
            yield await self._step(video, item, known.get(video, Fingerprint("")))
        for name in sorted(known.keys() - items.keys()):
            yield Gone(DocumentId(name))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._api.aclose()

    async def _items(self) -> dict[str, _Item]:
        found: dict[str, _Item] = {}
        parameters: dict[str, str | int] = {
            "part": "snippet,contentDetails",
            "playlistId": self._playlist,
            "maxResults": 50,
        }
        while True:
            page = await self._api.get(_Items, "/playlistItems", **parameters)
            found |= {item.details.video: item for item in page.items}
            if not page.next_page:
                return found
            parameters["pageToken"] = page.next_page

    async def _step(self, video: str, item: _Item, known: Fingerprint) -> Step:
        name, title = DocumentId(video), item.snippet.title
        before, _, looked = known.partition(" looked ")
        if looked and self._now() - datetime.fromisoformat(looked) < _LOOK_AGAIN:
            return Same(name, known)
        try:
            tracks = await self._api.get(_Tracks, "/captions", part="snippet", videoId=video)
            track = best_track([one for one in tracks.items if _is_usable(one)], self._language)
            state = f"{track.id} {track.snippet.updated}" if track else "none"
            fingerprint = Fingerprint(f"{state} looked {self._now().isoformat()}")
            if state == before:
                return Same(name, fingerprint)
            if track is None:
                return Failed(name, title, "The video has no captions.", fingerprint)
            srt = await self._api.content(f"/captions/{track.id}", tfmt="srt")
        except ApiError as error:
            return Failed(name, title, error.reason)
        return self._found(item, fingerprint, transcript(srt.decode("utf-8", "replace")))

    def _found(self, item: _Item, fingerprint: Fingerprint, text: str) -> Step:
        name = DocumentId(item.details.video)
        if not text:
            return Failed(name, item.snippet.title, "Its captions hold no words.", fingerprint)
        document = Document(
            id=name,
            title=item.snippet.title,
            text=text,
            url=f"https://www.youtube.com/watch?v={item.details.video}",
            updated=item.details.published,
        )
        return Found(document, fingerprint)


def best_track(tracks: Sequence[_Track], language: str) -> _Track | None:
    """Written captions before recognised speech, the team's language before others."""

    def rank(track: _Track) -> tuple[bool, bool]:
        return track.snippet.kind.upper() == "ASR", not track.snippet.language.startswith(language)

    return min(tracks, key=rank, default=None)


def transcript(srt: str) -> str:
    """SubRip captions as Markdown: a part a minute, under the time at which it begins."""
    parts: list[str] = []
    began = -_PART_SECONDS
    last = ""
    for second, words in _cues(srt):
        if words == last:
            continue  # recognised speech says a line again as it scrolls
        last = words
        if second - began >= _PART_SECONDS:
            began = second
            parts.append(f"## {_clock(second)}\n\n{words}")
        else:
            parts[-1] += f" {words}"
    return "\n\n".join(parts)


def _cues(srt: str) -> Iterator[tuple[int, str]]:
    for cue in re.split(r"\n\s*\n", srt.replace("\r\n", "\n").lstrip("\ufeff")):
        lines = cue.strip().split("\n")
        place = next((number for number, line in enumerate(lines) if _CUE.search(line)), None)
        if place is None:
            continue
        time = _CUE.search(lines[place])
        words = " ".join(_MARKUP.sub("", " ".join(lines[place + 1 :])).split())
        if time and words:
            yield int(time[1] or 0) * 3600 + int(time[2]) * 60 + int(time[3]), words


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _is_usable(track: _Track) -> bool:
    return track.snippet.status != "failed" and not track.snippet.is_draft
