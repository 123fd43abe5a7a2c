"""Related procedures, life events and links."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.checks.references import check_life_events, check_links, check_related, is_allowed
from knowledge.model import LifeEvent, LifeEventStep, Related
from tests.knowledge.builders import make_procedure
from tests.knowledge.checks.records import messages, run_check


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://dichvucong.gov.vn/p/home", True),
        ("https://hotich.moj.gov.vn/", True),
        ("http://dichvucong.gov.vn/", False),
        ("https://dichvucong.gov.vn.example.com/", False),
        ("https://dichvucong.gov.vn@example.com/", False),
        ("https://nguoi@dichvucong.gov.vn/", False),
        ("javascript:alert(1)", False),
    ],
)
def test_only_the_states_own_hosts_may_be_linked(url: str, allowed: bool) -> None:
    """Bait sites look like the portal."""
    assert is_allowed(url) is allowed


def test_a_link_to_another_procedure_is_told() -> None:
    """Copied files keep the old link."""
    procedure = make_procedure(source_url=make_procedure("1.000009").source_url)

    assert messages(run_check(check_links, procedure)) == ["đường dẫn không có mã 1.000001: dẫn sai trang, sửa lại mã"]


def test_related_codes_must_exist_and_be_others() -> None:
    """A button that leads nowhere is worse than none."""
    procedure = make_procedure(related=(Related("1.000001", "with"), Related("9.999999", "after")))

    told = messages(run_check(check_related, procedure))

    assert "nhắc chính thủ tục này" in told[0]
    assert "9.999999 không có trong danh mục" in told[1]


def test_an_unknown_life_event_is_told_with_the_nearest_name() -> None:
    """Keys are typed by hand."""
    procedure = make_procedure(life_events=("co_conn",))

    told = messages(run_check(check_related, procedure, event_paths={"co_con": Path("co_con.yml")}))

    assert told == ['không có sự kiện "co_conn": ý anh/chị là "co_con"?']


def test_a_step_to_an_unknown_code_is_told_in_the_events_file(tmp_path: Path) -> None:
    """The person who edits events looks there."""
    path = tmp_path / "mua_dieu.yml"
    path.write_text('title: Mua diều\nsteps:\n- code: "9.999999"\n', encoding="utf8")
    event = LifeEvent("mua_dieu", "Mua diều", (), (LifeEventStep("9.999999", "sau khi mua"),))

    found = run_check(check_life_events, make_procedure(), events={"mua_dieu": event}, event_paths={"mua_dieu": path})

    assert [(finding.problem.path.name, finding.problem.line) for finding in found] == [("mua_dieu.yml", 3)]


def test_the_same_story_in_two_events_is_told(tmp_path: Path) -> None:
    """It could only lead to one of them."""
    paths = {name: tmp_path / f"{name}.yml" for name in ("a", "b")}
    for path in paths.values():
        path.write_text("also_called:\n- mới mua diều\n", encoding="utf8")
    events = {name: LifeEvent(name, name, ("mới mua diều",), ()) for name in paths}

    found = run_check(check_life_events, make_procedure(), events=events, event_paths=paths)

    assert messages(found) == ['"mới mua diều" đã có ở sự kiện a: bỏ ở một bên']
