"""Websites, against a real server: what is found, what changed, and what a site may do to us."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Iterator

import pytest

from copilot.domain import Audience, SourceId
from copilot.errors import SourceError
from copilot.knowledge.sources.base import Label, Limits, Step
from copilot.knowledge.sources.fetching import Manners
from copilot.knowledge.sources.parsing import Parser
from copilot.knowledge.sources.website import WebsiteSource
from tests.knowledge.sources.conftest import Reading, read
from tests.knowledge.sources.site import Answer, Site, page, redirect

QUICK = Manners(pause_seconds=0.0, patience_seconds=10.0)
LABEL = Label(id=SourceId("help"), name="Help centre", audience=Audience.PUBLIC)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        site.routes["/help/"] = page("Help", "Welcome.", "returns", "warranty#top", "/about")
        site.routes["/help/returns"] = page(
            "Returns", "Within 14 days.", "/help/", "warranty", "/help/logo.png"
        )
        site.routes["/help/warranty"] = page("Warranty", "Two years.")
        site.routes["/about"] = page("About us", "Not part of the help.")
        yield site


@pytest.fixture
async def website(site: Site, parser: Parser) -> AsyncIterator[WebsiteSource]:
    source = WebsiteSource(LABEL, f"{site.url}/help/", parser, manners=QUICK)
    yield source
    await source.aclose()


def found(reading: Reading, site: Site) -> dict[str, str]:
    """Titles by path."""
    return {name.removeprefix(site.url): document.title for name, document in reading.found.items()}


def failed(reading: Reading, site: Site) -> dict[str, str]:
    return {name.removeprefix(site.url): reason for name, reason in reading.failed.items()}


def gone(reading: Reading, site: Site) -> set[str]:
    return {name.removeprefix(site.url) for name in reading.gone}


def sitemap(site: Site, *paths: str) -> Answer:
    places = "".join(f"<url><loc>{site.url}{path}</loc></url>" for path in paths)
    text = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'
    return Answer(text.encode(), media_type="application/xml")


async def test_all_that_links_reach_within_the_prefix(site: Site, website: WebsiteSource) -> None:
    reading = await read(website)
    assert found(reading, site) == {
        "/help/": "Help",
        "/help/returns": "Returns",
        "/help/warranty": "Warranty",
    }
    assert reading.failed == {}
    document = reading.found[f"{site.url}/help/returns"]  # type: ignore[index]
    assert document.url == f"{site.url}/help/returns"
    assert document.text.startswith("Within 14 days.")
    assert "/about" not in site.statuses()
    assert all("Sidedesk" in agent for agent in site.agents)


async def test_only_changes_are_fetched_again(site: Site, website: WebsiteSource) -> None:
    first = await read(website)
    site.statuses()
    same = await read(website, after=first)
    assert same.found == {}
    pages = {path: status for path, status in site.statuses().items() if path.startswith("/help/")}
    assert pages == {"/help/": 304, "/help/returns": 304, "/help/warranty": 304}

    site.routes["/help/returns"] = page("Returns", "Within 30 days.", "new")
    site.routes["/help/new"] = page("New", "Just written.")
    del site.routes["/help/warranty"]
    second = await read(website, after=same)
    assert found(second, site) == {"/help/returns": "Returns", "/help/new": "New"}
    assert gone(second, site) == {"/help/warranty"}


async def test_a_sitemap_says_what_there_is(site: Site, website: WebsiteSource) -> None:
    site.routes["/robots.txt"] = Answer(f"Sitemap: {site.url}/index.xml".encode(), media_type="text/plain")
    index = f"<sitemapindex><sitemap><loc>{site.url}/map.xml.gz</loc></sitemap></sitemapindex>"
    site.routes["/index.xml"] = Answer(index.encode(), media_type="application/xml")
    listing = sitemap(site, "/help/returns", "/help/hidden", "/about", "/help/dead")
    site.routes["/map.xml.gz"] = Answer(gzip.compress(listing.body), media_type="application/gzip")
    site.routes["/help/hidden"] = page("Hidden", "Linked from nowhere.")
    first = await read(website)
    assert found(first, site) == {"/help/returns": "Returns", "/help/hidden": "Hidden"}
    assert first.failed == {}
    site.routes["/map.xml.gz"] = sitemap(site, "/help/returns")
    second = await read(website, after=first)
    assert gone(second, site) == {"/help/hidden"}, (
        "who is taken off the sitemap is no longer part of the help"
    )


async def test_a_broken_sitemap_takes_nothing_away(site: Site, website: WebsiteSource) -> None:
    site.routes["/sitemap.xml"] = sitemap(site, "/help/returns", "/help/warranty")
    first = await read(website)
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset>&b;'
    site.routes["/sitemap.xml"] = Answer(bomb, media_type="application/xml")
    second = await read(website, after=first)
    assert second.gone == set()


async def test_robots_are_respected(site: Site, website: WebsiteSource) -> None:
    first = await read(website)
    site.routes["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /help/*anty$", media_type="text/plain")
    site.statuses()
    second = await read(website, after=first)
    assert gone(second, site) == {"/help/warranty"}
    assert "/help/warranty" not in site.statuses()
    site.routes["/robots.txt"] = Answer(b"User-agent: Sidedesk\nDisallow: /", media_type="text/plain")
    with pytest.raises(SourceError, match="asks not to read"):
        await read(website, after=first)
    site.routes["/robots.txt"] = Answer(status=500)
    with pytest.raises(SourceError, match="HTTP 500"):
        await read(website, after=first)


async def test_pages_that_ask_not_to_be_listed(site: Site, website: WebsiteSource) -> None:
    first = await read(website)
    site.routes["/help/returns"] = page("Returns", "x", head='<meta name="robots" content="noindex">')
    second = await read(website, after=first)
    assert gone(second, site) == {"/help/returns"}


async def test_one_page_under_many_addresses_is_one_document(site: Site, website: WebsiteSource) -> None:
    canonical = '<link rel="canonical" href="/help/returns">'
    site.routes["/help/returns"] = page("Returns", "Within 14 days.", head=canonical)
    site.routes["/help/returns?print=1"] = site.routes["/help/returns"]
    site.routes["/help/old-returns"] = redirect("/help/returns")
    links = ("returns?print=1", "returns?utm_source=mail", "returns#when", "old-returns", "index.html")
    site.routes["/help/"] = page("Help", "Welcome.", *links)
    site.routes["/help/index.html"] = site.routes["/help/"]
    reading = await read(website)
    assert found(reading, site) == {"/help/": "Help", "/help/returns": "Returns"}
    again = await read(website, after=reading)
    assert (again.found, again.gone, again.failed) == ({}, set(), {})


async def test_a_page_that_moved(site: Site, website: WebsiteSource) -> None:
    first = await read(website)
    site.routes["/help/returns"] = redirect("/help/sending-back")
    site.routes["/help/sending-back"] = page("Sending back", "Within 14 days.")
    second = await read(website, after=first)
    assert found(second, site) == {"/help/sending-back": "Sending back"}
    assert gone(second, site) == {"/help/returns"}


async def test_redirects_out_of_the_prefix_and_without_end(site: Site, website: WebsiteSource) -> None:
    site.routes["/help/"] = page("Help", "Welcome.", "out", "loop", "elsewhere", "nowhere")
    site.routes["/help/out"] = redirect("/about")
    site.routes["/help/loop"] = redirect("/help/loop")
    site.routes["/help/elsewhere"] = redirect("http://localhost:1/help/")
    site.routes["/help/nowhere"] = redirect("javascript:alert(1)")
    reading = await read(website)
    assert found(reading, site) == {"/help/": "Help"}
    place = site.url.removeprefix("http://")
    assert failed(reading, site) == {
        "/help/out": f"It redirects to {place}/about, outside the source.",
        "/help/loop": "It redirects without end.",
        "/help/elsewhere": "It redirects to localhost:1/help/, outside the source.",
        "/help/nowhere": "Its address, or where it redirects to, is not valid.",
    }
    assert "/about" not in site.statuses()


async def test_slow_huge_and_odd_pages_stop_no_other(site: Site) -> None:
    links = ("slow", "huge", "zip", "script", "login", "broken", "empty", "returns")
    site.routes["/help/"] = page("Help", "Welcome.", *links)
    site.routes["/help/slow"] = Answer(b"<p>slow</p>" * 1000, drip_seconds=0.05)
    site.routes["/help/huge"] = Answer(b"<p>" + b"x" * 600_000)
    site.routes["/help/zip"] = Answer(b"PK" * 1_000_000, media_type="application/zip")
    site.routes["/help/script"] = Answer(b"<div id=app></div><script>draw()</script>")
    site.routes["/help/login"] = Answer(status=403)
    site.routes["/help/broken"] = Answer(status=500)
    site.routes["/help/empty"] = Answer(b"")
    parser = Parser(Limits(document_bytes=500_000))
    manners = Manners(pause_seconds=0.0, patience_seconds=0.5)
    source = WebsiteSource(LABEL, f"{site.url}/help/", parser, manners=manners)
    first = await read(source)
    assert found(first, site) == {"/help/": "Help", "/help/returns": "Returns", "/help/warranty": "Warranty"}
    reasons = {
        "/help/slow": "longer than 0.5 s",
        "/help/huge": "larger than the 0.5 MB",
        "/help/zip": "application/zip",
        "/help/script": "drawn by a script",
        "/help/login": "wants a sign-in",
        "/help/broken": "HTTP 500",
        "/help/empty": "empty",
    }
    assert failed(first, site).keys() == reasons.keys()
    assert all(reason in failed(first, site)[path] for path, reason in reasons.items())
    site.routes["/help/broken"] = page("Mended", "It works again.")
    second = await read(source, after=first)
    assert found(second, site) == {"/help/broken": "Mended"}
    await source.aclose()
    await parser.aclose()


async def test_a_site_that_dies_halfway_keeps_what_was_known(site: Site, website: WebsiteSource) -> None:
    site.routes["/help/"] = page("Help", "Welcome.", *(f"p{number}" for number in range(12)))
    site.routes |= {f"/help/p{number}": page(f"Page {number}", "Some words.") for number in range(12)}
    first = await read(website)
    assert len(first.found) == 13
    site.routes = {"/help/": site.routes["/help/"]} | {f"/help/p{n}": Answer(status=502) for n in range(12)}
    steps: list[Step] = []

    async def read_on() -> None:
        async for step in website.read(first.known):
            steps.append(step)  # noqa: PERF401  what came before the failure is what the test is about

    with pytest.raises(SourceError, match="does not answer any more"):
        await read_on()
    assert Reading(steps, first.known).gone == set()


async def test_a_busy_server_is_waited_for(site: Site, website: WebsiteSource) -> None:
    answers = iter([Answer(status=429, headers={"Retry-After": "0"}), page("Returns", "Within 14 days.")])
    site.routes["/help/returns"] = lambda: next(answers)
    assert "/help/returns" in found(await read(website), site)


async def test_no_more_pages_than_wanted(site: Site, parser: Parser) -> None:
    manners = Manners(max_pages=2, pause_seconds=0.0)
    source = WebsiteSource(LABEL, f"{site.url}/help/", parser, manners=manners)
    first = await read(source)
    assert found(first, site) == {"/help/": "Help", "/help/returns": "Returns"}
    assert failed(first, site) == {"/help/#further": "Only 2 pages are read; 1 more were seen."}
    site.routes["/help/"] = page("Help", "Welcome.", "returns")
    site.routes["/help/returns"] = page("Returns", "Within 14 days.")
    second = await read(source, after=first)
    assert gone(second, site) == {"/help/#further"}
    await source.aclose()


async def test_two_at_a_time_with_a_pause_between(site: Site, parser: Parser) -> None:
    site.routes["/help/"] = page("Help", "Welcome.", *(f"p{number}" for number in range(6)))
    site.routes |= {f"/help/p{number}": page(f"Page {number}", "Some words.") for number in range(6)}
    source = WebsiteSource(LABEL, f"{site.url}/help/", parser, manners=Manners(pause_seconds=0.2))
    await read(source)
    assert site.most_at_once <= 2
    pauses = 0.2 * (len(site.times) - 1)
    a_slow_first_answer = 0.5
    assert site.times[-1] - site.times[0] > pauses - a_slow_first_answer
    await source.aclose()


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/help/", "no address", "ftp://acme.example/"])
async def test_a_site_that_is_not_there(url: str, parser: Parser) -> None:
    source = WebsiteSource(LABEL, url, parser, manners=QUICK)
    with pytest.raises(SourceError):
        await read(source)
    await source.aclose()


async def test_a_start_that_is_not_there(site: Site, website: WebsiteSource) -> None:
    first = await read(website)
    del site.routes["/help/"]
    with pytest.raises(SourceError, match="is not there"):
        await read(website, after=first)
