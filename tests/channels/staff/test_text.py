"""What was typed, made fit to be kept; and odd input at the desk's pages, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from channels.checklist import Checklists
from channels.staff.account_pages import build_account_router
from channels.staff.audit_pages import build_audit_router
from channels.staff.desk import Desk
from channels.staff.lookup_pages import build_lookup_router
from channels.staff.text import one_line, small_number
from channels.store.database import open_database
from channels.web.twins import Twins
from knowledge.verdict import Judge
from tests.channels.store.conftest import DATABASES, new_database
from tests.fakes.staff import make_desk, post, sign_in
from tests.fakes.tiny_search import make_search

SEARCH = make_search()
ODD = [
    "",
    " ",
    "%",
    "\x00",
    "a" * 5000,
    "😀",
    "'; drop",
    "<b>",
    "1.",
    "1.0000000000",
    "đ",
    "?!,",
    "nộp ở đâu",
    "\u200b",
]


@pytest.fixture(params=DATABASES)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A desk over each database."""
    with new_database(request.param, tmp_path) as url:
        engine = open_database(url)
        yield make_desk(engine)
        engine.dispose()


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    """An app with the pages that take texts."""
    app = FastAPI()
    lookup = build_lookup_router(
        desk, SEARCH, Judge.load(), Twins(SEARCH.index.catalogue), Checklists("https://motcua.test")
    )
    desk.install(app, [lookup, build_account_router(desk), build_audit_router(desk)])
    return app


def test_a_line_stays_a_line() -> None:
    """A name with a line break could look like a second line of the log."""
    assert one_line("Cô\x00 Lan\n\u202eNguyễn", 50) == "Cô Lan Nguyễn"
    assert one_line("x" * 500, 20) == "x" * 20


@pytest.mark.parametrize("text", ["", "-1", "²", "1e3", "9" * 19, "1 "])
def test_what_is_no_small_number_is_none(text: str) -> None:
    """Databases refuse larger ones, loudly."""
    assert small_number(text) is None
    assert small_number("42") == 42


async def test_odd_texts_break_no_page(visitor: httpx.AsyncClient) -> None:
    """Whatever is typed or pasted, the answer is a page."""
    await sign_in(visitor, "admin")
    for text in ODD:
        for path in ("/can-bo", "/can-bo/tra-cuu.json", "/can-bo/thu-tuc/1.000001"):
            assert (await visitor.get(path, params={"q": text})).status_code == 200, (path, text)
        assert (await visitor.get("/can-bo/nhat-ky", params={"ai": text, "truoc": "9" * 30})).status_code == 200, text
        fields = {"ten": text, "ho-ten": text, "vai-tro": "clerk"}
        assert (await post(visitor, "/can-bo/tai-khoan", **fields)).status_code in (200, 422), text
        assert (await post(visitor, "/can-bo/nhat-ky", ai=text)).status_code == 200, text


async def test_odd_names_and_passwords_are_refused_like_wrong_ones(visitor: httpx.AsyncClient, desk: Desk) -> None:
    """Nobody gets a fault page to learn from."""
    for text in ODD:
        assert (await sign_in(visitor, text, text)).status_code in (401, 429), text


@pytest.mark.parametrize("name", ["../desk.py", "%2e%2e%2fdesk.py", "desk.html", ".css"])
async def test_only_the_static_files_are_served(visitor: httpx.AsyncClient, name: str) -> None:
    """Templates and sources stay inside."""
    assert (await visitor.get(f"/can-bo/tep/{name}")).status_code in (303, 404)
    assert (await visitor.get("/can-bo/tep/desk.css")).status_code == 200
