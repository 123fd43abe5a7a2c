"""The door: who gets in, who does not, and what a stranger can learn or make a clerk's browser do."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse, Response

from channels.staff.accounts import digest_of
from channels.staff.desk import Desk, build_desk, staff_router
from channels.staff.guard import COOKIE, Clerk, Manager
from channels.staff.passwords import Passwords
from channels.staff.roles import Role
from channels.store.database import open_database
from tests.fakes.staff import FAST, PASSWORD, browser, field_of, post, sign_in


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    """A desk with one page for everybody and one for managers."""
    app = FastAPI()
    router = staff_router()

    @router.get("/can-bo")
    async def home(officer: Clerk) -> Response:
        return PlainTextResponse(officer.name)

    @router.api_route("/can-bo/sổ", methods=["GET", "POST"])
    async def book(request: Request, officer: Manager) -> Response:
        return PlainTextResponse("sổ")

    @router.get("/can-bo/ai-cung-vao")
    async def careless(request: Request) -> Response:
        return PlainTextResponse("the route asks for nobody")

    desk.install(app, [router])
    return app


async def test_who_is_not_signed_in_is_led_to_the_door_and_back(visitor: httpx.AsyncClient) -> None:
    """A bookmark works: after signing in the clerk is where they wanted to be."""
    refused = await visitor.get("/can-bo?q=khai sinh")
    assert refused.status_code == 303
    page = await visitor.get(refused.headers["Location"])
    assert field_of(page.text, "tiep") == "/can-bo?q=khai%20sinh"


async def test_a_page_is_closed_even_when_its_route_forgets_to_ask(visitor: httpx.AsyncClient) -> None:
    """Nobody builds an open page by oversight: the router asks for a session."""
    assert (await visitor.get("/can-bo/ai-cung-vao")).status_code == 303


async def test_a_script_gets_a_status_and_not_the_door(visitor: httpx.AsyncClient) -> None:
    """A search box that received the sign-in page as its hits would help nobody."""
    refused = await visitor.get("/can-bo", headers={"Accept": "application/json"})
    assert refused.status_code == 401
    assert refused.json()["detail"]


async def test_signing_in_gives_a_cookie_that_only_the_server_can_use(visitor: httpx.AsyncClient, desk: Desk) -> None:
    """Scripts cannot read it, other sites cannot send it, the database does not hold it."""
    answer = await sign_in(visitor, "clerk")
    assert answer.headers["Location"] == "/can-bo"
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(COOKIE))
    assert {"HttpOnly", "SameSite=strict", "Path=/can-bo"} <= {part.strip() for part in cookie.split(";")}
    assert (await visitor.get("/can-bo")).text == "clerk"
    token = visitor.cookies[COOKIE]
    assert len(token) >= 40 and digest_of(token) != token


async def test_over_https_the_cookie_is_secure(app: FastAPI) -> None:
    """On an open line anyone could read it."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://desk.test") as visitor:
        answer = await sign_in(visitor, "clerk")
        assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie") if "Max-Age=0" not in cookie)


async def test_a_wrong_password_and_an_unknown_name_are_answered_alike(visitor: httpx.AsyncClient) -> None:
    """A stranger learns no names."""
    wrong = await sign_in(visitor, "clerk", "wrong password")
    unknown = await sign_in(visitor, "nobody", "wrong password")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace('"clerk"', "") == unknown.text.replace('"nobody"', "")


async def test_the_page_never_says_the_name_that_failed_as_markup(visitor: httpx.AsyncClient) -> None:
    """What was typed is text."""
    answer = await sign_in(visitor, "<script>alert(1)</script>", "x")
    assert "<script>alert" not in answer.text


async def test_a_sign_in_sent_from_another_site_is_refused(visitor: httpx.AsyncClient) -> None:
    """Nobody is signed in under a stranger's account without noticing."""
    page = await visitor.get("/can-bo/dang-nhap")
    fields = {"ticket": field_of(page.text, "ticket"), "ten": "clerk", "mat-khau": PASSWORD}
    foreign = await visitor.post("/can-bo/dang-nhap", data=fields, headers={"Origin": "https://evil.test"})
    assert foreign.status_code == 403
    without = await visitor.post("/can-bo/dang-nhap", data=fields | {"ticket": "guessed"})
    assert without.status_code == 403
    assert COOKIE not in visitor.cookies


async def test_behind_a_proxy_the_public_address_is_our_own_site(tmp_path: Path) -> None:
    """Not every proxy hands the host on that the browser asked for."""
    engine = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    desk = build_desk(engine, b"key", public_url="https://motcua.test", passwords=Passwords(FAST))
    desk.accounts.add("lan", "Cô Lan", Role.CLERK, PASSWORD)
    app = FastAPI()
    desk.install(app, [])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://inside.test") as visitor:
        visitor.headers["Origin"] = "https://motcua.test"
        assert (await sign_in(visitor, "lan")).status_code == 303
        visitor.headers["Origin"] = "https://evil.test"
        assert (await visitor.post("/can-bo/dang-xuat")).status_code == 403
        visitor.headers["Origin"] = "null"
        assert (await visitor.post("/can-bo/dang-xuat")).status_code == 403
    engine.dispose()


@pytest.mark.parametrize("wanted", ["https://evil.test/", "//evil.test", "/can-bo/..//evil", "/canbo", "/can-bo\\x"])
async def test_signing_in_never_leads_to_another_site(visitor: httpx.AsyncClient, wanted: str) -> None:
    """A link to the real door must not end at a false one."""
    page = await visitor.get("/can-bo/dang-nhap", params={"tiep": wanted})
    assert field_of(page.text, "tiep") == "/can-bo"


async def test_a_change_needs_the_token_of_the_session(visitor: httpx.AsyncClient, app: FastAPI) -> None:
    """Form field or header; another officer's token does not do."""
    await sign_in(visitor, "manager")
    async with browser(app) as other:
        await sign_in(other, "manager")
        stolen = field_of((await other.get("/can-bo/mat-khau")).text, "csrf")
    own = field_of((await visitor.get("/can-bo/mat-khau")).text, "csrf")
    assert (await visitor.post("/can-bo/sổ")).status_code == 403
    assert (await visitor.post("/can-bo/sổ", data={"csrf": stolen})).status_code == 403
    assert (await visitor.post("/can-bo/sổ", data={"csrf": own})).status_code == 200
    assert (await visitor.post("/can-bo/sổ", json={}, headers={"X-CSRF-Token": own})).status_code == 200
    foreign = {"X-CSRF-Token": own, "Sec-Fetch-Site": "cross-site"}
    assert (await visitor.post("/can-bo/sổ", json={}, headers=foreign)).status_code == 403


async def test_a_role_that_does_not_reach_is_told_so(visitor: httpx.AsyncClient) -> None:
    """And is not signed out for trying."""
    await sign_in(visitor, "editor")
    refused = await visitor.get("/can-bo/sổ")
    assert refused.status_code == 403 and "Vai trò" in refused.text
    assert (await visitor.get("/can-bo")).status_code == 200


async def test_signing_out_ends_the_session_on_the_server(visitor: httpx.AsyncClient) -> None:
    """A copy of the cookie is worth nothing afterwards."""
    await sign_in(visitor, "clerk")
    token = visitor.cookies[COOKIE]
    assert (await post(visitor, "/can-bo/dang-xuat")).status_code == 303
    visitor.cookies.set(COOKIE, token, domain="desk.test", path="/can-bo")
    assert (await visitor.get("/can-bo")).status_code == 303


async def test_a_one_time_password_opens_only_the_page_that_replaces_it(visitor: httpx.AsyncClient, desk: Desk) -> None:
    """Whoever read it over a shoulder has little of it."""
    made = desk.accounts.add("lan", "Cô Lan", desk.accounts.known("clerk").role)
    assert made is not None
    assert (await sign_in(visitor, "lan", made)).headers["Location"] == "/can-bo/mat-khau"
    assert (await visitor.get("/can-bo")).headers["Location"] == "/can-bo/mat-khau"
    fields = {"hien-tai": made, "moi": "chữ mới của lan thôi", "nhac-lai": "chữ mới của lan thôi"}
    assert "dễ đoán" in (await post(visitor, "/can-bo/mat-khau", **fields)).text
    fields |= {"moi": "ba con mèo đen", "nhac-lai": "ba con mèo đen"}
    assert (await post(visitor, "/can-bo/mat-khau", **fields)).headers["Location"] == "/can-bo"
    assert (await visitor.get("/can-bo")).text == "lan"
    visitor.cookies.clear()
    assert (await sign_in(visitor, "lan", made)).status_code == 401


async def test_pages_are_kept_by_nobody_and_run_only_our_scripts(visitor: httpx.AsyncClient) -> None:
    """A shared computer at the counter has a back button."""
    page = await visitor.get("/can-bo/dang-nhap")
    assert page.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "style=" not in page.text and "<script>" not in page.text


async def test_the_first_visit_says_how_to_add_the_first_account(tmp_path: Path) -> None:
    """There is no default password, so somebody has to."""
    engine = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    app = FastAPI()
    build_desk(engine, b"key").install(app, [])
    async with browser(app) as visitor:
        assert "python -m channels staff add" in (await visitor.get("/can-bo/dang-nhap")).text
    engine.dispose()
