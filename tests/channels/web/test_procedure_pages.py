"""The procedure page and the search page over HTTP, with a real search over a tiny catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from channels.web.assets import Assets
from channels.web.headers import SECURITY_HEADERS
from channels.web.pages import Pages, PortalSettings
from channels.web.procedure_pages import build_procedure_router
from channels.web.search_filters import MAX_QUERY
from channels.web.search_page import PER_PAGE
from knowledge.model import LegalText, Paper
from knowledge.verdict import Judge, Outcome
from tests.fakes.tiny_search import OTHERS, FixedJudge, make_procedure, make_search

PAGES = Pages(PortalSettings(), Assets.load())
SEARCH = make_search()


async def get(path: str, judge: Judge | None = None, /, **params: str) -> httpx.Response:
    """Return the answer to one request."""
    return await request("GET", path, params, judge)


async def request(
    method: str, path: str, params: Mapping[str, Any] | None = None, judge: Judge | None = None
) -> httpx.Response:
    app = FastAPI()
    app.include_router(build_procedure_router(PAGES, SEARCH, judge or FixedJudge()))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://portal.test") as client:
        return await client.request(method, path, params=params)


async def get_page(**facts: object) -> httpx.Response:
    """Return the page of a procedure with these facts."""
    app = FastAPI()
    search = make_search([make_procedure("1.000001", **facts)])  # type: ignore[arg-type]
    app.include_router(build_procedure_router(PAGES, search, FixedJudge()))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://portal.test") as client:
        return await client.get("/thu-tuc/1.000001")


def text_of(html: str) -> str:
    """Return what is read on the page's main part, blanks single."""
    main = html.split("<main")[1].split("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def section(html: str, heading_id: str) -> str:
    """Return the words of the section under a heading."""
    found = re.search(rf'<section[^>]*aria-labelledby="{heading_id}".*?</section>', html, re.S)
    assert found is not None, f"no section {heading_id}"
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def links(html: str) -> list[str]:
    """Return where the main part of the page leads."""
    return [unescape(address) for address in re.findall(r'<a [^>]*href="([^"]*)"', html.split("<main")[1])]


def results(html: str) -> list[str]:
    """Return the codes of the results, in order."""
    part = html.split('<ol class="rows">')[1].split("</ol>")[0] if '<ol class="rows">' in html else ""
    return re.findall(r'href="/thu-tuc/([\d.]+)"', part)


class TestProcedurePage:
    """Everything known, in order, with its source."""

    async def test_it_shows_title_label_code_level_and_age(self) -> None:
        """Who arrives by a link must see at once whether this is the right one, and how old it is."""
        response = await get("/thu-tuc/1.000001")
        head = text_of(response.text)
        assert response.status_code == 200
        assert "<h1>Thẻ đọc sách: làm lần đầu</h1>" in response.text, "the name that people use"
        for words in ("Tên chính thức: Cấp thẻ đọc sách", "1.000001", "cấp xã", "15/04/2026"):
            assert words in head
        assert "Dịch vụ công thiết yếu" in head

    async def test_papers_come_with_counts_and_forms_and_cases_apart(self) -> None:
        """The list that people bring to the counter."""
        papers = section((await get("/thu-tuc/1.000001")).text, "giay-to")
        assert "Tờ khai xin thẻ Mẫu số 07 1 bản chính" in papers
        assert "Ảnh chân dung 2 bản sao" in papers
        assert "Giấy giới thiệu nguồn không nêu số bản" in papers
        always, by_case = papers.split("Tùy trường hợp, thêm:")
        assert "ủy quyền" not in always
        assert by_case.count("Khi nhờ người khác nộp") == 1
        assert "Văn bản ủy quyền" in by_case
        assert "Căn cước của người nhận ủy quyền" in by_case

    async def test_counts_that_most_papers_share_are_said_once(self) -> None:
        """Fifteen times "1 bản chính" hides the one line that says 2."""
        papers = (Paper("Đơn", originals=1), Paper("Bản vẽ", originals=1), Paper("Ảnh", copies=2, case="khi đã cũ"))
        mixed = section((await get_page(documents=papers)).text, "giay-to")
        assert "Mỗi loại 1 bản chính, trừ giấy tờ ghi khác." in mixed
        assert mixed.count("1 bản chính") == 1
        assert "Ảnh 2 bản sao" in mixed
        alike = section((await get_page(documents=papers[:2])).text, "giay-to")
        assert "Mỗi loại 1 bản chính." in alike
        unknown = section((await get_page(documents=(Paper("Đơn"), Paper("Ảnh")))).text, "giay-to")
        assert unknown.count("ố bản") == 1 and "Nguồn không nêu số bản." in unknown
        single = section((await get_page(documents=papers[:1])).text, "giay-to")
        assert "Mỗi loại" not in single and "Đơn 1 bản chính" in single

    async def test_a_long_official_title_is_folded(self) -> None:
        """Twenty lines of it pushed everything else off the phone; it is one press away, and on paper unfolded."""
        title = "Đăng ký biến động quyền sử dụng đất " * 8
        html = (await get_page(title=title.strip(), short_title="Sang tên sổ đỏ")).text
        assert "<h1>Sang tên sổ đỏ</h1>" in html
        folded = html.split('<details class="full-title">')[1].split("</details>")[0]
        assert "Xem tên chính thức" in folded and title.strip() in folded

    async def test_one_name_is_not_said_twice(self) -> None:
        """When the official title is short it is the name that people use."""
        assert "Tên chính thức" not in (await get_page()).text

    async def test_the_weightiest_legal_texts_stand_first_and_the_rest_is_folded(self) -> None:
        """Who checks a clerk's word looks for the law, not for the fourteenth circular."""
        circulars = tuple(LegalText(f"{number}/2025/TT-BTP", f"Thông tư số {number}") for number in range(1, 9))
        html = (await get_page(legal_basis=(*circulars, LegalText("60/2014/QH13", "Luật Hộ tịch")))).text
        legal = section(html, "can-cu")
        assert legal.index("Luật Hộ tịch") < legal.index("1/2025/TT-BTP")
        folded = html.split('id="can-cu"')[1].split("<details>")[1].split("</details>")[0]
        assert "Xem thêm 3 văn bản" in folded
        assert folded.count("<li>") == 3

    async def test_a_single_legal_text_is_not_folded_away(self) -> None:
        """The line that unfolds it would take its place."""
        seven = tuple(LegalText(f"{number}/2025/TT-BTP", f"Thông tư số {number}") for number in range(1, 8))
        html = (await get_page(legal_basis=seven)).text
        assert "<details>" not in html.split('id="can-cu"')[1]
        assert section(html, "can-cu").count("Thông tư số") == 7

    async def test_times_are_per_channel_and_inferred_ones_say_so(self) -> None:
        """Online 3 working days is not 13 days at the counter."""
        times = section((await get("/thu-tuc/1.000001")).text, "thoi-han")
        online, counter = times.split("13 ngày")
        assert "3 ngày làm việc Nộp trực tuyến và qua bưu chính" in online
        assert "Suy từ" not in online
        assert "khi phải xác minh" in counter
        assert "Nộp trực tiếp" in counter
        assert "Suy từ quy trình" in counter

    async def test_fees_are_per_channel_and_case(self) -> None:
        """Free online, 12.000 đồng at the counter, and an amount that nobody stated is not invented."""
        fees = section((await get("/thu-tuc/1.000001")).text, "le-phi")
        assert "Miễn phí Nộp trực tuyến" in fees
        assert "12.000 đồng – người lớn Nộp trực tiếp và qua bưu chính" in fees
        assert "Do HĐND tỉnh quy định (nguồn không ghi số tiền) – tổ chức Mọi cách nộp" in fees

    async def test_legal_texts_carry_their_day_or_say_that_none_is_stated(self) -> None:
        """A text without a day cannot be checked for being in force."""
        legal = section((await get("/thu-tuc/1.000001")).text, "can-cu")
        assert "46/2019/QH14 ngày 21/11/2019 Luật Thư viện" in legal
        assert "93/2020/NĐ-CP nguồn không nêu ngày" in legal

    async def test_related_procedures_lead_on_and_unknown_ones_do_not(self) -> None:
        """A code that left the catalogue is no dead link."""
        response = await get("/thu-tuc/1.000001")
        related = section(response.text, "lien-quan")
        assert "Thường làm trước Thẻ đọc sách người nước ngoài" in related
        assert "Thường làm sau Đăng ký nuôi ong" in related
        assert "Thường làm cùng" not in related
        assert "Con đi học" in related
        assert "9.999999" not in response.text

    async def test_near_twins_stand_beside_it_with_the_difference_marked(self) -> None:
        """The wrong twin costs a second way to the counter."""
        html = (await get("/thu-tuc/1.000001")).text
        twins = section(html, "de-nham")
        assert twins.count("Trang này") == 1
        assert "/thu-tuc/1.000002" in links(html)
        assert "<mark>cấp lại</mark>" in html
        assert "Cấp <mark>lại</mark> thẻ đọc sách" in html

    async def test_what_is_not_stated_is_said_not_guessed(self) -> None:
        """Absent is different from zero."""
        html = (await get("/thu-tuc/1.000005")).text
        for name in ("giay-to", "thoi-han", "le-phi", "ket-qua", "can-cu", "noi-nop"):
            assert "Nguồn không nêu" in section(html, name)
        assert "Miễn phí" not in html
        assert "de-nham" not in html

    async def test_any_counter_takes_it_unless_the_sector_is_run_from_above(self) -> None:
        """NĐ 118/2025 holds for the one-stop counters, not for police, tax or insurance."""
        assert "công nào trong tỉnh" in text_of((await get("/thu-tuc/1.000001")).text)
        assert "công nào trong tỉnh" not in text_of((await get("/thu-tuc/1.000005")).text)

    async def test_source_and_the_word_that_the_portal_prevails(self) -> None:
        """It is a digest of facts."""
        html = (await get("/thu-tuc/1.000001")).text
        source = section(html, "nguon")
        assert "dữ liệu ngày 15/04/2026" in source
        assert "nội dung trên Cổng Dịch vụ công quốc gia là đúng" in source
        outside = {address for address in links(html) if address.startswith("http")}
        assert outside == {
            "https://dichvucong.gov.vn/p/home/dvc-chi-tiet-thu-tuc-hanh-chinh.html?ma_thu_tuc=1.000001",
            "https://dichvucong.gov.vn/",
        }

    async def test_the_page_keeps_to_the_policy(self) -> None:
        """Headers as on every page, nothing inline."""
        response = await get("/thu-tuc/1.000001")
        assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == dict(SECURITY_HEADERS)
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)", response.text)

    async def test_facts_stay_text(self) -> None:
        """A stray bracket in a data file is no markup."""
        odd = make_procedure("1.000001", 'Cấp <b>thẻ</b> & "sổ"', also_called=("<script>alert(1)</script>",))
        app = FastAPI()
        app.include_router(build_procedure_router(PAGES, make_search([odd]), FixedJudge()))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://portal.test") as client:
            html = (await client.get("/thu-tuc/1.000001")).text
        assert "<b>thẻ" not in html
        assert "<script>alert" not in html
        assert "Cấp &lt;b&gt;thẻ&lt;/b&gt; &amp; " in html

    async def test_an_unknown_code_is_a_404_with_a_way_on(self) -> None:
        """Codes are typed off paper; the national portal may know it."""
        response = await get("/thu-tuc/1.999999")
        assert response.status_code == 404
        assert 'action="/tim-kiem"' in response.text
        assert any(address.endswith("ma_thu_tuc=1.999999") for address in links(response.text))
        assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == dict(SECURITY_HEADERS)

    @pytest.mark.parametrize(
        "typed", ["khai-sinh", "%00", "1.01", "x" * 5000, "<script>", "..%2f..%2fetc%2fpasswd", "1.000001 1.000002"]
    )
    async def test_nonsense_is_a_404_that_does_not_repeat_it(self, typed: str) -> None:
        """Nor does it build a link from it."""
        response = await get(f"/thu-tuc/{typed}")
        assert response.status_code == 404
        if "application" not in response.headers["content-type"]:
            assert "ma_thu_tuc" not in response.text
            assert "<script>" not in response.text

    @pytest.mark.parametrize("old", ["1.000001.000.00.00.H56", "1.000001.H56", "1.000001.000.00.00.h56", "1.OOOOO1"])
    async def test_an_old_code_leads_to_the_plain_one(self, old: str) -> None:
        """Printed leaflets carry the local suffix for years."""
        response = await get(f"/thu-tuc/{old}")
        assert response.status_code == 301
        assert response.headers["Location"] == "/thu-tuc/1.000001"

    async def test_an_old_code_of_an_unknown_procedure_is_a_404_at_once(self) -> None:
        """No way round by a redirect."""
        response = await get("/thu-tuc/1.999999.000.00.00.H56")
        assert response.status_code == 404
        assert "Không có thủ tục mã 1.999999" in text_of(response.text)

    async def test_head_requests_are_answered(self) -> None:
        """Link checkers ask so."""
        for path in ("/thu-tuc/1.000001", "/tim-kiem"):
            response = await request("HEAD", path)
            assert response.status_code == 200

    async def test_the_folder_leads_to_the_search(self) -> None:
        """People shorten addresses."""
        assert (await get("/thu-tuc")).headers["Location"] == "/tim-kiem"


class TestSearchPage:
    """An ordinary form and an ordinary list."""

    async def test_the_clear_hit_is_first_and_marked(self) -> None:
        """The portal's own search hides it among the twins."""
        html = (await get("/tim-kiem", q="cấp thẻ đọc sách")).text
        assert results(html)[0] == "1.000001"
        assert html.count("Khớp nhất") == 1
        assert 'class="clear"' in html.split('<ol class="rows">')[1][:60]

    async def test_a_result_says_field_level_and_why_it_matched(self) -> None:
        """Who sees the words that matched trusts the hit, or knows what to change."""
        html = (await get("/tim-kiem", q="xin thẻ thư viện")).text
        first = section(html, "ket-qua")
        assert "Thư viện · cấp xã" in first
        assert "Khớp với cách gọi:" in first
        assert "<mark>xin thẻ thư viện</mark>" in html

    async def test_it_understands_without_diacritics(self) -> None:
        """Half of all phones write so."""
        assert results((await get("/tim-kiem", q="cap the doc sach")).text)[0] == "1.000001"

    async def test_equal_hits_are_offered_without_a_mark(self) -> None:
        """Then the citizen decides."""
        html = (await get("/tim-kiem", FixedJudge(Outcome.AMBIGUOUS), q="thẻ đọc sách")).text
        assert "anh/chị chọn đúng việc mình cần" in html
        assert "Khớp nhất" not in html

    async def test_nothing_found_says_so_and_leads_on(self) -> None:
        """No list of things that nobody asked for."""
        response = await get("/tim-kiem", FixedJudge(Outcome.NOTHING), q="thời tiết ngày mai")
        assert response.status_code == 200
        assert "Không tìm thấy thủ tục khớp" in response.text
        nothing = response.text.split('class="nothing"')[1].split("</section>")[0]
        nothing = response.text.split('class="nothing"')[1].split("</section>")[0]
        assert 'href="https://dichvucong.gov.vn/"' in nothing
        assert results(response.text) == []

    async def test_near_misses_are_called_near_misses(self) -> None:
        """When the judge says no, strong word matches are still worth a look, with a warning."""
        html = (await get("/tim-kiem", FixedJudge(Outcome.NOTHING), q="cấp thẻ đọc sách")).text
        assert "Không tìm thấy thủ tục khớp" in html
        assert "có thể không đúng" in html
        assert "Khớp nhất" not in html

    async def test_filters_narrow_by_field_level_and_online(self) -> None:
        """All by GET, so that a filtered list can be sent to somebody."""
        assert results((await get("/tim-kiem", q="thẻ đọc sách", **{"truc-tuyen": "toan-trinh"})).text) == ["1.000002"]
        assert "1.000001" not in results((await get("/tim-kiem", q="thẻ đọc sách", cap="tinh")).text)
        assert results((await get("/tim-kiem", **{"linh-vuc": "chan-nuoi"})).text) == ["1.000005"]
        assert set(results((await get("/tim-kiem", **{"linh-vuc": "thu-vien", "cap": "xa"})).text)) == {
            "1.000001",
            "1.000002",
        }
        assert results((await get("/tim-kiem", **{"linh-vuc": "thu-vien", "truc-tuyen": "khong"})).text) == ["1.000003"]

    async def test_a_filter_that_leaves_nothing_offers_to_drop_it(self) -> None:
        """An empty page without a way back is a dead end."""
        html = (await get("/tim-kiem", q="xin thẻ thư viện", cap="tinh")).text
        assert results(html) == []
        assert "Không tìm thấy" in html
        assert "/tim-kiem?q=xin+th%E1%BA%BB+th%C6%B0+vi%E1%BB%87n" in links(html)

    @pytest.mark.parametrize(
        "params",
        [
            {"linh-vuc": "khong-co"},
            {"cap": "huyen"},
            {"truc-tuyen": "muc-do-4"},
            {"su-kien": "khong-co"},
            {"trang": "-1"},
            {"trang": "²"},
            {"trang": "99999999999999"},
            {"linh-vuc": "x" * 9000},
        ],
    )
    async def test_unknown_values_are_as_good_as_none(self, params: dict[str, str]) -> None:
        """Old links and hand-made addresses still show the page."""
        response = await get("/tim-kiem", **params)
        assert response.status_code == 200
        assert "Lĩnh vực hay được hỏi" in response.text

    async def test_a_long_list_comes_in_pages(self) -> None:
        """A phone on a slow line takes thirty at a time."""
        first = await get("/tim-kiem", **{"linh-vuc": "duong-thuy"})
        last = await get("/tim-kiem", **{"linh-vuc": "duong-thuy", "trang": "9"})
        assert f"{len(OTHERS)} thủ tục" in first.text
        assert len(results(first.text)) == PER_PAGE
        assert len(results(last.text)) == len(OTHERS) - PER_PAGE
        assert {*results(first.text), *results(last.text)} == {one.code for one in OTHERS}
        assert "/tim-kiem?linh-vuc=duong-thuy&trang=2" in links(first.text)
        assert "/tim-kiem?linh-vuc=duong-thuy&trang=1" in links(last.text)

    async def test_an_empty_query_shows_life_events_and_fields(self) -> None:
        """Who does not know a name can start from what happened."""
        html = (await get("/tim-kiem", q="  ")).text
        assert "/tim-kiem?su-kien=di_hoc" in links(html)
        assert links(html).count("/tim-kiem?linh-vuc=thu-vien") == 2
        assert section(html, "linh-vuc-hay-hoi").index("Thư viện") < section(html, "linh-vuc-hay-hoi").index("Đường")

    async def test_a_life_event_shows_its_steps_in_order(self) -> None:
        """Also without JavaScript and without the assistant."""
        html = (await get("/tim-kiem", **{"su-kien": "di_hoc"})).text
        event = section(html, "su-kien-1")
        assert event.index("để mượn sách") < event.index("khi trường có vườn ong")
        assert "Đăng ký nuôi ong (nếu cần)" in event
        assert "9.999999" not in html

    async def test_words_of_a_life_event_find_it(self) -> None:
        """And then "not found" would be wrong."""
        html = (await get("/tim-kiem", FixedJudge(Outcome.NOTHING), q="con vào lớp một")).text
        assert "Con đi học" in section(html, "su-kien-1")
        assert "Không tìm thấy" not in html

    async def test_a_field_typed_as_query_leads_to_its_list(self) -> None:
        """Who types a field asks for the shelf, not for one book: nothing is marked as the best match."""
        html = (await get("/tim-kiem", q="thư viện")).text
        assert "/tim-kiem?linh-vuc=thu-vien" in links(html)
        assert "Xem tất cả 3 thủ tục lĩnh vực Thư viện" in text_of(html)
        assert "Khớp nhất" not in html

    @pytest.mark.parametrize("typed", ["1.000001", " 1.000001.000.00.00.H56 ", "lệ phí thủ tục 1.000001"])
    async def test_a_code_goes_to_its_page(self, typed: str) -> None:
        """A code leaves nothing to choose."""
        response = await get("/tim-kiem", q=typed)
        assert response.status_code == 303
        assert response.headers["Location"] == "/thu-tuc/1.000001"

    async def test_several_codes_are_listed_and_unknown_ones_named(self) -> None:
        """People paste a line from a notice."""
        html = (await get("/tim-kiem", q="1.000002, 1.000001 và 1.999999")).text
        assert results(html) == ["1.000002", "1.000001"]
        assert "Mã 1.999999 không có trong danh mục" in text_of(html)
        assert any(address.endswith("ma_thu_tuc=1.999999") for address in links(html))

    async def test_an_application_code_is_not_searched_for(self) -> None:
        """It is somebody's file: this page says where to ask and guesses nothing."""
        html = (await get("/tim-kiem", q="H50.05-261108-0975")).text
        assert "mã hồ sơ" in text_of(html)
        assert results(html) == []

    async def test_a_long_query_is_cut_and_says_so(self) -> None:
        """One request must not keep a core busy."""
        response = await get("/tim-kiem", q="cấp thẻ đọc sách " * 400)
        assert response.status_code == 200
        assert f"{MAX_QUERY} ký tự đầu" in response.text
        assert len(response.text) < 30_000
        assert results(response.text)[0] == "1.000001"

    @pytest.mark.parametrize(
        "query",
        ['"><script>alert(1)</script>', "{{ 7*7 }}", "a\x00b\x1f\u202e", "%ff%fe", "😀", "'; DROP TABLE x --", "?!…"],
    )
    async def test_odd_queries_stay_text(self, query: str) -> None:
        """The page repeats what was searched for."""
        response = await get("/tim-kiem", q=query)
        assert response.status_code == 200
        assert "<script>alert" not in response.text
        assert "\x00" not in response.text
        assert "\u202e" not in response.text

    async def test_bytes_that_are_no_text_are_no_fault(self) -> None:
        """Old software still sends Latin-1."""
        assert (await request("GET", "/tim-kiem?q=%E0%E1%FF&cap=%FF")).status_code == 200

    async def test_what_was_searched_for_is_kept_by_no_cache(self) -> None:
        """A shared computer at the commune must not remember it."""
        assert (await get("/tim-kiem", q="xin thẻ")).headers["Cache-Control"] == "private, no-cache"
