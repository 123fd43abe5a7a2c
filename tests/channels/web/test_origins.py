"""Which sites' pages may talk to the assistant."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from starlette.responses import PlainTextResponse

from channels.web.origins import allow_portals
from channels.web.pages import PortalSettings

PORTAL, STRANGER = "https://quangtri.gov.vn", "https://evil.test"


async def ask(
    origin: str, path: str = "/api/v1/messages", method: str = "POST", origins: str = PORTAL
) -> httpx.Headers:
    """Return the headers of an answer to a page of a site."""
    app = FastAPI()

    @app.post("/api/v1/messages")
    @app.post("/can-bo/dang-nhap")
    async def answer() -> PlainTextResponse:
        return PlainTextResponse("")

    allow_portals(app, origins)
    headers = {"Origin": origin}
    if method == "OPTIONS":
        headers |= {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as http:
        return (await http.request(method, path, headers=headers)).headers


async def test_a_named_portal_is_answered() -> None:
    """The request before the request, the answer, and how long to wait after a refusal."""
    before = await ask(PORTAL, method="OPTIONS")
    answer = await ask(PORTAL)

    assert before["Access-Control-Allow-Origin"] == answer["Access-Control-Allow-Origin"] == PORTAL
    assert "content-type" in before["Access-Control-Allow-Headers"].lower()
    assert answer["Access-Control-Expose-Headers"] == "Retry-After"
    assert "Access-Control-Allow-Credentials" not in answer


async def test_another_site_is_not() -> None:
    """Its pages must not speak for a citizen."""
    assert "Access-Control-Allow-Origin" not in await ask(STRANGER)
    assert "Access-Control-Allow-Origin" not in await ask(STRANGER, method="OPTIONS")


async def test_only_the_web_api_is_opened() -> None:
    """The desk's pages are nobody else's."""
    assert "Access-Control-Allow-Origin" not in await ask(PORTAL, "/can-bo/dang-nhap")


async def test_without_a_setting_nobody_is_named() -> None:
    """Closed until somebody opens it."""
    assert "Access-Control-Allow-Origin" not in await ask(PORTAL, origins="")


async def test_several_portals_may_be_named() -> None:
    """A province and its departments."""
    both = f"{PORTAL}, https://sotuphap.quangtri.gov.vn"

    assert PortalSettings(origins=both).origins == both
    answer = await ask("https://sotuphap.quangtri.gov.vn", origins=both)
    assert answer["Access-Control-Allow-Origin"] == "https://sotuphap.quangtri.gov.vn"


@pytest.mark.parametrize("wrong", ["*", "quangtri.gov.vn", "https://quangtri.gov.vn/", "https://*.gov.vn", "a b"])
def test_a_star_or_half_an_address_is_refused(wrong: str) -> None:
    """Everybody is not a portal."""
    with pytest.raises(ValidationError):
        PortalSettings(origins=wrong)
