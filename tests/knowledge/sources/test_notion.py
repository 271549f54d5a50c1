"""Notion, on answers of the documented shapes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from copilot.domain import Audience, SourceId
from copilot.errors import SourceError
from copilot.knowledge.sources.base import Label
from copilot.knowledge.sources.notion import NotionSource
from tests.knowledge.sources.conftest import read
from tests.knowledge.sources.vendor import NOW, Vendor, body, busy

LABEL = Label(id=SourceId("kb-notion"), name="Notion", audience=Audience.INTERNAL)


def text(words: str, *, href: str | None = None, **marks: bool) -> dict[str, Any]:
    marked = {"bold": False, "italic": False, "code": False, "color": "default"} | marks
    return {"type": "text", "plain_text": words, "href": href, "annotations": marked}


def block(
    kind: str, *runs: dict[str, Any], name: str = "", children: bool = False, **more: Any
) -> dict[str, Any]:
    own = {"rich_text": list(runs), "color": "default"} | more
    return {"object": "block", "id": name or kind, "type": kind, "has_children": children, kind: own}


def blocks(*results: dict[str, Any], more: str | None = None) -> dict[str, Any]:
    return {"object": "list", "results": list(results), "has_more": more is not None, "next_cursor": more}


def page(name: str, title: str, *, hours_ago: float = 5, **more: Any) -> dict[str, Any]:
    return {
        "object": "page",
        "id": name,
        "url": f"https://www.notion.so/{name}",
        "last_edited_time": (NOW - timedelta(hours=hours_ago)).isoformat().replace("+00:00", "Z"),
        "archived": False,
        "in_trash": False,
        "properties": {
            "Tags": {"id": "a", "type": "multi_select", "multi_select": []},
            "Question": {"id": "title", "type": "title", "title": [text(title)]},
        },
    } | more


@pytest.fixture
def notion() -> Vendor:
    vendor = Vendor()
    first = blocks(page("p1", "Returns"), more="cursor-2")
    vendor.on(
        "POST",
        "/v1/search",
        lambda request: blocks(page("p2", "Fees")) if b"cursor-2" in request.content else first,
    )
    vendor.on("GET", "/v1/blocks/p1/children", blocks(block("paragraph", text("Within 14 days."))))
    vendor.on("GET", "/v1/blocks/p2/children", blocks(block("paragraph", text("There are none."))))
    return vendor


def source(vendor: Vendor) -> NotionSource:
    return NotionSource(LABEL, "secret_x", edges=vendor.edges)


async def test_all_pages_of_all_pages(notion: Vendor) -> None:
    reading = await read(source(notion))
    found = {name: (one.title, one.text, one.url) for name, one in reading.found.items()}
    assert found == {
        "p1": ("Returns", "Within 14 days.", "https://www.notion.so/p1"),
        "p2": ("Fees", "There are none.", "https://www.notion.so/p2"),
    }
    asked = notion.requests[0]
    assert asked.headers["Authorization"] == "Bearer secret_x"
    assert asked.headers["Notion-Version"] == "2022-06-28"
    assert body(asked)["filter"] == {"property": "object", "value": "page"}


async def test_only_what_was_edited_is_read_again(notion: Vendor) -> None:
    first = await read(source(notion))
    notion.asked.clear()
    notion.on("POST", "/v1/search", blocks(page("p1", "Returns", hours_ago=1), page("p2", "Fees")))
    second = await read(source(notion), after=first)
    assert second.found.keys() == {"p1"}
    assert second.same == {"p2"}
    assert notion.asked == ["/v1/search", "/v1/blocks/p1/children"]


async def test_a_page_edited_this_minute_is_read_once_more(notion: Vendor) -> None:
    notion.on("POST", "/v1/search", blocks(page("p1", "Returns", hours_ago=0)))
    first = await read(source(notion))
    notion.now = NOW + timedelta(hours=1)
    second = await read(source(notion), after=first)
    assert second.found.keys() == {"p1"}
    assert (await read(source(notion), after=second)).same == {"p1"}


async def test_missing_from_search_is_not_gone(notion: Vendor) -> None:
    first = await read(source(notion))
    notion.on("POST", "/v1/search", blocks())
    notion.on("GET", "/v1/pages/p1", page("p1", "Returns"))
    notion.on("GET", "/v1/pages/p2", page("p2", "Fees", in_trash=True))
    assert (await read(source(notion), after=first)).gone == {"p2"}
    notion.remove("GET", "/v1/pages/p1")
    assert (await read(source(notion), after=first)).gone == {"p1", "p2"}


async def test_every_kind_of_block(notion: Vendor) -> None:
    notion.on("POST", "/v1/search", blocks(page("p1", "All")))
    notion.on(
        "GET",
        "/v1/blocks/p1/children",
        blocks(
            block("heading_1", text("Start")),
            block(
                "paragraph",
                text("Open "),
                text("Settings ", bold=True),
                text("here", href="https://a.example"),
            ),
            block("bulleted_list_item", text("one"), name="b1", children=True),
            block("numbered_list_item", text("first")),
            block("numbered_list_item", text("second")),
            block("to_do", text("done"), checked=True),
            more="c2",
        ),
        blocks(
            block("code", text("a = 1\n  b"), language="python"),
            block("quote", text("Never.")),
            block("toggle", text("Details"), name="t1", children=True),
            block("table", name="tab", children=True, table_width=2),
            block("child_page", name="p9", children=True, title="Another"),
            block("bookmark", url="https://a.example/b", caption=[text("See")]),
            block("divider"),
            block("unsupported"),
        ),
    )
    notion.on("GET", "/v1/blocks/b1/children", blocks(block("bulleted_list_item", text("nested"))))
    notion.on("GET", "/v1/blocks/t1/children", blocks(block("paragraph", text("Inside."))))
    rows = [
        block("table_row", cells=[[text("Plan")], [text("Days")]]),
        block("table_row", cells=[[text("Pro")], [text("30")]]),
    ]
    notion.on("GET", "/v1/blocks/tab/children", blocks(*rows))
    (document,) = (await read(source(notion))).found.values()
    assert document.text.split("\n\n") == [
        "# Start",
        "Open **Settings** [here](https://a.example)",
        "- one\n  - nested\n1. first\n2. second\n- [x] done",
        "```\na = 1\n  b\n```",
        "> Never.",
        "Details",
        "Inside.",
        "| Plan | Days |\n| --- | --- |\n| Pro | 30 |",
        "See https://a.example/b",
    ]


async def test_rate_limits_are_kept(notion: Vendor) -> None:
    answer = blocks(block("paragraph", text("Within 14 days.")))
    notion.on("GET", "/v1/blocks/p1/children", busy(7), busy(3), answer)
    reading = await read(source(notion))
    assert reading.failed == {}
    assert 7.0 in notion.waits
    assert 3.0 in notion.waits
    assert any(0 < wait <= 0.34 for wait in notion.waits), "three requests a second at most"


async def test_one_page_that_fails_stops_no_other(notion: Vendor) -> None:
    notion.on("GET", "/v1/blocks/p1/children", httpx.Response(500))
    reading = await read(source(notion))
    assert reading.found.keys() == {"p2"}
    assert reading.failed == {"p1": "Notion does not answer (HTTP 500)."}
    assert reading.known["p1"] == "", "it is tried again"
    notion.on("GET", "/v1/blocks/p1/children", b"<html>not JSON</html>")
    assert (await read(source(notion))).failed == {"p1": "Notion answered in a form that is not known."}


async def test_a_refused_token_and_a_dead_service_take_nothing_away(notion: Vendor) -> None:
    first = await read(source(notion))
    notion.on("POST", "/v1/search", httpx.Response(401, json={"code": "unauthorized"}))
    with pytest.raises(SourceError, match="does not accept the token"):
        await read(source(notion), after=first)

    def dead(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    notion.on("POST", "/v1/search", dead)
    with pytest.raises(SourceError, match="could not be listed"):
        await read(source(notion), after=first)


async def test_an_endless_page_ends(notion: Vendor) -> None:
    notion.on("POST", "/v1/search", blocks(page("p1", "Endless")))
    notion.on(
        "GET", "/v1/blocks/p1/children", blocks(*[block("paragraph", text("again"))] * 100, more="again")
    )
    (document,) = (await read(source(notion))).found.values()
    assert document.text.count("again") == 5_000
