"""The portal's pages and files over HTTP."""

from __future__ import annotations

import gzip
import re

import httpx
import pytest
from fastapi import FastAPI
from jinja2 import UndefinedError

from channels.web.assets import Assets
from channels.web.headers import CACHE_FOREVER, CACHE_SHORTLY, SECURITY_HEADERS
from channels.web.pages import Pages, PortalSettings, build_router

ASSETS = Assets.load()


def make_client(**settings: str) -> httpx.AsyncClient:
    """Return a client of a portal with these settings."""
    app = FastAPI()
    app.include_router(build_router(make_pages(**settings)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://portal.test")


def make_pages(**settings: str) -> Pages:
    """Return pages with these settings and the real files."""
    return Pages(PortalSettings(**settings), ASSETS)


@pytest.mark.asyncio
async def test_every_page_carries_the_security_headers() -> None:
    """One page without them is the one that gets attacked."""
    async with make_client() as client:
        response = await client.get("/")
    assert response.status_code == 200
    assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == dict(SECURITY_HEADERS)


@pytest.mark.asyncio
async def test_the_page_needs_nothing_inline() -> None:
    """The policy would silently drop it."""
    async with make_client() as client:
        html = (await client.get("/")).text
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)", html)


@pytest.mark.asyncio
async def test_the_page_says_that_it_is_a_demo_and_invents_no_phone_number() -> None:
    """Somebody may land here by a search engine and take it for the real one."""
    async with make_client() as client:
        html = (await client.get("/")).text
    assert html.count("Trang minh họa") >= 2
    assert '<meta name="robots" content="noindex">' in html
    assert "Tổng đài" not in html
    assert not re.search(r"\b0\d{8,10}\b|\b1[89]00\b", re.sub(r"\?v=\w+", "", html))


@pytest.mark.asyncio
async def test_province_and_hotline_are_settings() -> None:
    """Another province runs the same code."""
    async with make_client(province="Mẫu", hotline="0000 000 000", hotline_source="tỉnh Mẫu") as client:
        html = (await client.get("/")).text
    assert "Tỉnh Mẫu" in html
    assert "Tổng đài tỉnh Mẫu: <strong>0000 000 000</strong>" in html
    assert "Quảng Trị" not in html


@pytest.mark.asyncio
async def test_the_page_works_without_scripts() -> None:
    """The search is an ordinary form, and <noscript> points to it."""
    async with make_client() as client:
        html = (await client.get("/")).text
    assert '<form class="search" action="/tim-kiem" method="get"' in html
    noscript = html.split("<noscript>")[1].split("</noscript>")[0]
    assert 'href="/tim-kiem"' in noscript


@pytest.mark.asyncio
async def test_outside_links_lead_to_the_national_portal_only() -> None:
    """The demo page sends nobody elsewhere."""
    async with make_client() as client:
        html = (await client.get("/")).text
    assert set(re.findall(r'href="(https?://[^"]+)"', html)) == {"https://dichvucong.gov.vn/"}


@pytest.mark.asyncio
async def test_a_file_under_its_version_is_kept_for_good() -> None:
    """The second visit costs nothing."""
    async with make_client() as client:
        html = (await client.get("/")).text
        address = re.search(r'src="(/static/mot-cua\.js\?v=\w+)"', html)
        assert address is not None
        versioned = await client.get(address[1])
        plain = await client.get("/static/mot-cua.js")
        stale = await client.get("/static/mot-cua.js?v=0000000000000000")
    assert versioned.headers["Cache-Control"] == CACHE_FOREVER
    assert plain.headers["Cache-Control"] == stale.headers["Cache-Control"] == CACHE_SHORTLY


@pytest.mark.asyncio
async def test_a_known_file_is_not_sent_again() -> None:
    """304 is 200 bytes, the script is 14,000."""
    async with make_client() as client:
        first = await client.get("/static/mot-cua.js")
        second = await client.get("/static/mot-cua.js", headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 304
    assert second.content == b""
    assert second.headers["ETag"] == first.headers["ETag"]


@pytest.mark.asyncio
async def test_files_travel_compressed_and_arrive_whole() -> None:
    """With and without gzip it is the same file."""
    async with make_client() as client:
        packed = await client.get("/static/mot-cua.js", headers={"Accept-Encoding": "gzip"})
        plain = await client.get("/static/mot-cua.js", headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content
    asset = ASSETS.get("mot-cua.js")
    assert asset is not None
    assert asset.compressed is not None
    assert gzip.decompress(asset.compressed) == plain.content


@pytest.mark.asyncio
async def test_another_portal_may_load_the_widget() -> None:
    """One script tag on any portal page, also with crossorigin and an integrity hash."""
    async with make_client() as client:
        response = await client.get("/static/mot-cua.js")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    ["/static/x.js", "/static/../pages.py", "/static/%2e%2e/pages.py", "/static/..%2fpages.py", "/static/"],
)
async def test_only_listed_files_are_served(path: str) -> None:
    """Names are looked up, never opened."""
    async with make_client() as client:
        assert (await client.get(path)).status_code == 404


def test_a_search_word_in_a_page_stays_text() -> None:
    """The search page repeats what was searched for."""
    html = make_pages().html("demo_search.html", query='"><script>alert(1)</script>')
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_a_forgotten_value_is_an_error_and_no_empty_place() -> None:
    """A page that lost its fee must not go out."""
    with pytest.raises(UndefinedError):
        make_pages().html("demo_search.html")
