"""The demo desk's data: every line has the shape the demo desk reads, and nothing in it points to a person."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

DEMO = Path(__file__).parents[2] / "resources" / "demo"
TICKET_KEYS = {
    "id", "subject", "created", "status", "channel", "topic", "tags", "priority", "requester", "assignee", "group",
    "escalated_by_ai", "escalation_reason", "ai_confidence", "messages", "scripted", "source_url", "article_links",
}  # fmt: skip
MESSAGE_KEYS = {
    "id", "role", "author", "created", "kind", "text", "html", "attachments", "accepted_solution", "scripted",
}  # fmt: skip
ARTICLE_KEYS = {"id", "title", "summary", "url", "updated", "audience", "text", "topics"}
ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)*\.[a-z]{2,})", re.IGNORECASE)
OUR_DOMAINS = {"example.org", "example.com", "example.net", "nestbox.example"}
IP_ADDRESS = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
PHONE = re.compile(r"(?<![\w./=#-])(?:\+\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)")
ISO_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@cache
def read(name: str) -> list[dict[str, Any]]:
    """One object a line."""
    return [json.loads(line) for line in (DEMO / name).read_text(encoding="utf-8").splitlines()]


@cache
def desk() -> dict[str, Any]:
    """The cast, the groups, the macros, and the moment that counts as now."""
    loaded: dict[str, Any] = json.loads((DEMO / "desk.json").read_text(encoding="utf-8"))
    return loaded


def tickets() -> list[dict[str, Any]]:
    """The live queue and the history."""
    return read("queue.jsonl") + read("history.jsonl")


def messages_of(ticket: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages of a ticket, those that arrive later included."""
    return list(ticket["messages"]) + list(ticket.get("later", []))


def test_counts() -> None:
    live = read("queue.jsonl")
    assert sum(not ticket["scripted"] for ticket in live) == 60
    assert [ticket["id"] for ticket in live if ticket["scripted"]] == ["demo-injection"]
    assert len(read("history.jsonl")) >= 250
    assert len(read("articles.jsonl")) == 174
    assert 8 <= sum(ticket["escalated_by_ai"] for ticket in live) <= 12
    assert sum("later" in ticket for ticket in live) >= 20


def test_ids_are_unique() -> None:
    for ids in (
        [ticket["id"] for ticket in tickets()],
        [message["id"] for ticket in tickets() for message in messages_of(ticket)],
        [article["id"] for article in read("articles.jsonl")],
        [macro["id"] for macro in desk()["macros"]],
    ):
        assert len(ids) == len(set(ids))


def test_shape_of_tickets() -> None:
    for ticket in tickets():
        assert set(ticket) - {"later"} == TICKET_KEYS, ticket["id"]
        assert ticket["status"] in {"new", "open", "pending", "solved"}
        assert ticket["channel"] in {"web", "email", "chat"}
        assert ticket["priority"] in {None, "low", "normal", "high", "urgent"}
        assert ticket["group"] in desk()["groups"]
        assert ticket["messages"], ticket["id"]
        assert (
            ticket["escalated_by_ai"]
            == ("ai-escalated" in ticket["tags"])
            == bool(ticket["escalation_reason"])
        )
        for message in messages_of(ticket):
            assert set(message) == MESSAGE_KEYS, message["id"]
            assert message["role"] in {"requester", "rep", "ai_agent"}
            assert message["kind"] in {"public", "note"}
            assert message["text"] or message["html"], message["id"]


def test_shape_of_articles_and_macros() -> None:
    assert all(set(article) == ARTICLE_KEYS and article["text"] for article in read("articles.jsonl"))
    assert all(set(macro) == {"id", "title", "text", "tags"} for macro in desk()["macros"])


def test_messages_are_in_date_order_and_the_newest_is_not_after_now() -> None:
    for ticket in tickets():
        dates = [message["created"] for message in messages_of(ticket)]
        assert all(ISO_UTC.fullmatch(date) for date in dates), ticket["id"]
        assert dates == sorted(dates), ticket["id"]
        assert ticket["created"] == dates[0]
        assert ticket["messages"][-1]["created"] <= desk()["now"]


def test_authors_are_the_requester_the_cast_or_the_ai_agent() -> None:
    reps = {rep["id"]: rep for rep in desk()["reps"]}
    assert desk()["signed_in"] in reps
    for ticket in tickets():
        assert ticket["assignee"] is None or ticket["assignee"] in reps
        for message in messages_of(ticket):
            author = message["author"]
            known = {
                "requester": ticket["requester"],
                "ai_agent": desk()["ai_agent"],
                "rep": reps.get(author["id"]),
            }
            assert author == known[message["role"]], message["id"]
            assert message["scripted"] or message["role"] != "ai_agent", message["id"]


def test_every_linked_article_exists() -> None:
    articles = {article["id"] for article in read("articles.jsonl")}
    for ticket in tickets():
        assert set(ticket["article_links"]) <= articles, ticket["id"]


def test_mails_have_what_the_text_rooms_must_cope_with() -> None:
    mails = [
        message
        for ticket in read("queue.jsonl")
        for message in ticket["messages"]
        if ticket["channel"] == "email" and message["role"] == "requester"
    ]
    html = [message["html"] for message in mails if message["html"]]
    plain = [message["text"] for message in mails if message["text"] and not message["html"]]
    assert len(html) >= 6
    assert any("<blockquote" in body for body in html)
    assert sum(bool(re.search(r"^On .+ wrote:\n>", body, re.MULTILINE)) for body in plain) >= 6
    assert sum("\n-- \n" in body for body in plain) >= 6
    assert sum(bool(message["attachments"]) for ticket in tickets() for message in ticket["messages"]) == 3


@pytest.mark.parametrize("name", ["queue.jsonl", "history.jsonl", "desk.json"])
def test_nothing_points_to_a_person(name: str) -> None:
    content = (DEMO / name).read_text(encoding="utf-8")
    assert {domain.lower() for domain in ADDRESS.findall(content)} <= OUR_DOMAINS
    assert not IP_ADDRESS.findall(content)
    assert not PHONE.findall(content)
    assert not re.findall(
        r"\[(?:email|phone|ip|user|customer|helper)\d*\]|\{(?:helper\d|customer)\}", content
    )
    assert not re.findall(r"(?i)c:\\\\users\\\\(?!<|%|you)", content)
