"""The look-up's pages over a handful of procedures."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from channels.checklist import Checklists
from channels.staff.desk import Desk
from channels.staff.lookup_pages import build_lookup_router
from channels.web.twins import Twins
from knowledge.verdict import Judge
from tests.fakes.staff import sign_in
from tests.fakes.tiny_search import make_search

SEARCH = make_search()


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    """An app with the look-up."""
    app = FastAPI()
    twins = Twins(SEARCH.index.catalogue)
    desk.install(app, [build_lookup_router(desk, SEARCH, Judge.load(), twins, Checklists("https://motcua.test"))])
    return app


async def test_a_clerk_sees_hits_while_typing(visitor: httpx.AsyncClient) -> None:
    """The last word is only begun, and has no marks."""
    await sign_in(visitor, "clerk")
    answer = await visitor.get("/can-bo/tra-cuu.json", params={"q": "the doc s"})
    first = answer.json()["rows"][0]
    assert first["code"] == "1.000001"
    assert first["href"] == "/can-bo/thu-tuc/1.000001?q=the+doc+s"
    assert ["Thẻ đọc sách", True] in first["passage"]
    assert answer.headers["Server-Timing"].startswith("search;dur=")


async def test_the_page_works_without_scripts(visitor: httpx.AsyncClient) -> None:
    """The same hits stand in the page itself."""
    await sign_in(visitor, "clerk")
    page = await visitor.get("/can-bo", params={"q": "mất thẻ", "cap": "xa"})
    assert "/can-bo/thu-tuc/1.000002?q=m%E1%BA%A5t+th%E1%BA%BB&amp;cap=xa" in page.text
    assert "Bến phà" not in page.text


async def test_a_procedure_stands_on_one_screen(visitor: httpx.AsyncClient) -> None:
    """Papers by case, fee, time, law, twins, source, reason, QR code."""
    await sign_in(visitor, "clerk")
    page = (await visitor.get("/can-bo/thu-tuc/1.000001", params={"q": "thẻ đọc sách"})).text
    for fact in ("Tờ khai xin thẻ", "Khi nhờ người khác nộp", "12.000", "3 ngày làm việc", "46/2019/QH14"):
        assert fact in page, fact
    for part in (
        "Thủ tục gần giống",
        "Vì sao ra kết quả này",
        "15/04/2026",
        "Mã QR",
        "/thu-tuc/1.000001/danh-sach.pdf",
    ):
        assert part in page, part
    assert "<mark>cấp lại</mark>" in page, "what differs from the twin is marked"


async def test_an_older_spelling_of_a_code_leads_to_the_procedure(visitor: httpx.AsyncClient) -> None:
    """Old lists at the counters carry local suffixes."""
    await sign_in(visitor, "clerk")
    assert (await visitor.get("/can-bo/thu-tuc/1.000001.000.00.00.H56")).headers["Location"].endswith("/1.000001")
    assert (await visitor.get("/can-bo/thu-tuc/9.999999")).status_code == 404


async def test_nobody_looks_up_without_signing_in(visitor: httpx.AsyncClient) -> None:
    """Nothing of it is personal, but the desk is the clerks' place."""
    assert (await visitor.get("/can-bo/tra-cuu.json", headers={"Accept": "*/*"})).status_code == 401
    assert (await visitor.get("/can-bo/thu-tuc/1.000001")).status_code == 303
