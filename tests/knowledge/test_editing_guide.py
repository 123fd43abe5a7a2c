"""The guide for clerks quotes the check word for word."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from knowledge.__main__ import COMMANDS
from knowledge.catalogue import CATALOGUE
from knowledge.checks.report import check_data
from knowledge.model import Procedure
from tests.knowledge.builders import TODAY

GUIDE = (Path(__file__).parents[2] / "docs" / "editing-guide.vi.md").read_text(encoding="utf8")
SLIPS = {
    "1.001193": ("also_called:", "also_called:\n- khai tử cho mẹ\n- đăng ký khai sinh"),
    "1.004222": ("amount_vnd: 10000", "amount_vnd: 10.000 đồng"),
    "2.000815": ('code: "2.000815"', "code: 2.000815"),
    "1.001022": ("levels:", "level:"),
    "1.004873": ("result: ", "result: UBND huyện "),
    "2.000635": (r"- number: \S+", "- number: 61/2018/NĐ-CP"),
    "1.000656": ("related:", 'related:\n- code: "1.009999"\n  when: after'),
    "1.000689": (r"as_of: \S+", "as_of: 2025-01-10"),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return what the check says when a clerk makes these slips, without line numbers."""
    folder = tmp_path_factory.mktemp("catalogue")
    shutil.copytree(CATALOGUE, folder, dirs_exist_ok=True)
    for code, (old, new) in SLIPS.items():
        path = next(folder.rglob(f"{code}-*.yml"))
        text, changes = re.subn(old, new, path.read_text(encoding="utf8"), count=1)
        assert changes == 1
        path.write_text(text, encoding="utf8")
    report = check_data(folder, today=TODAY)
    return {f"{problem.path.name}: {problem.message}" for problem in report.errors + report.warnings}


def test_every_quoted_message_is_one_the_check_really_says(told: set[str]) -> None:
    """A clerk compares the screen with the page."""
    quoted = re.findall(r"^knowledge/catalogue/\S+/(\S+\.yml):\d+: (.+?)(?: \(nhắc\))?$", GUIDE, re.MULTILINE)

    assert len(quoted) >= 8
    assert {f"{name}: {message}" for name, message in quoted} <= told


def test_every_command_of_the_guide_exists() -> None:
    """Docs grow old silently otherwise."""
    assert set(re.findall(r"python -m knowledge (\w+)", GUIDE)) <= set(COMMANDS)


def test_the_glossary_knows_every_key_of_a_procedure() -> None:
    """Whoever opens a file can look a key up."""
    glossary = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf8")
    keys = set(Procedure.__dataclass_fields__) - {"channels", "levels", "durations", "fees", "life_events"}
    keys -= {"source_url", "source_notes", "source_marks"}

    assert {key for key in keys if f"`{key}`" not in glossary} == set()
