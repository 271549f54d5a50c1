"""Confluence Cloud, on answers of the documented shapes."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest

from copilot.domain import Audience, SourceId
from copilot.errors import SourceError
from copilot.knowledge.sources.base import Label
from copilot.knowledge.sources.confluence import ConfluenceSource
from copilot.knowledge.sources.parsing import Parser
from tests.knowledge.sources.conftest import read
from tests.knowledge.sources.vendor import Vendor

LABEL = Label(id=SourceId("kb-wiki"), name="Wiki", audience=Audience.INTERNAL)
PAGES = "/wiki/api/v2/spaces/77/pages"


def page(name: str, title: str, version: int = 1, html: str | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "id": name,
        "status": "current",
        "title": title,
        "spaceId": "77",
        "version": {"number": version, "createdAt": "2026-02-01T08:00:00.000Z", "minorEdit": False},
        "_links": {"webui": f"/spaces/SUP/pages/{name}", "base": "https://acme.atlassian.net/wiki"},
    }
    return answer if html is None else answer | {"body": {"view": {"representation": "view", "value": html}}}


@pytest.fixture
def confluence() -> Vendor:
    vendor = Vendor()
    vendor.on("GET", "/wiki/api/v2/spaces", {"results": [{"id": "77", "key": "SUP"}], "_links": {}})

    def pages(request: httpx.Request) -> dict[str, Any]:
        if "cursor" in request.url.params:
            return {"results": [page("2", "Fees")], "_links": {}}
        return {
            "results": [page("1", "Returns")],
            "_links": {"next": f"{PAGES}?status=current&limit=250&cursor=c2"},
        }

    vendor.on("GET", PAGES, pages)
    rows = "<tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr>"
    html = f"<p>Within <strong>14</strong> days.</p><h2>How</h2><table><tbody>{rows}</tbody></table>"
    vendor.on("GET", "/wiki/api/v2/pages/1", page("1", "Returns", html=html))
    vendor.on("GET", "/wiki/api/v2/pages/2", page("2", "Fees", html="<p>There are none.</p>"))
    return vendor


def source(
    vendor: Vendor, parser: Parser, site: str = "https://acme.atlassian.net/wiki/home"
) -> ConfluenceSource:
    return ConfluenceSource(LABEL, site, "SUP", ("ines@acme.example", "token"), parser, edges=vendor.edges)


async def test_all_pages_of_a_space(confluence: Vendor, parser: Parser) -> None:
    reading = await read(source(confluence, parser))
    assert {one.title: one.text for one in reading.found.values()} == {
        "Returns": "Within **14** days.\n\n## How\n\n| A | B |\n| --- | --- |\n| 1 | 2 |",
        "Fees": "There are none.",
    }
    first = reading.found["1"]  # type: ignore[index]
    assert first.url == "https://acme.atlassian.net/wiki/spaces/SUP/pages/1"
    assert str(first.updated) == "2026-02-01 08:00:00+00:00"
    signed = base64.b64encode(b"ines@acme.example:token").decode()
    assert {request.headers["Authorization"] for request in confluence.requests} == {f"Basic {signed}"}
    assert confluence.requests[0].url.params["keys"] == "SUP"


async def test_versions_tell_what_changed_and_the_list_what_is_gone(
    confluence: Vendor, parser: Parser
) -> None:
    first = await read(source(confluence, parser))
    confluence.on("GET", PAGES, {"results": [page("1", "Returns", version=2)], "_links": {}})
    confluence.on("GET", "/wiki/api/v2/pages/1", page("1", "Returns", 2, "<p>Within 30 days.</p>"))
    confluence.asked.clear()
    second = await read(source(confluence, parser), after=first)
    assert [one.text for one in second.found.values()] == ["Within 30 days."]
    assert second.gone == {"2"}
    assert confluence.asked == ["/wiki/api/v2/spaces", PAGES, "/wiki/api/v2/pages/1"]
    assert (await read(source(confluence, parser), after=second)).same == {"1"}


async def test_pages_that_cannot_be_read(confluence: Vendor, parser: Parser) -> None:
    confluence.on("GET", "/wiki/api/v2/pages/1", httpx.Response(403))
    confluence.on("GET", "/wiki/api/v2/pages/2", page("2", "Fees", html=""))
    reading = await read(source(confluence, parser))
    assert reading.failed == {"1": "We may not read it (HTTP 403).", "2": "The document holds no text."}


async def test_a_space_that_is_not_there(confluence: Vendor, parser: Parser) -> None:
    confluence.on("GET", "/wiki/api/v2/spaces", {"results": []})
    with pytest.raises(SourceError, match="no space SUP"):
        await read(source(confluence, parser))
    with pytest.raises(SourceError, match="not safe"):
        await read(source(confluence, parser, site="http://acme.example"))


async def test_a_list_that_breaks_off_takes_nothing_away(confluence: Vendor, parser: Parser) -> None:
    first = await read(source(confluence, parser))
    confluence.on(
        "GET",
        PAGES,
        {"results": [page("1", "Returns")], "_links": {"next": f"{PAGES}?cursor=c2"}},
        httpx.Response(502),
    )
    with pytest.raises(SourceError, match="could not be listed"):
        await read(source(confluence, parser), after=first)
