"""House rules of the desk that a machine can hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from channels.staff.audit import ACTION_WORDS

STAFF = Path(__file__).parents[3] / "channels" / "staff"
DOORS = {"desk.py", "sign_in_pages.py", "sign_on_pages.py"}
TEMPLATES = sorted((STAFF / "templates").glob("*.html"))


def test_only_the_doors_are_open_to_strangers() -> None:
    """Other routers come from staff_router(), whose every route asks for a session, or ask by themselves (streams)."""
    bare = {path for path in STAFF.rglob("*.py") if re.search(r"\bAPIRouter\(", path.read_text(encoding="utf8"))}
    assert {path.name for path in bare} >= DOORS
    for path in bare:
        assert path.name in DOORS or "raise NotSignedIn" in path.read_text(encoding="utf8"), path.name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.name))
def test_every_form_that_changes_something_carries_the_token(path: Path) -> None:
    """Forgotten, the page would answer 403 to everybody."""
    text = path.read_text(encoding="utf8")
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL):
        assert 'name="csrf"' in form or 'name="ticket"' in form, path.name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.name))
def test_templates_hold_no_inline_scripts_or_styles(path: Path) -> None:
    """The policy would not run them, silently."""
    text = path.read_text(encoding="utf8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\s(?:style|on\w+)=", text)


def test_scripts_build_nodes_and_not_markup() -> None:
    """Trusted types refuse it, and a citizen's words may be among it."""
    for path in (STAFF / "static").glob("*.js"):
        text = path.read_text(encoding="utf8")
        assert not re.search(r"\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(", text), path.name


def test_every_line_of_the_log_has_words() -> None:
    """In Vietnamese, for whoever reads it."""
    written = set()
    for path in STAFF.rglob("*.py"):
        text = path.read_text(encoding="utf8")
        written |= set(re.findall(r"audit\.write(?:_as)?\([^)]*?\"([a-z]+(?:_[a-z]+)+)\"", text))
    assert written and written <= set(ACTION_WORDS)
