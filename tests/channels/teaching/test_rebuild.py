"""Builds beside the running app: better ones go into service, worse ones and broken ones change nothing."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from channels.staff.roles import Role
from channels.store.database import open_database
from channels.store.moments import utc_now
from channels.store.releases import BuildState
from channels.store.teaching import State
from channels.teaching.errors import RebuildRefused
from channels.teaching.files import Change
from channels.teaching.job import PROGRESS, read_json
from channels.teaching.service import Teaching
from tests.channels.teaching.conftest import officer
from tests.fakes.teaching import make_teaching, until_built

LAN, MINH = officer("lan", Role.CLERK), officer("minh", Role.EDITOR)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """SQLite alone: what goes to the database is tested on both kinds with the stores; a build takes seconds."""
    one = open_database(f"sqlite:///{tmp_path / 'app.db'}")
    yield one
    one.dispose()


TAUGHT = "lấy thẻ coi truyện"


async def teach(teaching: Teaching, words: str) -> None:
    """Let a clerk propose a name and an editor approve it."""
    await teaching.propose(LAN, Change(True, "1.000001", words), [])
    await teaching.approve(MINH, teaching.store.in_state(State.OPEN)[0].id)


async def test_a_better_build_goes_into_service_in_every_worker(engine: Engine, root: Path) -> None:
    """Without a restart: the search finds what was taught, and the history tells who and when."""
    one, search, _ = make_teaching(engine, root)
    two, search_of_two, _ = make_teaching(engine, root)
    await teach(one, TAUGHT)
    before = search.index.fingerprint
    number = await one.rebuilder.begin("minh")
    await until_built(two)
    await one.watch.look()

    for searching in (search, search_of_two):
        assert searching.index.fingerprint != before
        assert searching.find(TAUGHT).hits[0].passage == TAUGHT
    live, build = one.rebuilder.folder.live(), one.rebuilder.builds.get(number)
    assert live is not None and live.number == one.watch.number == two.watch.number == number
    assert build is not None and (build.state, build.began_by, build.live_by) == (BuildState.PASSED, "minh", "minh")
    assert json.loads(build.report or "")["taught"] == [{"words": TAUGHT, "learned": True}]


async def test_a_worse_build_does_not(engine: Engine, root: Path) -> None:
    """It tells which figure fell, and which question got worse; its files go."""
    teaching, search, _ = make_teaching(engine, root)
    await teach(teaching, "thẻ dở")
    before, live = search.index.fingerprint, teaching.rebuilder.folder.live()
    number = await teaching.rebuilder.begin("minh")
    await until_built(teaching)
    build = teaching.rebuilder.builds.get(number)
    assert build is not None and build.state is BuildState.FELL
    report = json.loads(build.report or "")

    assert report["fell"] == ["r1"] and report["worse"] == ["câu hai"]
    assert search.index.fingerprint == before and teaching.rebuilder.folder.live() == live
    assert not teaching.rebuilder.folder.of(number).exists()
    with pytest.raises(RebuildRefused, match="chưa đạt"):
        await teaching.rebuilder.put_live(number, "minh")


async def test_a_broken_build_is_told(engine: Engine, root: Path) -> None:
    """In the words of the office, with the file."""
    teaching, _, _ = make_teaching(engine, root)
    await teach(teaching, "thẻ hỏng")
    number = await teaching.rebuilder.begin("minh")
    await until_built(teaching)
    build = teaching.rebuilder.builds.get(number)

    assert build is not None and build.state is BuildState.FAILED
    assert "thu.yml:3" in json.loads(build.report or "")["failed"]


async def test_back_with_one_click_and_forth_again(engine: Engine, root: Path) -> None:
    """The former index and model; the data files stay as they are."""
    teaching, search, _ = make_teaching(engine, root)
    await teach(teaching, TAUGHT)
    first = teaching.rebuilder.folder.live()
    assert first is not None and teaching.rebuilder.former() is None
    second = await teaching.rebuilder.begin("minh")
    await until_built(teaching)
    former = teaching.rebuilder.former()
    assert former is not None and former.id == first.number
    await teaching.rebuilder.put_live(former.id, "hoa")
    await teaching.watch.look()

    assert search.find(TAUGHT).hits[0].passage != TAUGHT
    assert teaching.rebuilder.folder.live() == first
    again = teaching.rebuilder.former()
    assert again is not None and again.id == second
    await teaching.rebuilder.put_live(second, "hoa")
    await teaching.watch.look()
    assert search.find(TAUGHT).hits[0].passage == TAUGHT


async def test_one_build_at_a_time(engine: Engine, root: Path) -> None:
    """Two cores, one fan."""
    teaching, _, _ = make_teaching(engine, root)
    other, _, _ = make_teaching(engine, root)
    await teach(teaching, "thẻ chậm")
    results = await asyncio.gather(
        teaching.rebuilder.begin("minh"), other.rebuilder.begin("hoa"), return_exceptions=True
    )
    assert sum(isinstance(result, RebuildRefused) for result in results) == 1
    with pytest.raises(RebuildRefused, match="Đang dựng"):
        await teaching.rebuilder.begin("minh")
    underway = teaching.rebuilder.underway()
    assert underway is not None and underway.steps == 7
    (root / "go").touch()
    await until_built(teaching)
    await teaching.stop()
    await other.stop()


async def test_a_build_that_is_killed_leaves_the_release_in_service(engine: Engine, root: Path) -> None:
    """And is told as interrupted, not waited for for ever."""
    teaching, search, _ = make_teaching(engine, root)
    await teach(teaching, "thẻ chậm")
    before, live = search.index.fingerprint, teaching.rebuilder.folder.live()
    number = await teaching.rebuilder.begin("minh")
    folder = teaching.rebuilder.folder.of(number)
    while read_json(folder / PROGRESS) is None:
        await asyncio.sleep(0.02)
    (child,) = teaching.rebuilder._children.values()
    os.killpg(child.pid, signal.SIGKILL)
    await child.wait()
    later = make_teaching(engine, root)[0]
    later.rebuilder._now = lambda: utc_now() + timedelta(minutes=2)
    await until_built(later)
    build = later.rebuilder.builds.get(number)

    assert build is not None and build.state is BuildState.FAILED
    assert "ngắt giữa chừng" in json.loads(build.report or "")["failed"]
    assert teaching.rebuilder.folder.live() == live and search.index.fingerprint == before


async def test_a_crash_before_going_live_leaves_it_to_a_person(engine: Engine, root: Path) -> None:
    """Passed, whole, and one press away from service."""
    teaching, search, _ = make_teaching(engine, root)
    await teach(teaching, TAUGHT)
    number = await teaching.rebuilder.begin("minh")
    while not (teaching.rebuilder.folder.of(number) / "report.json").exists():
        await asyncio.sleep(0.02)
    assert teaching.rebuilder.builds.end(
        number, BuildState.PASSED, utc_now(), (teaching.rebuilder.folder.of(number) / "report.json").read_text("utf8")
    )  # as the worker did that died right after it
    await teaching.watch.look()
    assert teaching.watch.number != number
    await teaching.rebuilder.put_live(number, "hoa")
    await teaching.watch.look()
    assert teaching.watch.number == number and search.find(TAUGHT).hits[0].passage == TAUGHT


async def test_a_restart_begins_with_the_release_in_service(engine: Engine, root: Path) -> None:
    """Not with what set-up built meanwhile; a damaged release is no reason to stay down."""
    teaching, _, _ = make_teaching(engine, root)
    await teach(teaching, TAUGHT)
    number = await teaching.rebuilder.begin("minh")
    await until_built(teaching)
    again, search, _ = make_teaching(engine, root)
    assert again.watch.number == number and search.find(TAUGHT).hits[0].passage == TAUGHT

    (teaching.rebuilder.folder.of(number) / "index" / "vectors.faiss").write_bytes(b"cut")
    damaged, search, _ = make_teaching(engine, root)
    assert damaged.watch.number == 0 and search.find("thẻ đọc sách").hits


async def test_a_damaged_release_is_not_taken_over(engine: Engine, root: Path) -> None:
    """The worker goes on with what it has."""
    teaching, search, _ = make_teaching(engine, root)
    await teach(teaching, TAUGHT)
    before = teaching.watch.number
    await teaching.watch.look()
    number = await teaching.rebuilder.begin("minh")
    while not (teaching.rebuilder.folder.of(number) / "report.json").exists():
        await asyncio.sleep(0.02)
    (teaching.rebuilder.folder.of(number) / "index" / "keywords.npz").unlink()
    await until_built(teaching)

    assert teaching.watch.number != number and search.find("thẻ đọc sách").hits
    assert before != number


async def test_after_an_update_of_the_program_its_own_build_counts(engine: Engine, root: Path) -> None:
    """Releases of the former program cannot be served, compared with, or gone back to."""
    teaching, _, dialogue = make_teaching(engine, root)
    first = await teaching.rebuilder.adopt()
    assert await teaching.rebuilder.adopt() == first
    (root / "rasa-python").write_text("#!/bin/sh\necho an0ther\n")
    dialogue.path = root / "var" / "models" / "new.tar.gz"
    dialogue.path.write_bytes(b"another model")
    second = await teaching.rebuilder.adopt()

    assert second.number != first.number and second.code == "an0ther"
    assert Path(second.model).read_bytes() == b"another model"
    with pytest.raises(RebuildRefused, match="phiên bản phần mềm khác"):
        await teaching.rebuilder.put_live(first.number, "minh")


async def test_only_the_last_releases_keep_their_files(engine: Engine, root: Path) -> None:
    """A disk is not endless; the one in service always stays."""
    teaching, _, _ = make_teaching(engine, root)
    object.__setattr__(teaching.settings, "keep", 2)
    numbers = []
    for _ in range(3):
        numbers.append(await teaching.rebuilder.begin("minh"))
        await until_built(teaching)

    assert [teaching.rebuilder.folder.is_whole(number) for number in numbers] == [False, True, True]
    with pytest.raises(RebuildRefused, match="không còn"):
        await teaching.rebuilder.put_live(numbers[0], "minh")


async def test_a_builder_that_cannot_even_start_is_told(engine: Engine, root: Path) -> None:
    """Nobody looks at a progress bar for ever."""
    teaching, _, _ = make_teaching(engine, root, command=lambda folder: [sys.executable, "-c", "raise SystemExit(1)"])
    number = await teaching.rebuilder.begin("minh")
    await until_built(teaching)
    build = teaching.rebuilder.builds.get(number)

    assert build is not None and build.state is BuildState.FAILED
