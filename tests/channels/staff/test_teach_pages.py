"""The pages of teaching over HTTP: two clicks to a proposal, an editor's yes, a build, and who may do what."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import Engine

from channels.staff.desk import Desk
from channels.staff.rebuild_pages import REBUILD
from channels.staff.teach_pages import TEACH
from channels.staff.teach_queue_pages import PROPOSALS
from channels.staff.teaching import build_teaching_routers
from channels.store.database import open_database
from channels.store.teaching import State, question_key
from channels.teaching.service import Teaching
from tests.fakes.staff import browser, make_desk, post, sign_in
from tests.fakes.teaching import ask, make_project, make_teaching, until_built

ASKED = "mượn truyện tranh ở mô"
KEY = question_key(ASKED)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    one = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    yield one
    one.dispose()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return make_project(tmp_path / "project")


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return make_desk(engine)


@pytest.fixture
def teaching(engine: Engine, root: Path) -> Teaching:
    ask(engine, ASKED, ASKED, "nuôi ong ở rẫy")
    return make_teaching(engine, root)[0]


@pytest.fixture
def app(desk: Desk, teaching: Teaching) -> FastAPI:
    app = FastAPI()
    catalogue = teaching.board._search.index.catalogue
    desk.install(app, build_teaching_routers(desk, teaching, catalogue, teaching.rebuilder._rasa))
    return app


@pytest_asyncio.fixture
async def clerk(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app) as one:
        await sign_in(one, "clerk")
        yield one


@pytest_asyncio.fixture
async def editor(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app) as one:
        await sign_in(one, "editor")
        yield one


async def listed(visitor: httpx.AsyncClient, teaching: Teaching) -> str:
    """Return the page with its list, which is made beside the first request."""
    while await teaching.board.look() is None:
        pass
    return (await visitor.get(TEACH)).text


def did(desk: Desk) -> list[str]:
    return [entry.did for entry in desk.audit.store.entries()]


async def test_the_list_tells_what_was_asked_said_and_would_be_said(
    clerk: httpx.AsyncClient, teaching: Teaching, desk: Desk
) -> None:
    """And who looked is written down."""
    page = await listed(clerk, teaching)

    assert f"“{ASKED}”" in page and "2 lượt" in page and "Tôi chưa tìm thấy thủ tục này." in page
    assert "Bây giờ sẽ trả lời" in page and "Đăng ký nuôi ong" in page
    assert "unanswered_seen" in did(desk)


async def test_one_press_ties_a_question_to_a_procedure(
    clerk: httpx.AsyncClient, teaching: Teaching, desk: Desk
) -> None:
    """It leaves the list and waits for an editor."""
    await listed(clerk, teaching)
    answer = await post(clerk, TEACH, cau=KEY, nhom=KEY, loi="mượn truyện tranh", viec="ten:1.000001")

    assert answer.headers["Location"] == f"{TEACH}?xong=de-nghi"
    (waiting,) = teaching.store.in_state(State.OPEN)
    assert (waiting.made_by, waiting.is_name, waiting.target) == ("clerk", True, "1.000001")
    assert ASKED not in (await clerk.get(TEACH)).text
    assert "teaching_proposed" in did(desk)


async def test_not_our_matter_is_an_example(clerk: httpx.AsyncClient, teaching: Teaching) -> None:
    """So is any other intent of the list; anything else is refused."""
    await post(clerk, TEACH, cau=KEY, nhom=KEY, loi="giá vàng bữa ni", viec="ngoai")
    await post(clerk, TEACH, cau="k", nhom=KEY, loi="cho gặp người", viec="y", y="handover")
    odd = await post(clerk, TEACH, cau="k", nhom=KEY, loi="cho gặp người", viec="y", y="fly")

    assert [one.target for one in teaching.store.in_state(State.OPEN)] == ["handover", "out_of_scope"]
    assert odd.status_code == 422


async def test_a_doubt_asks_once_a_fault_for_ever(clerk: httpx.AsyncClient, teaching: Teaching) -> None:
    """Digits may be those of a form; hidden places may not stay."""
    await listed(clerk, teaching)
    given = {"cau": KEY, "nhom": KEY, "viec": "ten:1.000001"}
    doubted = await post(clerk, TEACH, **given, loi="mượn truyện mẫu 07")
    assert doubted.status_code == 200 and "Còn chữ số" in doubted.text and 'value="mượn truyện mẫu 07"' in doubted.text
    faulty = await post(clerk, TEACH, **given, loi="truyện của •••", chac="truyện của •••")
    assert faulty.status_code == 422 and "bị che" in faulty.text and teaching.store.in_state(State.OPEN) == []
    sure = await post(clerk, TEACH, **given, loi="mượn truyện mẫu 07", chac="mượn truyện mẫu 07")
    assert sure.status_code == 303


async def test_a_search_without_scripts_proposes_others(clerk: httpx.AsyncClient, teaching: Teaching) -> None:
    """The button does what typing does with scripts."""
    await listed(clerk, teaching)
    page = (await post(clerk, TEACH, cau=KEY, nhom=KEY, loi=ASKED, viec="tim", tim="nuôi ong lấy mật")).text

    card = page[page.index(f'id="n-{KEY}"') :]
    assert 'value="ten:1.000005"' in card[: card.index("</form>")]


async def test_hidden_questions_come_back(clerk: httpx.AsyncClient, teaching: Teaching, desk: Desk) -> None:
    """Nothing is lost by a wrong press."""
    await listed(clerk, teaching)
    await post(clerk, TEACH, cau=KEY, nhom=KEY, loi=ASKED, viec="an")
    page = (await clerk.get(TEACH)).text
    assert "Câu đã ẩn (1)" in page and f'id="n-{KEY}"' not in page
    await post(clerk, f"{TEACH}/hien", cau=KEY)
    assert teaching.store.settled() == {} and {"question_hidden", "question_shown_again"} <= set(did(desk))


async def test_an_editor_decides_and_a_clerk_does_not(
    clerk: httpx.AsyncClient, editor: httpx.AsyncClient, teaching: Teaching, root: Path, desk: Desk
) -> None:
    """With the reason for a no; the checks' words when they refuse."""
    for words, target in (("mượn truyện tranh", "1.000001"), ("nuôi ong lấy mật", "1.000001"), ("xin thẻ", "1.000001")):
        await post(clerk, TEACH, cau=question_key(words), nhom=KEY, loi=words, viec=f"ten:{target}")
    assert (await post(clerk, f"{PROPOSALS}/1/duyet")).status_code == 403
    assert "Duyệt<" not in (await clerk.get(PROPOSALS)).text and "Duyệt<" in (await editor.get(PROPOSALS)).text
    assert (await post(editor, f"{PROPOSALS}/1/duyet")).headers["Location"] == f"{PROPOSALS}?xong=duyet"
    refused = await post(editor, f"{PROPOSALS}/2/duyet")
    assert refused.status_code == 409 and "đã là cách gọi của" in refused.text
    assert (await post(editor, f"{PROPOSALS}/3/tu-choi", **{"ly-do": " "})).status_code == 409
    await post(editor, f"{PROPOSALS}/3/tu-choi", **{"ly-do": "chưa rõ việc gì"})

    assert "- mượn truyện tranh\n" in (root / "knowledge/catalogue/thu_vien/1.000001-cap-the-doc-sach.yml").read_text()
    page = (await clerk.get(PROPOSALS)).text
    assert "chưa rõ việc gì" in page and "knowledge/catalogue/thu_vien" in page
    assert {"teaching_approved", "teaching_refused", "teaching_rejected"} <= set(did(desk))


async def test_a_build_from_the_page_and_back(
    clerk: httpx.AsyncClient, editor: httpx.AsyncClient, teaching: Teaching, desk: Desk
) -> None:
    """Progress while it runs, figures when it is over, the former release one press away."""
    assert (await post(clerk, REBUILD)).status_code == 403
    assert (await post(editor, REBUILD)).status_code == 303
    told = (await clerk.get(f"{REBUILD}.json")).json()
    assert told["running"]["steps"] == 7 and "data-underway" in (await editor.get(REBUILD)).text
    assert (await post(editor, REBUILD)).status_code == 409
    await until_built(teaching)
    page = (await editor.get(REBUILD)).text

    assert "Lần dựng cuối: bản 2 đạt" in page and "90,0%" in page and "92,0%" in page and "+2,0" in page
    assert "Quay lại bản 1" in page and "Quay lại" not in (await clerk.get(REBUILD)).text
    assert (await clerk.get(f"{REBUILD}.json")).json() == {"running": None, "live": 2, "settled": True}
    assert (await post(editor, f"{REBUILD}/1/dung")).status_code == 303
    await teaching.watch.look()
    assert (await clerk.get(f"{REBUILD}.json")).json()["live"] == teaching.watch.number == 1
    assert (await post(editor, f"{REBUILD}/99/dung")).status_code == 409
    assert {"rebuild_begun", "release_chosen"} <= set(did(desk))


async def test_who_is_not_signed_in_sees_nothing(app: FastAPI) -> None:
    """Not even the progress."""
    async with browser(app) as nobody:
        for path in (TEACH, PROPOSALS, REBUILD):
            assert (await nobody.get(path)).headers["Location"].startswith("/can-bo/dang-nhap")
        assert (await nobody.get(f"{REBUILD}.json", headers={"Accept": "application/json"})).status_code == 401
