"""Kills the sending process again and again and counts news lost or doubled: `python -m tests.bench.kill_outbox`.

An application moves on only when everybody has been told of its last step, so at the end each follower must have got
every step, once and in order. The web must be exact. A messaging platform cannot tell a repetition, so there a kill
between its "taken" and our note of it leads to a second message; that one must say so (docs/adr/0002).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path

from actions.following import Consent
from actions.one_stop.port import vietnam_now
from actions.one_stop.state import StateMaker
from actions.one_stop.status_view import status_view
from channels.privacy import hashed_id
from channels.store.addresses import AddressBook
from channels.store.database import open_database
from channels.store.events import EventStore
from channels.store.subscriptions import SqlSubscriptions
from tests.bench.kill_child import KEY, STEPS, work
from tests.fakes.moving_world import MovingWorld, record_at, running_world

_STEP = re.compile(r"Hồ sơ (\S+) vừa đổi: \*\*Bước (\d+)\*\*")
_MAYBE_AGAIN = "có thể đã tới một lần"
_PROCESSES = multiprocessing.get_context("forkserver")
Told = dict[tuple[str, str], list[tuple[int, bool]]]


@dataclass
class Report:
    """What became of the news. marked: repetitions that say that they may be one."""

    kills: int = 0
    kills_by_step: dict[str, int] = field(default_factory=dict)
    news: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    marked: int = 0
    seconds: float = 0.0

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.disordered)


class Trial:
    """Some people on the web and on a messaging channel follow some applications; two follow the same one."""

    def __init__(self, folder: Path, world: MovingWorld, world_url: str, applications: int = 12) -> None:
        self.db_url = f"sqlite:///{folder / 'app.db'}"
        self._world = world
        self._world_url = world_url
        self._engine = open_database(self.db_url)
        self._events = EventStore(self._engine)
        self._codes = [f"H50.05-261101-{number:04d}" for number in range(applications)]
        self._followers: list[tuple[str, str, str]] = []  # channel, person, code
        world.steps.update(dict.fromkeys(self._codes, 0))

    async def subscribe(self) -> None:
        """Let everybody follow, as after a look-up."""
        book = AddressBook(self._engine, KEY)
        subscriptions = SqlSubscriptions(self._engine, StateMaker(KEY), 90)
        for number, code in enumerate(self._codes):
            for channel in ("web", "telegram") if number % 3 == 0 else (("web", "telegram")[number % 2],):
                person = f"person-{number % 5}"  # some follow several
                conversation = hashed_id(KEY, channel, person)
                now = vietnam_now()
                await book.remember(conversation, channel, person)
                await subscriptions.note_check(conversation, status_view(record_at(code, 0), now), now)
                await subscriptions.follow(Consent(conversation, code, "1", "0" * 64, now))
                self._followers.append((channel, conversation if channel == "web" else person, code))

    async def told(self) -> Told:
        """Return the steps that everybody was told of, and whether with a warning."""
        found: Told = defaultdict(list)
        for person in {person for channel, person, _ in self._followers if channel == "web"}:
            for event in await self._events.after(person, 0, 1_000_000):
                for reply in event.data["replies"]:
                    _read(found, person, reply["text"])
        for person, text in list(self._world.received):
            _read(found, person, text)
        return found

    async def move(self) -> int:
        """Move each application whose last step is known to all; return how many still wait for that."""
        told, waiting = await self.told(), 0
        behind = {
            code for _, person, code in self._followers if not self._knows(told, person, code, self._world.steps[code])
        }
        for code in self._codes:
            if code in behind:
                waiting += 1
            else:
                self._world.steps[code] += 1
        return waiting

    async def kill(self, at: str | None, chance: random.Random) -> bool:
        """Start a worker and kill it: at a step, or at any moment; tell whether it died by its own step."""
        process = _PROCESSES.Process(target=work, args=(self.db_url, self._world_url, at, chance.randint(1, 4)))
        process.start()
        assert process.pid is not None
        process.join(3.0 if at else chance.uniform(0.0, 1.5))
        by_step = process.exitcode is not None
        if not by_step:
            os.kill(process.pid, signal.SIGKILL)
        process.join()
        return by_step

    async def settle(self, within_s: float = 60.0) -> None:
        """Let a worker live until everybody knows everything, or the time is over."""
        process = _PROCESSES.Process(target=work, args=(self.db_url, self._world_url))
        process.start()
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            told = await self.told()
            if all(self._knows(told, person, code, self._world.steps[code]) for _, person, code in self._followers):
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(1.0)  # whatever would come twice, comes now
        process.kill()
        process.join()

    async def judge(self, report: Report) -> Report:
        """Count what is missing, doubled without a word, or out of order."""
        told = await self.told()
        for _, person, code in self._followers:
            steps = told.get((person, code), [])
            wanted = range(1, self._world.steps[code] + 1)
            report.news += len(wanted)
            counts = Counter(step for step, _ in steps)
            report.lost += sum(1 for step in wanted if not counts[step])
            seen: set[int] = set()
            for step, marked in steps:
                if step in seen:
                    report.marked += marked
                    report.doubled += not marked
                elif seen and step < max(seen):
                    report.disordered += 1
                seen.add(step)
        return report

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    @staticmethod
    def _knows(told: Told, person: str, code: str, step: int) -> bool:
        return step == 0 or any(known == step for known, _ in told.get((person, code), ()))


def _read(found: Told, person: str, text: str) -> None:
    marked = _MAYBE_AGAIN in text
    for code, step in _STEP.findall(text):
        found[person, code].append((int(step), marked))


async def run(kills: int, folder: Path, seed: int = 1, tell_every: int = 0) -> Report:
    """Kill so many times, at each named step in turn and every other time at any moment; return what was found."""
    chance, report, started = random.Random(seed), Report(), time.monotonic()
    by_step: Counter[str] = Counter()
    world = MovingWorld()
    _PROCESSES.set_forkserver_preload(["tests.bench.kill_child"])
    with running_world(world) as url:
        trial = Trial(folder, world, url)
        await trial.subscribe()
        while report.kills < kills:
            await trial.move()
            at = STEPS[report.kills // 2 % len(STEPS)] if report.kills % 2 == 0 else None
            by_step[at or "any moment" if await trial.kill(at, chance) or at is None else "no such step came"] += 1
            report.kills += 1
            if tell_every and report.kills % tell_every == 0:
                print(f"{report.kills} kills, {sum(world.steps.values())} steps", file=sys.stderr, flush=True)
        await trial.settle()
        await trial.judge(report)
        trial.close()
    report.kills_by_step, report.seconds = dict(by_step), round(time.monotonic() - started, 1)
    return report


def main() -> int:
    """Run from the command line; exits with 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.kill_outbox", description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mot-cua-kill-") as folder:
        report = asyncio.run(run(arguments.kills, Path(folder), arguments.seed, tell_every=50))
    print(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    return 0 if report.is_clean and report.news else 1


if __name__ == "__main__":
    raise SystemExit(main())
