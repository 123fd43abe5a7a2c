"""Server time of the desk's pages with 100,000 stored conversations: `python -m tests.bench.desk_pages [database url]`.

Fills an empty database (an SQLite file of its own without an address) with invented turns of 180 days, then asks for
every page ten times, one after the other, inside this process.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta, timezone
from random import Random
from statistics import median
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine, insert

from channels.desk import build_take_over
from channels.events import EventHub
from channels.staff.account_pages import build_account_router
from channels.staff.audit_pages import build_audit_router
from channels.staff.desk import build_desk
from channels.staff.passwords import Passwords
from channels.staff.roles import Role
from channels.staff.takeover_pages import build_takeover_router
from channels.statistics import build_statistics
from channels.store.audit import AUDIT
from channels.store.conversations import CONVERSATIONS
from channels.store.counts import COUNTS
from channels.store.database import open_database
from channels.store.desk import TICKETS
from channels.store.events import EventStore
from channels.store.feedback import FEEDBACK
from channels.store.moments import to_ms
from channels.store.outbox import Outbox
from channels.store.transcripts import TRANSCRIPTS
from channels.store.turns import TURNS, TurnNote, counts_of, rows_of
from knowledge.catalogue import Catalogue, load_catalogue
from tests.fakes.staff import FAST, HOST, PASSWORD, sign_in

DAYS = 180
CHANNELS = ("web", "web", "web", "zalo", "zalo", "telegram")
OUTCOMES = ("answered",) * 10 + (
    "asked_back",
    "asked_back",
    "small_talk",
    "small_talk",
    "nothing_found",
    "out_of_scope",
    "status_asked",
    "status_shown",
    "life_event_shown",
)
MISSED = ("nothing_found", "out_of_scope")
CHUNK = 20_000


def fill(engine: Engine, catalogue: Catalogue, conversations: int) -> int:
    """Write conversations with one to seven turns each; return how many turns."""
    dice = Random(20_261_122)
    codes = [procedure.code for procedure in catalogue]
    events = list(catalogue.life_events)
    now = datetime.now(timezone.utc)
    notes: list[TurnNote] = []
    counts: Counter[Any] = Counter()
    known: list[dict[str, object]] = []
    for number in range(conversations):
        begun = now - timedelta(minutes=dice.random() * DAYS * 1440)
        channel, who = dice.choice(CHANNELS), f"{number:032x}"
        length = dice.randint(1, 7)
        for step in range(length):
            outcome = dice.choice(OUTCOMES)
            code = codes[min(int(dice.expovariate(1 / 60)), len(codes) - 1)]
            words = f"câu hỏi bịa số {dice.randrange(3000)}" if outcome in MISSED else None
            topics = (code,) if outcome == "answered" else ()
            event = dice.choice(events) if outcome == "life_event_shown" else None
            at = min(begun + timedelta(minutes=step), now)
            took = dice.lognormvariate(3.2, 0.7)
            note = TurnNote(who, channel, at, outcome, took, None, topics, topics, event, words)
            notes.append(note)
            counts.update(counts_of(note, step == 0))
        known.append(
            {
                "id": who,
                "channel": channel,
                "last_outcome": "answered",
                "expects_digits": False,
                "started_at": begun,
                "last_at": begun,
            }
        )
    write(engine, CONVERSATIONS, known)
    write(engine, TURNS, rows_of(notes))
    write(
        engine,
        COUNTS,
        [
            {"what": one.what.value, "day": one.day, "key": one.key, "channel": one.channel, "count": times}
            for one, times in counts.items()
        ],
    )
    write(engine, FEEDBACK, [opinion(note, number, dice) for number, note in enumerate(notes) if dice.random() < 0.05])
    write(engine, TICKETS, [ticket(note, dice) for note in notes if dice.random() < 0.02])
    write(engine, TRANSCRIPTS, [line(note) for note in notes])
    write(engine, AUDIT, [audit(note) for note in notes if dice.random() < 0.1])
    return len(notes)


def fill_database(url: str, conversations: int) -> None:
    """Fill a database in a process of its own, whose memory does not slow the measured one down."""
    engine = open_database(url)
    turns = fill(engine, load_catalogue(), conversations)
    print(f"{conversations} conversations, {turns} turns, {engine.dialect.name}", flush=True)
    engine.dispose()


def write(engine: Engine, table: Any, rows: list[dict[str, object]]) -> None:
    with engine.begin() as connection:
        for start in range(0, len(rows), CHUNK):
            connection.execute(insert(table), rows[start : start + CHUNK])


def opinion(note: TurnNote, number: int, dice: Random) -> dict[str, object]:
    value = dice.choice(["up", "up", "down"])
    names = {"conversation": note.conversation, "message_id": f"m{number}", "pressed_in": f"p{number}"}
    return {**names, "value": value, "procedure_code": None, "reason": None, "words": None, "at_ms": to_ms(note.at)}


def ticket(note: TurnNote, dice: Random) -> dict[str, object]:
    at = to_ms(note.at)
    return {
        **dict.fromkeys(("asked_ms", "waits_ms", "citizen_ms", "owed_ms"), at),
        "conversation": note.conversation,
        "reason": "asked",
        "words": "câu bịa",
        "state": "closed",
        "taken_ms": at + dice.randrange(600_000),
        "closed_ms": at + 900_000,
        "ended": "settled",
        **dict.fromkeys(("officer_ms", "seen_ms", "warned_ms"), at),
        "apologised": False,
    }


def line(note: TurnNote) -> dict[str, object]:
    names = {"conversation": note.conversation, "channel": note.channel, "at_ms": to_ms(note.at)}
    return {**names, "who": "citizen", "text": note.words or "câu hỏi bịa", "outcome": None, "officer": None}


def audit(note: TurnNote) -> dict[str, object]:
    at = {"at_s": int(note.at.timestamp()), "who": "lan", "role": "clerk", "did": "status_seen", "note": ""}
    return {**at, "conversation": note.conversation, "application": None, "application_digest": None}


PAGES = (
    "/can-bo/thong-ke?ky=7",
    "/can-bo/thong-ke?ky=30",
    "/can-bo/thong-ke?ky=90",
    "/can-bo/thong-ke?ky=365",
    "/can-bo/thong-ke.csv?ky=365",
    "/can-bo/tro-chuyen",
    "/can-bo/nhat-ky",
    "/can-bo/tai-khoan",
)


def build_app(engine: Engine, catalogue: Catalogue) -> FastAPI:
    desk = build_desk(engine, b"a key for the bench", passwords=Passwords(FAST))
    desk.accounts.add("admin", "Quản trị", Role.ADMIN, PASSWORD)
    events = EventStore(engine)
    take_over = build_take_over(engine, Outbox(engine), EventHub(events), desk.accounts.has_anybody, _nobody_cries)
    app = FastAPI()
    routers = [build_account_router(desk), build_audit_router(desk), build_takeover_router(desk, take_over, [])]
    desk.install(app, [*build_statistics(engine, catalogue, 90).routers(desk), *routers])
    return app


async def _nobody_cries(words: str) -> bool:
    return False


async def measure(app: FastAPI, times: int) -> dict[str, list[float]]:
    """Return the milliseconds of every answer, by page."""
    headers = {"Accept": "text/html,*/*", "Origin": HOST, "Sec-Fetch-Site": "same-origin"}
    took: dict[str, list[float]] = {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOST, headers=headers) as visitor:
        await sign_in(visitor, "admin")
        for page in PAGES:
            for _ in range(times):
                started = time.perf_counter()
                answer = await visitor.get(page)
                took.setdefault(page, []).append((time.perf_counter() - started) * 1000)
            if answer.status_code != 200:
                took[page] = []
    return took


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?", help="an empty database; without it an SQLite file that is deleted again")
    parser.add_argument("--conversations", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.url or f"sqlite:///{folder}/app.db"
        filling = multiprocessing.get_context("spawn").Process(
            target=fill_database, args=(url, arguments.conversations)
        )
        filling.start()
        filling.join()
        engine, catalogue = open_database(url), load_catalogue()
        for page, took in asyncio.run(measure(build_app(engine, catalogue), 10)).items():
            figures = f"p50 {median(took):6.0f} ms   longest {max(took):6.0f} ms" if took else "is not there"
            print(f"{page:34} {figures}")
        engine.dispose()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
