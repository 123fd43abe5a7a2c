"""Teaching through the whole system: what was missed is learned, measured, and in service without a lost message."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from channels.staff.desk import Desk
from channels.store.database import open_database
from tests.conftest import CannotRun
from tests.fakes.staff import field_of, make_desk, sign_in
from tests.journeys.system import ROOT, NotSetUp, System, running_system

#: It trains twice and builds three indexes, some ten minutes: asked for, not part of every run.
pytestmark = pytest.mark.skipif(not os.environ.get("MOT_CUA_LONG_TESTS"), reason="MOT_CUA_LONG_TESTS=1 runs it")

TEACH = "/can-bo/day"
#: Nothing in the catalogue sounds like it; it is what makes the build learn something.
MISSED = "xin cái giấy cút cồ cho đứa út nhà tui"
TAUGHT = "xin cái giấy cút cồ cho con"
BIRTH = "1.001193"
WITHIN_S = 900.0
_COPIED = ("bot", "knowledge", "nlu_data")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the data files that may be written into."""
    root = tmp_path_factory.mktemp("project")
    for name in _COPIED:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "overlay"))
    shutil.copyfile(ROOT / "config.yml", root / "config.yml")
    return root


@pytest.fixture(scope="module")
def system(project: Path, cannot_run: CannotRun) -> Iterator[System]:
    """The whole system; its dialogue server follows the release in service."""
    settings = {
        "MOT_CUA_RASA_MODEL": "",
        "MOT_CUA_TEACHING_ROOT": str(project),
        "MOT_CUA_TEACHING_RASA_PYTHON": str(ROOT / ".venv-rasa" / "bin" / "python"),
        "MOT_CUA_TEACHING_SEARCH_CASES": str(ROOT / "tests" / "search_cases" / "untouched"),
        "MOT_CUA_TEACHING_INTENT_CASES": str(ROOT / "tests" / "bot" / "intent_cases.yml"),
    }
    try:
        with running_system(settings) as running:
            yield running
    except NotSetUp as missing:
        cannot_run(str(missing))


@pytest.fixture(scope="module")
def desk(system: System) -> Iterator[Desk]:
    """The accounts of the running system: one of every role."""
    engine = open_database(f"sqlite:///{system.var_dir}/app.db")
    yield make_desk(engine)
    engine.dispose()


class Officer:
    """An officer's browser at the running system."""

    def __init__(self, system: System, role: str) -> None:
        self._url, self._role = system.url, role

    def do(self, path: str, **fields: str | list[str]) -> str:
        """Post a form, or read a page when there are no fields; return the page that follows."""
        return asyncio.run(self._do(path, fields))

    async def _do(self, path: str, fields: dict[str, str | list[str]]) -> str:
        headers = {"Accept": "text/html", "Origin": self._url, "Sec-Fetch-Site": "same-origin"}
        async with httpx.AsyncClient(base_url=self._url, headers=headers, timeout=120, trust_env=False) as http:
            await sign_in(http, self._role)
            if fields:
                csrf = field_of((await http.get("/can-bo/mat-khau")).text, "csrf")
                answer = await http.post(path, data={**fields, "csrf": csrf})
                assert answer.status_code == 303, answer.text
                path = answer.headers["Location"]
            return (await http.get(path)).text


class Citizens(threading.Thread):
    """Forty citizens who keep asking, one after the other; notes what failed."""

    def __init__(self, system: System) -> None:
        super().__init__(daemon=True)
        self._system = system
        self.stopped = threading.Event()
        self.failed: list[str] = []
        self.asked = 0

    def run(self) -> None:
        while not self.stopped.is_set():
            self.asked += 1
            told = self._system.say(f"citizen-{self.asked % 40}", {"text": "đăng ký khai sinh cần giấy tờ gì"})
            if told.status_code != 200 or told.json()["outcome"] != "answered":
                self.failed.append(told.text[:300])
            time.sleep(0.2)


def wait_until_settled(officer: Officer, live_was: int) -> dict[str, object]:
    """Wait until no build is under way, or another release is at work everywhere; return the progress told."""
    until = time.monotonic() + WITHIN_S
    while time.monotonic() < until:
        told: dict[str, object] = yaml.safe_load(officer.do(f"{TEACH}/dung-lai.json"))
        if not told["running"] and (told["settled"] or told["live"] == live_was):
            return told
        time.sleep(1)
    raise AssertionError("the build did not end in time")


def files_of(project: Path) -> dict[Path, str]:
    return {path: path.read_text("utf8") for name in _COPIED[1:] for path in (project / name).rglob("*.yml")}


def spoil(project: Path, count: int = 400) -> None:
    """Give procedures each other's names and told questions: no check can see it, but the questions can."""
    paths = sorted((project / "knowledge" / "catalogue").rglob("*.yml"))
    paths = random.Random(5).sample(paths, count)
    for key in ("also_called", "asked_as"):
        lists = [part for part in (list_of(path, key) for path in paths) if part]
        for (path, lines, start, end), (_, others, first, last) in zip(lists, lists[1:] + lists[:1], strict=True):
            path.write_text("".join([*lines[:start], *others[first:last], *lines[end:]]), "utf8")


def list_of(path: Path, key: str) -> tuple[Path, list[str], int, int] | None:
    """Return the lines of a file and where the list under a key stands among them, or nothing without that key."""
    lines = path.read_text("utf8").splitlines(keepends=True)
    if f"{key}:\n" not in lines:
        return None
    start = lines.index(f"{key}:\n") + 1
    end = next((at for at in range(start, len(lines)) if lines[at][:2] not in ("- ", "  ")), len(lines))
    return path, lines, start, end


def test_taught_measured_served_taken_back_and_a_worse_one_refused(system: System, desk: Desk, project: Path) -> None:
    """One story, since a training takes a minute or two: no message is lost in any part of it."""
    clerk, editor = Officer(system, "clerk"), Officer(system, "editor")
    assert system.say("somebody", {"text": MISSED}).json().get("procedure_code") != BIRTH
    before = files_of(project)
    for _ in range(40):
        page = clerk.do(TEACH)
        if MISSED in page:
            break
        time.sleep(0.5)
    key = field_of(page[page.index("data-question") :], "cau")
    clerk.do(TEACH, cau=[key], nhom=key, loi=TAUGHT, viec=f"ten:{BIRTH}")
    queue = editor.do(f"{TEACH}/de-nghi")
    assert TAUGHT in queue
    editor.do(f"{TEACH}/de-nghi/1/duyet", y="")
    after = files_of(project)
    (changed,) = [path for path in after if after[path] != before[path]]
    assert changed.name.startswith(BIRTH)
    assert set(after[changed].splitlines()) - set(before[changed].splitlines()) == {f"- {TAUGHT}"}

    citizens = Citizens(system)
    citizens.start()
    try:
        first = yaml.safe_load(editor.do(f"{TEACH}/dung-lai.json"))["live"]
        started = time.monotonic()
        editor.do(f"{TEACH}/dung-lai", y="")
        told = wait_until_settled(editor, live_was=-1)
        second = told["live"]
        page = editor.do(f"{TEACH}/dung-lai")
        assert second != first, page
        print(f"built, measured, in service after {time.monotonic() - started:.0f} s, {citizens.asked} messages")
        assert f"“{TAUGHT}”: đã hiểu" in page
        assert system.say("another", {"text": TAUGHT}).json()["procedure_code"] == BIRTH
        assert system.http.get("/healthz").json()["ok"]

        editor.do(f"{TEACH}/dung-lai/{first}/dung", y="")
        assert wait_until_settled(editor, live_was=-1)["live"] == first
        editor.do(f"{TEACH}/dung-lai/{second}/dung", y="")
        assert wait_until_settled(editor, live_was=-1)["live"] == second

        spoil(project)
        editor.do(f"{TEACH}/dung-lai", y="")
        assert wait_until_settled(editor, live_was=int(second))["live"] == second
        page = editor.do(f"{TEACH}/dung-lai")
        assert "Không đưa vào dùng. Giảm:" in page and "Thủ tục đúng đứng đầu" in page and "Câu kém đi" in page
    finally:
        citizens.stopped.set()
        citizens.join()

    print(f"{citizens.asked} messages, {len(citizens.failed)} failed")
    assert citizens.failed == []
