"""How much one person and one address may send, in memory and in a real Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from actions.digits import DigitVault
from actions.one_stop.last_known import MemoryLastKnown
from actions.turn import Outcome
from channels.api import add_fault_handlers, message_router
from channels.conversation import Conversations, Message
from channels.limits import PDF_COST, AddressLimit, Limits, LimitSettings
from channels.rasa_client import RasaClient
from channels.sentences import Sentences
from channels.store.conversations import ConversationStore
from tests.conftest import CannotRun
from tests.fakes.rasa import FakeRasa
from tests.fakes.redis_server import redis_installed, running_redis

CITIZEN, NEIGHBOUR = "203.0.113.7", "203.0.113.8"


@pytest.fixture(params=["memory", "redis"])
def redis_url(request: pytest.FixtureRequest, cannot_run: CannotRun) -> Iterator[str]:
    """Where it is counted: in memory, and in a real Redis where one is installed."""
    if request.param == "memory":
        yield ""
        return
    if not redis_installed():
        cannot_run("redis-server is missing: apt-get install redis-server")
    with running_redis() as url:
        yield url


def limits(redis_url: str = "", **settings: Any) -> Limits:
    return Limits(LimitSettings(**settings), redis_url)


async def test_a_person_may_write_so_much_a_minute(redis_url: str) -> None:
    """And is told how long to wait; others go on."""
    few = limits(redis_url, person_per_minute=3)
    pauses = [await few.pause_of_person("a") for _ in range(5)]

    assert pauses[:3] == [None, None, None]
    assert pauses[3] is not None and pauses[4] is not None
    assert 1 <= pauses[3].seconds <= 60
    assert (pauses[3].first, pauses[4].first) == (True, False)
    assert await few.pause_of_person("b") is None


async def test_an_address_may_ask_so_much_a_minute(redis_url: str) -> None:
    """Whatever number of conversations is made up behind it."""
    few = limits(redis_url, address_per_minute=3)

    assert [await few.pause_of_address(CITIZEN) > 0 for _ in range(4)] == [False, False, False, True]
    assert await few.pause_of_address(NEIGHBOUR) == 0


async def test_two_workers_count_together(cannot_run: CannotRun) -> None:
    """Otherwise each worker more doubles the limit."""
    if not redis_installed():
        cannot_run("redis-server is missing: apt-get install redis-server")
    with running_redis() as url:
        one, two = limits(url, person_per_minute=2), limits(url, person_per_minute=2)

        assert await one.pause_of_person("a") is None
        assert await two.pause_of_person("a") is None
        assert await one.pause_of_person("a") is not None


async def test_a_dead_redis_refuses_nobody() -> None:
    """The assistant goes on without limits; the log says so once."""
    dead = limits("redis://127.0.0.1:9/0", person_per_minute=1, address_per_minute=1)

    assert [await dead.pause_of_person("a") for _ in range(3)] == [None, None, None]
    assert [await dead.pause_of_address(CITIZEN) for _ in range(3)] == [0, 0, 0]


async def test_zero_switches_a_limit_off() -> None:
    """Who has a limit in front of the app needs none here."""
    free = limits(person_per_minute=0, address_per_minute=0)

    assert [await free.pause_of_person("a") for _ in range(100)] == [None] * 100
    assert [await free.pause_of_address(CITIZEN) for _ in range(100)] == [0] * 100


async def test_a_home_network_counts_as_one_address() -> None:
    """One household has 2^64 IPv6 addresses."""
    few = limits(address_per_minute=2)
    hosts = ["2001:db8::1", "2001:db8::ffff", "2001:db8::2"]

    assert [await few.pause_of_address(host) > 0 for host in hosts] == [False, False, True]
    assert await few.pause_of_address("2001:db8:0:1::1") == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "::ffff:127.0.0.1", ""])
async def test_this_machine_is_not_counted_by_address(host: str) -> None:
    """Behind a proxy that names nobody all citizens would share one limit."""
    few = limits(address_per_minute=1)

    assert [await few.pause_of_address(host) for _ in range(5)] == [0] * 5


async def test_a_school_of_two_hundred_fits_the_defaults() -> None:
    """One address, a message every five seconds each."""
    usual = limits()

    assert not any([await usual.pause_of_address(CITIZEN) for _ in range(200 * 12)])
    assert not any([await usual.pause_of_person("a") for _ in range(12)])


def behind_a_proxy(app: Any, trusted: str) -> Any:
    return ProxyHeadersMiddleware(app, trusted)


async def seen_host(peer: str, forwarded: str, trusted: str) -> str:
    """Return the address that the app counts."""
    app = FastAPI()

    @app.get("/")
    async def who(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.client.host if request.client else "")

    transport = httpx.ASGITransport(behind_a_proxy(app, trusted), client=(peer, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as http:
        return (await http.get("/", headers={"X-Forwarded-For": forwarded})).text


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "counted"),
    [
        ("127.0.0.1", CITIZEN, LimitSettings().trusted_proxies, CITIZEN),
        ("198.51.100.1", CITIZEN, LimitSettings().trusted_proxies, "198.51.100.1"),
        ("10.0.0.5", CITIZEN, "10.0.0.0/8", CITIZEN),
        ("10.0.0.5", f"1.2.3.4, {CITIZEN}, 10.0.0.9", "10.0.0.0/8", CITIZEN),
    ],
    ids=["proxy here", "a stranger pretends", "proxies of a network", "a citizen pretends"],
)
async def test_only_named_proxies_are_believed(peer: str, forwarded: str, trusted: str, counted: str) -> None:
    """Anybody can write X-Forwarded-For; what was added by our proxy is the last entry that is not ours."""
    assert await seen_host(peer, forwarded, trusted) == counted


@pytest_asyncio.fixture
async def web(client: RasaClient, store: ConversationStore) -> AsyncIterator[httpx.AsyncClient]:
    """The web API with small limits, asked from a citizen's address."""
    few = limits(person_per_minute=2, address_per_minute=2 * PDF_COST)
    sentences = Sentences()
    conversations = made_of(client, store, few)
    app = FastAPI()
    add_fault_handlers(app, sentences)
    app.add_middleware(AddressLimit, limits=few, sentence=sentences.say("utter_too_many_requests"))
    app.include_router(message_router(conversations, sentences))

    @app.get("/thu-tuc/1/danh-sach.pdf")
    @app.get("/static/x")
    async def something() -> PlainTextResponse:
        return PlainTextResponse("")

    transport = httpx.ASGITransport(app, client=(CITIZEN, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as one:
        yield one


def made_of(client: RasaClient, store: ConversationStore, few: Limits) -> Conversations:
    return Conversations(client, store, MemoryLastKnown(), DigitVault(), Sentences(), b"key", 200, 90, None, None, few)


async def post(web: httpx.AsyncClient, message_id: str, conversation: str = "c1") -> httpx.Response:
    body = {"conversation_id": conversation, "message_id": message_id, "text": "chào"}
    return await web.post("/api/v1/messages", json=body)


async def test_a_hasty_person_gets_429_and_may_send_the_same_again_later(web: httpx.AsyncClient) -> None:
    """The widget waits for Retry-After and sends the same message; nothing is lost."""
    answers = [await post(web, f"m{number}") for number in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    assert "chờ" in answers[2].json()["detail"]
    assert (await post(web, "m1", "c2")).status_code == 200


async def test_a_reply_that_is_asked_for_again_costs_nothing(web: httpx.AsyncClient) -> None:
    """On a bad line the same message comes many times."""
    answers = [await post(web, "m1") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 6


async def test_a_hasty_address_gets_429_whatever_it_asks(web: httpx.AsyncClient) -> None:
    """A PDF costs more than a page; static files cost nothing."""
    answers = [(await web.get("/thu-tuc/1/danh-sach.pdf")).status_code for _ in range(3)]

    assert answers == [200, 200, 429]
    refused = await post(web, "m1")
    assert refused.status_code == 429 and refused.headers["Retry-After"]
    assert "địa chỉ mạng" in refused.json()["detail"]
    assert (await web.get("/static/x")).status_code == 200


async def test_on_other_channels_a_hasty_person_is_asked_to_wait_once(
    client: RasaClient, store: ConversationStore, rasa: FakeRasa
) -> None:
    """A platform knows no 429 for its users, and a reply to every message of a flood is a flood."""
    conversations = made_of(client, store, limits(person_per_minute=2))
    results = [await conversations.take(Message("telegram", "7", str(number), "chào")) for number in range(4)]

    assert [len(result.replies) > 0 for result in results] == [True, True, True, False]
    assert "hơi nhanh" in results[2].replies[0].text
    assert results[2].outcome is Outcome.FAILED
    assert len(rasa.heard) == 2
