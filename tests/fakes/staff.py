"""A staff desk over a real database, with fast passwords, and browsers that are signed in."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import Engine

from channels.staff.desk import Desk, build_desk
from channels.staff.passwords import Passwords
from channels.staff.roles import Role
from channels.staff.settings import StaffSettings

PASSWORD = "một câu dễ nhớ"
FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HOST = "http://desk.test"


def make_desk(engine: Engine, settings: StaffSettings | None = None) -> Desk:
    """Return a desk with one account of every role: clerk, editor, manager, admin, all with PASSWORD."""
    desk = build_desk(engine, b"a key for tests", settings, passwords=Passwords(FAST))
    for role in Role:
        desk.accounts.add(role.key, f"Cô {role.words}", role, PASSWORD)
    return desk


def browser(app: FastAPI) -> httpx.AsyncClient:
    """Return a browser that keeps cookies and follows no redirects."""
    headers = {"Accept": "text/html,*/*", "Origin": HOST, "Sec-Fetch-Site": "same-origin"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOST, headers=headers)


async def sign_in(visitor: httpx.AsyncClient, name: str, password: str = PASSWORD) -> httpx.Response:
    """Sign in by the page, as people do."""
    page = await visitor.get("/can-bo/dang-nhap")
    fields = {"ticket": field_of(page.text, "ticket"), "tiep": "/can-bo", "ten": name, "mat-khau": password}
    return await visitor.post("/can-bo/dang-nhap", data=fields)


async def post(visitor: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    """Send a form of the desk with the session's token, which any of its pages holds."""
    page = await visitor.get("/can-bo/mat-khau")
    return await visitor.post(path, data={"csrf": field_of(page.text, "csrf"), **fields})


def field_of(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, f"the page has no field {name}"
    return found[1]


def session_cookie(desk: Desk, role: Role) -> str:
    """Return the token of a new session of a role's account, for real browsers."""

    async def start() -> str:
        return (await desk.accounts.start_session(desk.accounts.known(role.key))).token

    with ThreadPoolExecutor(1) as aside:  # Playwright's own loop runs in this thread
        return aside.submit(lambda: asyncio.run(start())).result()
