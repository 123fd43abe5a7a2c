"""Addresses that lead nowhere."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI, HTTPException

from channels.web.assets import Assets
from channels.web.headers import SECURITY_HEADERS
from channels.web.missing import NO_SUCH_ADDRESS, add_missing_page
from channels.web.pages import Pages, PortalSettings, build_router

PAGES = Pages(PortalSettings(), Assets.load())
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def get(path: str, accept: str = BROWSER, method: str = "GET") -> httpx.Response:
    """Return the answer of a portal with one route of its own that refuses."""
    app = FastAPI()
    app.include_router(build_router(PAGES))
    add_missing_page(app, PAGES)

    @app.get("/api/v1/applications")
    async def refuse() -> None:
        raise HTTPException(404, "Không có hồ sơ này.")

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://portal.test") as client:
        return await client.request(method, path, headers={"Accept": accept})


@pytest.mark.parametrize("path", ["/khong-co", "/thu-tuc/1/2", "/%3Cscript%3Ealert(1)%3C/script%3E"])
async def test_people_get_the_portal_with_its_search_box(path: str) -> None:
    """A mistyped address is no dead end, and is not repeated on the page."""
    response = await get(path)
    assert response.status_code == 404
    assert "Không có trang này" in response.text
    assert 'action="/tim-kiem"' in response.text
    assert "alert(1)" not in response.text
    assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == dict(SECURITY_HEADERS)


@pytest.mark.parametrize(
    ("path", "accept"),
    [("/api/v1/nothing", BROWSER), ("/actions/nothing", "*/*"), ("/khong-co", "application/json")],
)
async def test_programs_get_a_sentence(path: str, accept: str) -> None:
    """The same shape as every refusal of the API."""
    response = await get(path, accept)
    assert response.status_code == 404
    assert response.json() == {"detail": NO_SUCH_ADDRESS}


async def test_what_a_route_says_itself_stays() -> None:
    """Its words are more exact than ours."""
    response = await get("/api/v1/applications")
    assert response.status_code == 404
    assert response.json() == {"detail": "Không có hồ sơ này."}


async def test_link_checkers_ask_by_head() -> None:
    """They get the status and no fault."""
    assert (await get("/khong-co", "*/*", "HEAD")).status_code == 404
