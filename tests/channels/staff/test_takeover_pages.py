"""The desk's conversations over HTTP: who sees what, what is written down, what a clerk can do in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from channels.staff.desk import Desk
from channels.staff.takeover_pages import build_takeover_router
from channels.staff.takeover_stream import STREAM, build_takeover_stream
from channels.store.database import open_database
from channels.store.outbox import OUTBOX
from channels.store.tickets import Reason, State
from tests.channels.desk.conftest import CITIZEN, World, make_world
from tests.fakes.staff import browser, field_of, make_desk, post, sign_in

TALKS = "/can-bo/tro-chuyen"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A desk and its citizen over the database of the accounts."""
    return make_world(open_database(f"sqlite:///{tmp_path / 'app.db'}"))


@pytest.fixture
def desk(world: World) -> Desk:
    return make_desk(world.engine)


@pytest.fixture
def app(desk: Desk, world: World) -> FastAPI:
    app = FastAPI()
    fields = ["Đất đai", "Hộ tịch"]
    desk.install(app, [build_takeover_router(desk, world.desk, fields), build_takeover_stream(desk, world.desk)])
    return app


@pytest_asyncio.fixture
async def clerk(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app) as one:
        await sign_in(one, "clerk")
        yield one


@pytest_asyncio.fixture
async def manager(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app) as one:
        await sign_in(one, "manager")
        yield one


async def waiting(world: World) -> str:
    """Have a citizen wait who said something; return the path of the talk."""
    await world.says("xin giấy cho nhà tôi, số 0912 345 678")
    return f"{TALKS}/{(await world.asks_for_a_person()).id}"


def did(desk: Desk) -> list[str]:
    return [entry.did for entry in desk.audit.store.entries()]


async def test_who_is_not_signed_in_sees_nothing(app: FastAPI, world: World) -> None:
    """Neither the pages nor the stream."""
    path = await waiting(world)
    async with browser(app) as stranger:
        for address in (TALKS, path, f"{path}/dong.json", f"{TALKS}.json", STREAM):
            assert (await stranger.get(address)).status_code in (303, 401)


async def test_the_queue_shows_who_waits_but_not_what_they_said(clerk: httpx.AsyncClient, world: World) -> None:
    """Reading somebody's words is written down, so they are on the talk's own page only."""
    path = await waiting(world)
    page = (await clerk.get(TALKS)).text
    rows = (await clerk.get(f"{TALKS}.json")).json()["rows"]

    assert path in page and "xin gặp cán bộ" in page and "xin giấy" not in page and "cho tôi gặp" not in page
    assert [(row["state"], row["channel"], row["can_take"]) for row in rows] == [("waiting", "Trang cổng", True)]


async def test_a_look_at_a_conversation_is_written_down_before_it_is_shown(
    clerk: httpx.AsyncClient, world: World, desk: Desk
) -> None:
    """Each opened page; a page that stays open and asks for new lines is the same look."""
    path = await waiting(world)
    page = (await clerk.get(path)).text
    await clerk.get(f"{path}/dong.json?sau=0")
    await clerk.get(path)

    assert "xin giấy cho nhà tôi, số •••" in page and "có phần đã che" in page and "máy che trước khi lưu" in page
    looks = [entry for entry in desk.audit.store.entries() if entry.did == "conversation_seen"]
    assert len(looks) == 2 and {look.conversation for look in looks} == {CITIZEN}


async def test_lines_fetched_without_the_page_are_a_look_too(
    clerk: httpx.AsyncClient, world: World, desk: Desk
) -> None:
    """Nobody reads past the log."""
    path = await waiting(world)
    await clerk.get(f"{path}/dong.json?sau=1")

    assert "conversation_seen" in did(desk)


async def test_a_clerk_takes_writes_and_ends_without_scripts(
    clerk: httpx.AsyncClient, world: World, desk: Desk
) -> None:
    """Plain forms; each step is written down."""
    path = await waiting(world)
    assert (await post(clerk, f"{path}/nhan")).headers["Location"] == path
    await post(clerk, f"{path}/nhan-tin", loi="Chào anh", ma="m1")
    assert "Chào anh" in (await clerk.get(path)).text
    await post(clerk, f"{path}/ket-thuc")

    assert world.desk.tickets.of(CITIZEN) is None
    assert "Đã kết thúc" in (await clerk.get(path)).text
    assert [text for text, _ in world.letters()][1] == "Chào anh"
    assert {"conversation_taken", "conversation_written", "conversation_ended"} <= set(did(desk))


async def test_danger_stands_first_and_anybody_may_step_in_at_once(
    clerk: httpx.AsyncClient, manager: httpx.AsyncClient, world: World
) -> None:
    """Whoever has the conversation may be away; without danger a colleague waits for the time set."""
    world.cries = frozenset({"cháy nhà rồi"})
    path = await waiting(world)
    await post(clerk, f"{path}/nhan")
    world.clock.later(seconds=1)
    await world.says("cho em hỏi thêm")
    assert "Nhận thay" not in (await manager.get(path)).text

    await world.says("cháy nhà rồi")
    [row] = (await manager.get(f"{TALKS}.json")).json()["rows"]
    page = (await manager.get(path)).text

    assert row["is_urgent"] and row["reason"] == "báo nguy hiểm" and row["can_take"]
    assert "khẩn cấp" in page and "Nhận thay" in page


async def test_the_second_clerk_is_told_and_not_obeyed(
    clerk: httpx.AsyncClient, manager: httpx.AsyncClient, world: World, desk: Desk
) -> None:
    """And the log says that it did not happen."""
    path = await waiting(world)
    token = field_of((await manager.get("/can-bo/mat-khau")).text, "csrf")
    await post(clerk, f"{path}/nhan")
    late = await manager.post(f"{path}/nhan-tin", data={"loi": "tôi đây"}, headers={"X-CSRF-Token": token})

    assert late.status_code == 409 and "Bấm Nhận trước" in late.json()["detail"]
    assert "conversation_refused" in did(desk)
    page = (await manager.get(path)).text
    assert "đang giữ cuộc trò chuyện này" in page and "<textarea" not in page


async def test_a_talk_whose_citizen_waits_too_long_can_be_taken_from_a_colleague(
    clerk: httpx.AsyncClient, manager: httpx.AsyncClient, world: World
) -> None:
    """Only then, and only by the button that says so."""
    path = await waiting(world)
    await post(clerk, f"{path}/nhan")
    world.clock.later(minutes=2)
    assert "Nhận thay" not in (await manager.get(path)).text
    await post(manager, f"{path}/nhan", thay=str(world.ticket.officer_id))
    assert world.ticket.officer_name == "Cô Cán bộ tiếp nhận"

    world.clock.later(minutes=5)
    page = (await manager.get(path)).text
    assert "Nhận thay Cô Cán bộ tiếp nhận" in page
    await post(manager, f"{path}/nhan", thay=field_of(page, "thay"))
    assert world.ticket.officer_name == "Cô Quản lý"


async def test_an_empty_message_is_not_sent(clerk: httpx.AsyncClient, world: World) -> None:
    """Pressing Enter by mistake."""
    path = await waiting(world)
    await post(clerk, f"{path}/nhan")
    answer = await post(clerk, f"{path}/nhan-tin", loi="   ")

    assert "viết lời nhắn" in (await clerk.get(answer.headers["Location"])).text
    assert len(world.letters()) == 1


async def test_a_conversation_is_forwarded_to_a_colleague_and_a_field(
    clerk: httpx.AsyncClient, manager: httpx.AsyncClient, world: World
) -> None:
    """The colleague finds it first in the queue; an invented field or name is not taken over."""
    other = world.conversation
    world.conversation = "d" * 32
    await world.asks_for_a_person()
    world.conversation = other
    path = await waiting(world)
    await post(clerk, f"{path}/nhan")
    await post(clerk, f"{path}/chuyen", cho="manager", **{"linh-vuc": "Hộ tịch"})
    rows = (await manager.get(f"{TALKS}.json")).json()["rows"]

    assert rows[0]["path"] == path and rows[0]["for_me"] and rows[0]["field"] == "Hộ tịch"
    assert world.ticket.state is State.WAITING


async def test_giving_back_lets_the_machine_speak_again(clerk: httpx.AsyncClient, world: World) -> None:
    """The citizen hears who answers from here on."""
    path = await waiting(world)
    await post(clerk, f"{path}/nhan")
    await post(clerk, f"{path}/tra-may")

    assert (await world.says("lệ phí")).replies[0].text == "Máy: lệ phí"


async def test_what_the_citizen_deleted_is_gone_for_the_clerk_too(clerk: httpx.AsyncClient, world: World) -> None:
    """And the page says why."""
    path = await waiting(world)
    await world.desk.listener.forget(CITIZEN)
    page = await clerk.get(path)

    assert page.status_code == 404 and "người dân đã xóa" in page.text
    assert (await clerk.get(f"{path}/dong.json")).status_code == 404


async def test_an_unread_message_is_marked_until_the_clerk_looks(clerk: httpx.AsyncClient, world: World) -> None:
    """In the list, in words and not by colour alone."""
    path = await waiting(world)
    await post(clerk, f"{path}/nhan")
    world.clock.later(seconds=5)
    await world.says("còn gì nữa không ạ")
    assert "có tin mới" in (await clerk.get(TALKS)).text

    world.clock.later(seconds=5)
    await post(clerk, f"{path}/da-doc")
    assert "có tin mới" not in (await clerk.get(TALKS)).text


async def test_what_citizens_write_is_text_on_the_page(clerk: httpx.AsyncClient, world: World) -> None:
    """Nobody sends a clerk a script."""
    await world.says("<img src=x onerror=alert(1)>")
    ticket, _ = world.desk.tickets.open(CITIZEN, Reason.ASKED, "<b>gặp</b>", world.clock.now)
    page = (await clerk.get(f"{TALKS}/{ticket.id}")).text

    assert "<img src=x" not in page and "<b>gặp" not in page


async def test_the_page_tells_that_the_hours_are_a_sample(clerk: httpx.AsyncClient) -> None:
    """Nobody may take invented hours for the province's."""
    assert "giờ mẫu" in (await clerk.get(TALKS)).text


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"ended": "sent"}, ""),
        ({"ended": "refused"}, "đã chặn"),
        ({"held": True}, "khi người dân nhắn lại"),
        ({"attempts": 2}, "tự gửi lại"),
    ],
)
async def test_the_clerk_learns_when_words_do_not_arrive(
    clerk: httpx.AsyncClient, world: World, values: dict[str, object], told: str
) -> None:
    """Somebody who blocked the bot would else be talked to in vain."""
    path = await waiting(world)
    await post(clerk, f"{path}/nhan")
    await post(clerk, f"{path}/nhan-tin", loi="Chào anh", ma="m1")
    with world.engine.begin() as connection:
        connection.execute(OUTBOX.update().where(OUTBOX.c.key.like("desk:%")).values(values))

    delivery = (await clerk.get(f"{path}/dong.json")).json()["delivery"]
    assert told in delivery and (delivery in (await clerk.get(path)).text)
    assert bool(delivery) is bool(told)


async def test_what_is_said_after_the_end_is_no_clerk_s_business(clerk: httpx.AsyncClient, world: World) -> None:
    """An old address must not become a window into somebody's later questions."""
    path = await waiting(world)
    await post(clerk, f"{path}/nhan")
    await post(clerk, f"{path}/tra-may")
    world.clock.later(minutes=1)
    await world.says("câu hỏi riêng về sau")

    assert "câu hỏi riêng" not in (await clerk.get(path)).text
    assert "câu hỏi riêng" not in (await clerk.get(f"{path}/dong.json")).text
