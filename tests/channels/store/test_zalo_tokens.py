"""One token pair for all workers: a refresh token is used once, and what it brought is on disk before it is used."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select

from channels.store.database import open_database
from channels.store.zalo_tokens import ZALO_TOKENS, TokenPair, TokenState, ZaloTokenStore
from tests.fakes.zalo import FakeZalo, environment, running_zalo

KEY, APP = b"key", "4001"
#: What each worker process does: renew three times, beginning with whatever it finds.
WORKER = """
import os
from channels.store.database import open_database
from channels.store.zalo_tokens import ZaloTokenStore
from channels.zalo.oauth import ZaloOAuth
from channels.zalo.settings import ZaloSettings
settings = ZaloSettings()
store = ZaloTokenStore(open_database(os.environ["DATABASE"]), b"key", settings.app_id)
for _ in range(3):
    pair = store.read().pair
    kept = store.rotate(pair.access if pair else "", ZaloOAuth(settings).exchange,
                        settings.refresh_token.get_secret_value())
    print(kept.state.value)
"""


class OneUse:
    """An OAuth server in memory: each refresh token works once; it is slow, so that others come in between."""

    def __init__(self, slow_s: float = 0.0) -> None:
        self.good = {"r0"}
        self.asked: list[str] = []
        self._slow_s = slow_s
        self._guard = threading.Lock()

    def exchange(self, refresh: str) -> TokenPair | None:
        with self._guard:
            self.asked.append(refresh)
            number = len(self.asked)
            if refresh not in self.good:
                return None
            self.good = {f"r{number}"}
        time.sleep(self._slow_s)
        return TokenPair(f"a{number}", f"r{number}", 1)


def unreachable(refresh: str) -> TokenPair | None:
    raise ConnectionError


def test_the_first_token_comes_from_the_settings_once(engine: Engine) -> None:
    """After the first exchange it is spent; every later one is in the database."""
    server, store = OneUse(), ZaloTokenStore(engine, KEY, APP)

    assert store.read().state is TokenState.NONE
    assert store.rotate("", server.exchange, "r0").pair == TokenPair("a1", "r1", 1)
    assert store.rotate("a1", server.exchange, "r0").pair == TokenPair("a2", "r2", 1)
    assert server.asked == ["r0", "r1"]


def test_workers_that_ask_at_once_use_the_refresh_token_once(engine: Engine) -> None:
    """Eight threads meet the same stale token; one asks Zalo, the others get what it brought."""
    server = OneUse(slow_s=0.2)

    def renew(_: int) -> TokenPair | None:
        return ZaloTokenStore(engine, KEY, APP).rotate("", server.exchange, "r0").pair

    with ThreadPoolExecutor(8) as pool:
        pairs = set(pool.map(renew, range(8)))

    assert server.asked == ["r0"]
    assert pairs == {TokenPair("a1", "r1", 1)}


def test_processes_that_renew_at_the_same_time_lose_nothing(database_url: str) -> None:
    """The same between processes, against a server that counts a second use as theft."""
    zalo = FakeZalo()
    database = open_database(database_url)
    with running_zalo(zalo) as url:
        env = environment(zalo, url) | {"DATABASE": database_url, "PATH": "", "PYTHONPATH": "."}
        command = [sys.executable, "-c", WORKER]
        workers = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) for _ in range(3)]
        said = [worker.communicate(timeout=60)[0].split() for worker in workers]
    assert said == [["ready"] * 3] * 3
    assert len(zalo.asked) == len(set(zalo.asked)) >= 3
    assert ZaloTokenStore(database, KEY, zalo.app_id).read().state is TokenState.READY
    database.dispose()


def test_others_can_write_while_a_worker_waits_for_zalo(engine: Engine) -> None:
    """On SQLite a lock of the whole database would stop every conversation for as long as Zalo takes."""
    asked, may_answer = threading.Event(), threading.Event()

    def slow_exchange(refresh: str) -> TokenPair:
        asked.set()
        assert may_answer.wait(60)
        return TokenPair("a1", "r1", 1)

    store, other = ZaloTokenStore(engine, KEY, APP), ZaloTokenStore(engine, KEY, "another account")
    waiting = threading.Thread(target=store.rotate, args=("", slow_exchange, "r0"))
    waiting.start()
    assert asked.wait(60)
    with engine.begin() as connection:
        row = {"app_id": "x", "sealed": "", "is_lost": 0, "spent": "[]", "changed_s": 0}
        connection.execute(ZALO_TOKENS.insert().values(row))
    may_answer.set()
    waiting.join()

    assert other.read().state is TokenState.NONE


def test_the_new_pair_is_on_disk_before_anybody_gets_it(engine: Engine) -> None:
    """A worker that dies right after must not take the only good token with it."""
    ZaloTokenStore(engine, KEY, APP).rotate("", OneUse().exchange, "r0")

    assert ZaloTokenStore(engine, KEY, APP).read().pair == TokenPair("a1", "r1", 1)


def test_a_network_fault_changes_nothing(engine: Engine) -> None:
    """The refresh token may still be good; it is tried again later."""
    store, server = ZaloTokenStore(engine, KEY, APP), OneUse()
    store.rotate("", server.exchange, "r0")

    with pytest.raises(ConnectionError):
        store.rotate("a1", unreachable)

    assert store.read().state is TokenState.READY
    assert store.rotate("a1", server.exchange).pair == TokenPair("a2", "r2", 1)


def test_a_token_used_before_is_a_loss_that_stays_told(engine: Engine) -> None:
    """Only a person can sign in again; asking Zalo over and over would not help."""
    store, server = ZaloTokenStore(engine, KEY, APP), OneUse()
    store.rotate("", server.exchange, "r0")
    server.good = set()

    assert store.rotate("a1", server.exchange, "r0").state is TokenState.LOST
    assert store.rotate("a1", server.exchange, "r0").state is TokenState.LOST
    assert server.asked == ["r0", "r1"]


def test_a_person_can_bring_a_new_token_after_a_loss(engine: Engine) -> None:
    """By the command, or as a new one in the settings."""
    store, server = ZaloTokenStore(engine, KEY, APP), OneUse()
    server.good = set()
    assert store.rotate("", server.exchange, "r0").state is TokenState.LOST

    server.good = {"fresh"}
    assert store.rotate("", server.exchange, "fresh").state is TokenState.READY
    server.good = {"typed"}
    store.put_first("typed")
    assert store.rotate("", server.exchange).state is TokenState.READY


def test_nothing_readable_is_on_disk(engine: Engine) -> None:
    """Whoever has the tokens can write to citizens in the province's name."""
    ZaloTokenStore(engine, KEY, APP).put_first("a very secret refresh token")

    with engine.connect() as connection:
        assert "secret" not in str(connection.execute(select(ZALO_TOKENS)).all())
    assert ZaloTokenStore(engine, b"another key", APP).read().state is TokenState.LOST
