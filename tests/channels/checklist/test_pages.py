"""The checklist's page and PDF over HTTP."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

import httpx
import segno
from fastapi import FastAPI

from channels.checklist import Checklists
from channels.checklist.pages import build_checklist_router
from channels.web.assets import Assets
from channels.web.headers import SECURITY_HEADERS
from channels.web.pages import Pages, PortalSettings
from knowledge.catalogue import Catalogue
from knowledge.model import Paper
from tests.actions.builders import BIRTH, make_procedure

PAPERS = (
    Paper("Tờ khai <mẫu mới>", 1, form="TK-01"),
    Paper("Văn bản ủy quyền", 0, 2, case="khi ủy quyền"),
    Paper("Biên bản", case="trẻ bị bỏ rơi"),
)
PAGES = Pages(PortalSettings(), Assets.load())
PAGE = f"/thu-tuc/{BIRTH}/danh-sach"


async def get(path: str, papers: tuple[Paper, ...] = PAPERS, method: str = "GET", etag: str = "") -> httpx.Response:
    app = FastAPI()
    catalogue = Catalogue({BIRTH: make_procedure(documents=papers)}, {})
    app.include_router(build_checklist_router(PAGES, catalogue, Checklists("https://motcua.test")))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://portal.test") as client:
        return await client.request(method, path, headers={"If-None-Match": etag} if etag else {})


def words_of(html: str) -> str:
    main = html.split("<main")[1].split("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


async def test_the_page_lists_papers_with_boxes_to_tick() -> None:
    """It works without scripts; ticking is the browser's own."""
    response = await get(PAGE)

    assert response.status_code == 200
    assert re.findall(r'<td class="tick"><input type="checkbox" id="([^"]+)"', response.text) == [
        "giay-1-1",
        "giay-2-1",
        "giay-3-1",
    ]
    words = words_of(response.text)
    assert "Tờ khai <mẫu mới> TK-01 1 –" in words
    assert "Khi ủy quyền Văn bản ủy quyền – 2" in words
    assert "Biên bản không nêu" in words


async def test_it_carries_the_security_headers_and_nothing_inline() -> None:
    """Like every other page."""
    response = await get(PAGE)

    assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == dict(SECURITY_HEADERS)
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)", response.text)


async def test_a_case_is_picked_by_its_number() -> None:
    """By an ordinary form; what is picked stays picked, also in the PDF's address."""
    response = await get(f"{PAGE}?truong-hop=2")
    words = words_of(response.text)

    assert "Trường hợp: trẻ bị bỏ rơi" in words
    assert "Văn bản ủy quyền" not in words
    assert 'value="2" checked' in response.text
    assert f'href="{PAGE}.pdf?truong-hop=2"' in response.text


async def test_numbers_that_mean_nothing_hide_no_paper() -> None:
    """Somebody will change the address by hand."""
    response = await get(f"{PAGE}?truong-hop=0&truong-hop=99&truong-hop=x&truong-hop=%00")

    assert "Biên bản" in words_of(response.text) and "Văn bản ủy quyền" in words_of(response.text)


async def test_the_code_to_scan_opens_the_chat_at_this_procedure() -> None:
    """The picture is compared module by module with the code for that address."""
    source = re.search(r'<img src="(data:image/svg[^"]+)"', (await get(PAGE)).text)
    assert source is not None
    wanted = segno.make_qr(f"https://motcua.test/#hoi={BIRTH}", error="m").svg_data_uri(border=0, omitsize=True)

    assert unquote(unescape(source[1])) == unquote(wanted)


async def test_the_pdf_is_one_and_has_a_name() -> None:
    """Saved on a phone it must be found again."""
    response = await get(f"{PAGE}.pdf")

    assert response.headers["Content-Type"] == "application/pdf"
    assert f'filename="danh-sach-{BIRTH}.pdf"' in response.headers["Content-Disposition"]
    assert response.content.startswith(b"%PDF-")
    assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == dict(SECURITY_HEADERS)


async def test_an_unchanged_pdf_is_not_sent_again() -> None:
    """Nor drawn again: it costs a tenth of a second of a processor."""
    etag = (await get(f"{PAGE}.pdf")).headers["ETag"]
    again = await get(f"{PAGE}.pdf", etag=etag)
    other = await get(f"{PAGE}.pdf?truong-hop=1", etag=etag)

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


async def test_without_papers_the_page_says_so() -> None:
    """An empty list would be read as "bring nothing"."""
    response = await get(PAGE, ())

    assert "Nguồn không nêu giấy tờ phải nộp" in words_of(response.text)
    assert "<table" not in response.text


async def test_an_older_spelling_of_the_code_leads_to_the_page() -> None:
    """Codes with a local suffix stand on papers of years ago."""
    response = await get(f"/thu-tuc/{BIRTH}.000.00.00.H56/danh-sach")

    assert (response.status_code, response.headers["Location"]) == (301, PAGE)


async def test_an_unknown_procedure_is_said_to_be_unknown() -> None:
    """With the way to the national portal, like its own page."""
    for end in ("", ".pdf"):
        response = await get(f"/thu-tuc/1.999999/danh-sach{end}")
        assert response.status_code == 404
        assert "dichvucong.gov.vn" in response.text
    assert (await get("/thu-tuc/%3Cscript%3E/danh-sach")).status_code == 404


async def test_head_requests_are_answered() -> None:
    """Link checkers ask so."""
    assert (await get(PAGE, method="HEAD")).status_code == 200
