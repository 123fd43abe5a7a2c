"""The stand-in for the Bot API is as strict as the real one; a kind fake would prove nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.fakes.telegram import TOKEN, FakeTelegram, serving
from tests.fakes.telegram_page import Page
from tests.fakes.telegram_rules import Flood

ANNA = 7
BUTTON = {"text": "Lệ phí", "callback_data": "x"}


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[BUTTON | button]]}


@pytest.fixture
def fake() -> FakeTelegram:
    one = FakeTelegram()
    one.chat(ANNA)
    return one


@pytest_asyncio.fixture
async def http(fake: FakeTelegram) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(Page(fake).app()) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        yield client


async def call(http: httpx.AsyncClient, method: str, token: str = TOKEN, **values: Any) -> tuple[int, str]:
    """Return the status and the description (or "ok")."""
    response = await http.post(f"/bot{token}/{method}", json=values)
    body = response.json()
    assert body["ok"] is (response.status_code == 200)
    return response.status_code, str(body.get("description", "ok"))


@pytest.mark.parametrize(
    ("values", "code", "why"),
    [
        ({"text": "a"}, 200, "ok"),
        ({"text": "🙂" * 2048}, 200, "ok"),
        ({"text": "🙂" * 2048 + "a"}, 400, "message is too long"),
        ({"text": "  "}, 400, "message text is empty"),
        ({"text": "a", "chat_id": 8}, 400, "chat not found"),
        ({"text": "a", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, 400, "can't parse entities"),
        ({"text": "🙂", "entities": [{"type": "bold", "offset": 0, "length": 1}]}, 400, "can't parse entities"),
        ({"text": "a", "entities": [{"type": "bald", "offset": 0, "length": 1}]}, 400, "can't parse entities"),
        ({"text": "a", "reply_markup": keyboard()}, 200, "ok"),
        ({"text": "a", "reply_markup": keyboard(callback_data="a" * 64)}, 200, "ok"),
        ({"text": "a", "reply_markup": keyboard(callback_data="a" * 65)}, 400, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": keyboard(callback_data="")}, 400, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": keyboard(url="https://a.vn")}, 400, "BUTTON_TYPE_INVALID"),
        ({"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "x", "url": "/a"}]]}}, 400, "BUTTON_URL_INVALID"),
    ],
)
async def test_a_message_is_judged(
    http: httpx.AsyncClient, fake: FakeTelegram, values: dict[str, Any], code: int, why: str
) -> None:
    """Lengths in UTF-16 units, entities, buttons."""
    status, told = await call(http, "sendMessage", **({"chat_id": ANNA} | values))

    assert (status, why in told) == (code, True)
    assert len(fake.chat(ANNA).answers) == (code == 200)


async def test_unknown_methods_and_tokens_are_refused(http: httpx.AsyncClient) -> None:
    """As the real server does."""
    assert await call(http, "sendPigeon") == (404, "Not Found")
    assert await call(http, "getMe", token="1:other") == (401, "Unauthorized")


async def test_unknown_parameters_are_noted(http: httpx.AsyncClient, fake: FakeTelegram) -> None:
    """The real server ignores them in silence, and one wonders."""
    await call(http, "sendMessage", chat_id=ANNA, text="a", parse_mod="HTML")

    assert fake.violations == ["sendMessage: unknown parse_mod"]


async def test_a_flood_meets_429_with_the_time_to_wait(http: httpx.AsyncClient, fake: FakeTelegram) -> None:
    """And whoever goes on is noted."""
    fake.flood = Flood(burst=2)
    answers = [await http.post(f"/bot{TOKEN}/sendMessage", json={"chat_id": ANNA, "text": "a"}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert answers[2].json()["parameters"] == {"retry_after": 1}
    assert fake.flood.ignored == 1


async def test_blocked_and_left_chats_are_forbidden(http: httpx.AsyncClient, fake: FakeTelegram) -> None:
    """The two ways of not being welcome."""
    fake.chat(ANNA).is_blocked = True
    fake.chat(-5, "group").is_left = True

    assert (await call(http, "sendMessage", chat_id=ANNA, text="a"))[0] == 403
    assert (await call(http, "sendMessage", chat_id=-5, text="a"))[0] == 403


async def test_a_webhook_wants_https_and_a_clean_secret(http: httpx.AsyncClient) -> None:
    """Loopback is allowed for demos."""
    assert (await call(http, "setWebhook", url="http://a.vn/x", secret_token="a"))[0] == 400
    assert (await call(http, "setWebhook", url="https://a.vn/x", secret_token="a b"))[0] == 400
    assert (await call(http, "setWebhook", url="https://a.vn/x", secret_token="a"))[0] == 200
    assert (await call(http, "getUpdates"))[0] == 409


async def test_a_query_is_answered_once(http: httpx.AsyncClient, fake: FakeTelegram) -> None:
    """Later it is too old."""
    fake.open_queries.add("1")
    assert (await call(http, "answerCallbackQuery", callback_query_id="1", text="a" * 201))[0] == 400
    assert (await call(http, "answerCallbackQuery", callback_query_id="1"))[0] == 200
    assert (await call(http, "answerCallbackQuery", callback_query_id="1"))[0] == 400


async def test_the_page_writes_presses_and_shows(http: httpx.AsyncClient, fake: FakeTelegram) -> None:
    """By hand, in a browser, without a token."""
    await http.post(f"/ui/{ANNA}/say", json={"text": "chào"})
    await call(http, "sendMessage", chat_id=ANNA, text="chào anh/chị", reply_markup=keyboard())
    message = fake.chat(ANNA).answers[0]["message_id"]
    await http.post(f"/ui/{ANNA}/press", json={"title": "Lệ phí", "message": message})
    shown = (await http.get(f"/ui/{ANNA}")).json()

    assert [one["text"] for one in shown["messages"]] == ["chào", "chào anh/chị"]
    assert [next(key for key in update if key != "update_id") for update in fake.waiting] == [
        "message",
        "callback_query",
    ]
    assert "Telegram GIẢ LẬP" in (await http.get("/")).text
