"""Google Drive and YouTube, on answers of the documented shapes."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from copilot.domain import Audience, SourceId
from copilot.errors import SourceError
from copilot.knowledge.sources.base import Label
from copilot.knowledge.sources.google_drive import GoogleDriveSource
from copilot.knowledge.sources.parsing import Parser
from copilot.knowledge.sources.youtube import YouTubeSource, transcript
from tests.knowledge.sources.conftest import read
from tests.knowledge.sources.make import docx
from tests.knowledge.sources.vendor import NOW, Vendor

LABEL = Label(id=SourceId("kb-google"), name="Google", audience=Audience.INTERNAL)
SECRET = json.dumps({"type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "r"})
FOLDER = "application/vnd.google-apps.folder"
DOCUMENT = "application/vnd.google-apps.document"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def file(name: str, title: str, media_type: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "name": title,
        "mimeType": media_type,
        "modifiedTime": "2026-02-01T08:00:00.000Z",
        "webViewLink": f"https://drive.google.com/file/d/{name}/view",
        "capabilities": {"canDownload": True},
    } | more


@pytest.fixture
def google() -> Vendor:
    vendor = Vendor()
    vendor.on("POST", "/token", {"access_token": "short", "expires_in": 3599, "token_type": "Bearer"})
    return vendor


@pytest.fixture
def drive(google: Vendor) -> Vendor:
    tree: dict[str, list[dict[str, Any]]] = {
        "top": [
            file("d1", "Returns", DOCUMENT),
            file("f1", "Billing", FOLDER),
            file("i1", "Logo", "image/png", md5Checksum="9", size="100"),
        ],
        "f1": [
            file("w1", "Terms.docx", WORD, md5Checksum="7", size="900"),
            file("m1", "fees.md", "application/octet-stream", md5Checksum="8", size="20"),
            file("f1", "Itself", FOLDER),
        ],
    }

    def files(request: httpx.Request) -> dict[str, Any]:
        asked = request.url.params["q"]
        found = [
            one for folder, inside in tree.items() if f"'{folder}' in parents" in asked for one in inside
        ]
        if len(found) > 1 and "pageToken" not in request.url.params:
            return {"files": found[:1], "nextPageToken": "more"}
        return {"files": found[1:] if "pageToken" in request.url.params else found}

    google.on("GET", "/drive/v3/files", files)
    google.on("GET", "/drive/v3/files/d1/export", b"# Returns\n\nWithin 14 days.")
    google.on("GET", "/drive/v3/files/w1", docx(("Heading1", "Terms"), ("", "As agreed.")))
    google.on("GET", "/drive/v3/files/m1", b"There are none.")
    google.holds = tree
    return google


def drive_source(vendor: Vendor, parser: Parser, secret: str = SECRET) -> GoogleDriveSource:
    return GoogleDriveSource(LABEL, "top", secret, parser, edges=vendor.edges)


async def test_a_folder_with_its_folders(drive: Vendor, parser: Parser) -> None:
    reading = await read(drive_source(drive, parser))
    assert {name: (one.title, one.text) for name, one in reading.found.items()} == {
        "d1": ("Returns", "Within 14 days."),
        "w1": ("Terms", "As agreed."),
        "m1": ("fees.md", "There are none."),
    }
    assert reading.failed == {}
    exported = next(request for request in drive.requests if request.url.path.endswith("/export"))
    assert exported.url.params["mimeType"] == "text/markdown"
    assert exported.headers["Authorization"] == "Bearer short"
    assert drive.asked.count("/token") == 1
    form = parse_qs(drive.requests[0].content.decode())
    assert (form["grant_type"], form["refresh_token"]) == (["refresh_token"], ["r"])


async def test_only_what_changed_is_downloaded(drive: Vendor, parser: Parser) -> None:
    first = await read(drive_source(drive, parser))
    tree = drive.holds
    tree["top"][0] = file("d1", "Returns", DOCUMENT, modifiedTime="2026-02-02T08:00:00.000Z")
    del tree["f1"][1]
    drive.on("GET", "/drive/v3/files/d1/export", b"# Returns\n\nWithin 30 days.")
    drive.asked.clear()
    second = await read(drive_source(drive, parser), after=first)
    assert [one.text for one in second.found.values()] == ["Within 30 days."]
    assert (second.gone, second.same) == ({"m1"}, {"w1"})
    assert "/drive/v3/files/w1" not in drive.asked


async def test_files_that_cannot_be_read(drive: Vendor, parser: Parser) -> None:
    tree = drive.holds
    tree["top"] += [
        file("x1", "film.txt", "text/plain", md5Checksum="1", size="999999999"),
        file(
            "x2", "closed.txt", "text/plain", md5Checksum="2", size="5", capabilities={"canDownload": False}
        ),
        file("x3", "bad.pdf", "application/pdf", md5Checksum="3", size="5"),
        file("x4", "mine.txt", "text/plain", md5Checksum="4", size="5"),
    ]
    drive.on("GET", "/drive/v3/files/x3", b"no PDF")
    drive.on("GET", "/drive/v3/files/x4", httpx.Response(403, json={"error": {"code": 403}}))
    reading = await read(drive_source(drive, parser))
    assert len(reading.found) == 3
    assert reading.failed == {
        "x1": "The document is larger than the 20 MB that are read.",
        "x2": "Its owner does not allow it to be downloaded.",
        "x3": "The file is damaged, or no PDF.",
        "x4": "We may not read it (HTTP 403).",
    }


async def test_sign_ins_that_do_not_work(drive: Vendor, parser: Parser) -> None:
    with pytest.raises(SourceError, match="not what is needed"):
        await read(drive_source(drive, parser, secret="a plain word"))
    drive.on("POST", "/token", httpx.Response(400, json={"error": "invalid_grant"}))
    with pytest.raises(SourceError, match="does not accept the sign-in"):
        await read(drive_source(drive, parser))


SRT = """1
00:00:01,000 --> 00:00:04,000
Open the <i>settings</i>,

2
00:00:04,000 --> 00:00:06,000
then press reset.

3
00:01:05,500 --> 00:01:08,000
then press reset.

4
00:01:06,500 --> 00:01:08,000
Wait a minute.
"""


def item(video: str, title: str) -> dict[str, Any]:
    details = {"videoId": video, "videoPublishedAt": "2026-01-01T00:00:00Z"}
    return {"kind": "youtube#playlistItem", "snippet": {"title": title}, "contentDetails": details}


def track(
    name: str, language: str = "en", kind: str = "standard", updated: str = "2026-01-01T00:00:00Z"
) -> dict[str, Any]:
    snippet = {
        "language": language,
        "trackKind": kind,
        "lastUpdated": updated,
        "isDraft": False,
        "status": "serving",
    }
    return {"kind": "youtube#caption", "id": name, "snippet": snippet}


@pytest.fixture
def youtube(google: Vendor) -> Vendor:
    def items(request: httpx.Request) -> dict[str, Any]:
        if "pageToken" in request.url.params:
            return {"items": [item("v2", "Silent film")]}
        return {"items": [item("v1", "How to reset")], "nextPageToken": "more"}

    tracks: dict[str, list[dict[str, Any]]] = {
        "v1": [track("t0", kind="asr"), track("t1", "de"), track("t2", "en-GB")],
        "v2": [],
    }
    google.on("GET", "/youtube/v3/playlistItems", items)
    google.on("GET", "/youtube/v3/captions", lambda request: {"items": tracks[request.url.params["videoId"]]})
    google.on("GET", "/youtube/v3/captions/t2", SRT.encode())
    google.holds = tracks
    return google


def youtube_source(vendor: Vendor) -> YouTubeSource:
    return YouTubeSource(LABEL, "UCabc", SECRET, edges=vendor.edges)


async def test_transcripts_of_a_channel(youtube: Vendor) -> None:
    reading = await read(youtube_source(youtube))
    (document,) = reading.found.values()
    assert (document.title, document.url) == ("How to reset", "https://www.youtube.com/watch?v=v1")
    assert document.text == "## 0:01\n\nOpen the settings, then press reset.\n\n## 1:06\n\nWait a minute."
    assert reading.failed == {"v2": "The video has no captions."}
    assert youtube.requests[1].url.params["playlistId"] == "UUabc"
    (downloaded,) = [request for request in youtube.requests if request.url.path.endswith("/captions/t2")]
    assert downloaded.url.params["tfmt"] == "srt"


async def test_tracks_are_looked_at_once_a_week(youtube: Vendor) -> None:
    first = await read(youtube_source(youtube))
    youtube.asked.clear()
    youtube.now = NOW + timedelta(days=6)
    same = await read(youtube_source(youtube), after=first)
    assert same.same == {"v1", "v2"}
    assert set(youtube.asked) == {"/token", "/youtube/v3/playlistItems"}

    youtube.now = NOW + timedelta(days=8)
    looked = await read(youtube_source(youtube), after=same)
    assert looked.same == {"v1", "v2"}
    assert "/youtube/v3/captions/t2" not in youtube.asked, "the track has not changed"

    youtube.holds["v1"] = [track("t2", "en-GB", updated="2026-03-01T00:00:00Z")]
    youtube.now = NOW + timedelta(days=16)
    changed = await read(youtube_source(youtube), after=looked)
    assert changed.found.keys() == {"v1"}


async def test_a_used_up_quota_ends_the_reading(youtube: Vendor) -> None:
    first = await read(youtube_source(youtube))
    youtube.now = NOW + timedelta(days=8)
    refused = {"error": {"code": 403, "errors": [{"reason": "quotaExceeded"}]}}
    youtube.on("GET", "/youtube/v3/captions", httpx.Response(403, json=refused))
    with pytest.raises(SourceError, match="quota for today"):
        await read(youtube_source(youtube), after=first)


async def test_a_video_taken_off_the_list_is_gone(youtube: Vendor) -> None:
    first = await read(youtube_source(youtube))
    youtube.on("GET", "/youtube/v3/playlistItems", {"items": [item("v2", "Silent film")]})
    assert (await read(youtube_source(youtube), after=first)).gone == {"v1"}


@pytest.mark.parametrize(
    "srt", ["", "no captions", "1\n00:00:01,000 --> 00:00:02,000\n\n", "\ufeff1\r\n\r\n"]
)
def test_captions_without_words(srt: str) -> None:
    assert transcript(srt) == ""
