"""The simulator: invented data, a life that moves, controls, and loopback only."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from actions.one_stop.port import VIETNAM, Status
from actions.one_stop.simulator import applications
from actions.one_stop.simulator.applications import InventedApplication, load_applications
from actions.one_stop.simulator.life import Life
from actions.one_stop.simulator.server import running_simulator
from knowledge.codes import find_application_codes

DAY = timedelta(days=1)


class Calendar:
    """A calendar that is turned by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, tzinfo=VIETNAM)

    def __call__(self) -> datetime:
        return self.now


def make_application(**changes: object) -> InventedApplication:
    facts: dict[str, object] = {
        "code": "H50-261120-0001",
        "procedure": "1.001193",
        "procedure_title": "Đăng ký khai sinh (dữ liệu mẫu)",
        "owner": "Nguyễn Văn Mẫu",
        "office": "UBND xã Ví Dụ",
        "status": 1,
        "received": 0,
    }
    return InventedApplication.model_validate(facts | changes)


def test_every_status_and_one_unknown_is_there() -> None:
    """A demonstration must be able to show each answer."""
    statuses = {one.status for one in load_applications()}

    assert statuses >= set(Status)
    assert [status for status in statuses if not isinstance(status, Status)]


def test_all_data_are_visibly_invented() -> None:
    """Nobody may take them for a real person's: titles say so, and numbers begin with 0000."""
    for one in load_applications():
        assert one.procedure_title.endswith("(dữ liệu mẫu)")
        assert all(number.startswith("0000") for number in (one.id_number, one.phone) if number)


def test_all_codes_have_a_right_form_and_come_once() -> None:
    """Else the assistant would refuse them before asking; old and new layouts are there."""
    codes = [one.code for one in load_applications()]

    assert len(codes) == len(set(codes)) >= 24
    assert all([match.code for match in find_application_codes(code)] == [code] for code in codes)
    assert {code[:3] for code in codes} >= {"H46", "H50", "000", "G09"}


def test_the_table_in_the_readme_is_in_step() -> None:
    """People try the codes that the README gives."""
    readme = Path(applications.__file__).with_name("README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(.+?)` \| (.*?) \|", readme, re.MULTILINE)
    told = {code: tuple(re.findall(r"\b\d{4}\b", digits)) for code, digits in rows if "-" in code}

    assert told == {one.code: one.digits for one in load_applications()}


def test_an_application_lives_by_the_clock() -> None:
    """A demonstration with --speed shows change, and the change has its moment."""
    calendar = Calendar()
    life = Life(
        [make_application(life=[{"after_days": 1, "status": 4}, {"after_days": 2, "status": 9}])],
        speed=24,
        now=calendar,
    )
    begin = life.find("H50-261120-0001")
    calendar.now += DAY / 24
    middle = life.find("H50-261120-0001")
    calendar.now += DAY
    end = life.find("H50-261120-0001")

    assert begin and middle and end
    assert [begin.status, middle.status, end.status] == [1, 4, 9]
    assert end.finished_at == datetime(2026, 11, 22, 14, 0, tzinfo=VIETNAM)


def test_the_clock_does_not_turn_back_what_a_hand_has_moved() -> None:
    """Otherwise "finished" would become "in progress" in front of the audience."""
    calendar = Calendar()
    life = Life([make_application(life=[{"after_days": 1, "status": 4}])], now=calendar)
    for _ in range(3):
        life.advance("H50-261120-0001")
    calendar.now += 2 * DAY

    situation = life.find("H50-261120-0001")

    assert situation is not None
    assert situation.status is Status.FINISHED


@pytest.mark.parametrize(
    ("begin", "path"),
    [
        (1, [2, 4, 9, 10, 10]),
        (3, [3]),
        (5, [4, 9]),
        (6, [4, 9]),
        (7, [7]),
        (8, [8]),
        ("Chờ liên thông thuế", [4]),
    ],
)
def test_a_hand_moves_it_along_the_usual_path(begin: int | str, path: list[int]) -> None:
    """The order of the national list, with returns after papers and payment."""
    life = Life([make_application(status=begin)])

    for status in path:
        situation = life.advance("H50-261120-0001")
        assert situation is not None
        assert situation.status == status


def test_it_starts_as_a_program_tells_its_address_and_takes_orders() -> None:
    """The command of the README, on a free port of the loopback address."""
    program = subprocess.Popen(
        [sys.executable, "-m", "actions.one_stop.simulator", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert program.stdout is not None
        url = program.stdout.readline().split()[-1]
        with httpx.Client(base_url=url, trust_env=False) as client:
            shown = client.get("/simulator").json()
            moved = client.post("/simulator/advance", json={"code": "H50.05-261102-0002"}).json()
            unknown = client.post("/simulator/advance", json={"code": "H50"}).status_code
            nonsense = client.post("/simulator/mode", json={"mode": "fly"}).status_code
    finally:
        program.terminate()
        program.wait(10)

    assert url.startswith("http://127.0.0.1:")
    assert shown["notice"] == "Dữ liệu mô phỏng, không có thật"
    assert (moved["status"], unknown, nonsense) == (2, 404, 422)


def test_a_foreign_page_cannot_give_orders() -> None:
    """A browser sends text/plain to any address without asking; JSON it does not."""
    with running_simulator() as url, httpx.Client(base_url=url, trust_env=False) as client:
        client.post("/simulator/mode", content=b'{"mode": "error500"}', headers={"content-type": "text/plain"})

        assert client.get("/simulator").json()["mode"] == "ok"
