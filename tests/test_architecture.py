"""The house rules that a machine can hold: import arrows, module sizes, settings and commands told in the docs."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("actions", "bot", "channels", "knowledge")
MAX_LINES = 400
#: Who may import whom: channels → actions → knowledge; the dialogue side reads three pure modules.
ALLOWED = {
    "knowledge": {"knowledge"},
    "actions": {"actions", "knowledge"},
    "channels": {"channels", "actions", "knowledge"},
    "bot": {"bot"},
}
PURE = {"knowledge.vietnamese", "knowledge.codes", "knowledge.phrases"}
#: Besides the components, the reports that leave the marks out; they never run in the server.
PURE_IMPORTERS = ("bot/components/", "bot/crossvalidate.py", "bot/measure_intents.py")
PATHS = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """Return the modules of the project that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: write the whole name"
            module = node.module or ""
            found |= {f"{module}.{alias.name}" if module in PACKAGES else module for alias in node.names}
    return {module for module in found if module.split(".")[0] in PACKAGES}


def test_the_modules_are_found() -> None:
    """The tests below must not pass by looking at nothing."""
    assert len(PATHS) > 80
    assert "actions.turn" in imported(ROOT / "channels" / "conversation.py")


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_imports_follow_the_arrows(path: Path) -> None:
    """channels → actions → knowledge; bot/components → three pure modules; knowledge imports nobody."""
    package = path.relative_to(ROOT).parts[0]
    pure = PURE if name_of(path).startswith(PURE_IMPORTERS) else set()
    wrong = {module for module in imported(path) if module.split(".")[0] not in ALLOWED[package]} - pure

    assert wrong == set()


@pytest.mark.parametrize("module", sorted(PURE))
def test_what_both_sides_import_needs_only_the_standard_library(module: str) -> None:
    """The dialogue side runs on another Python with other packages; pure modules may read each other."""
    tree = ast.parse((ROOT / (module.replace(".", "/") + ".py")).read_text(encoding="utf8"))
    names = {
        name if name in PURE else name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert names <= set(sys.stdlib_module_names) | PURE


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_a_module_is_short_enough_to_be_read(path: Path) -> None:
    """Past four hundred lines, look for the second noun."""
    assert len(path.read_text(encoding="utf8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", PATHS, ids=name_of)
def test_a_module_says_what_it_does_in_one_line(path: Path) -> None:
    """The map of the folders is made of these lines."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf8"))) or ""

    assert docstring.splitlines()[0:1], "a module begins with a docstring"
    first = docstring.split("\n\n")[0]
    assert first.rstrip()[-1] in ".:", f"the first sentence does not end: {first!r}"


def settings_names() -> list[str]:
    """Return every environment variable that a setting reads."""
    from actions.one_stop.settings import OneStopSettings
    from channels.checklist.settings import PublicSettings
    from channels.desk.settings import DeskSettings
    from channels.following.settings import FollowingSettings
    from channels.limits import LimitSettings
    from channels.settings import AppSettings
    from channels.staff.settings import StaffSettings
    from channels.statistics.settings import StatisticsSettings
    from channels.teaching.settings import TeachingSettings
    from channels.telegram.settings import TelegramSettings
    from channels.web.pages import PortalSettings
    from channels.zalo.settings import ZaloSettings

    return rasa_names() + [
        f"{settings.model_config.get('env_prefix', '')}{field}".upper()
        for settings in (
            AppSettings,
            DeskSettings,
            FollowingSettings,
            LimitSettings,
            OneStopSettings,
            PortalSettings,
            PublicSettings,
            StaffSettings,
            StatisticsSettings,
            TeachingSettings,
            TelegramSettings,
            ZaloSettings,
        )
        for field in settings.model_fields
    ]


def rasa_names() -> list[str]:
    """Return the variables of bot/settings.py, read without running it: it belongs to another Python."""
    source = ast.parse((ROOT / "bot" / "settings.py").read_text(encoding="utf8"))
    (settings,) = [node for node in source.body if isinstance(node, ast.ClassDef) and node.name == "RasaSettings"]
    fields = [
        node.target.id
        for node in settings.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    ]
    return [f"MOT_CUA_RASA_{field}".upper() for field in fields]


@pytest.mark.skipif(not (ROOT / ".env.example").exists(), reason=".env.example is not written yet")
@pytest.mark.parametrize("name", sorted(settings_names()))
def test_every_setting_is_told_in_the_example(name: str) -> None:
    """A setting that nobody can find is none."""
    assert re.search(rf"^#? ?{name}=", (ROOT / ".env.example").read_text(encoding="utf8"), re.MULTILINE)


@pytest.mark.skipif(not (ROOT / ".env.example").exists(), reason=".env.example is not written yet")
def test_the_example_tells_no_setting_that_does_not_exist() -> None:
    """A mistyped setting does nothing, and says nothing."""
    told = re.findall(r"^#? ?(MOT_CUA_\w+)=", (ROOT / ".env.example").read_text(encoding="utf8"), re.MULTILINE)

    assert sorted(set(told) - set(settings_names())) == []


@pytest.mark.skipif(not (ROOT / "README.md").exists(), reason="README.md is not written yet")
def test_every_command_of_the_readme_exists() -> None:
    """The first thing a person types must work."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf8"), re.MULTILINE))
    # A command stands in a code block or between backticks; "make sure" in a sentence is none.
    told = set(
        re.findall(r"(?:^[ \t$]*|`)make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf8"), re.MULTILINE)
    )

    assert told and told <= targets


def test_every_command_says_what_it_does() -> None:
    """`make` alone lists them."""
    lines = (ROOT / "Makefile").read_text(encoding="utf8").splitlines()
    silent = {"setup", "setup-dev"}  # what the others call
    targets = [line for line in lines if re.match(r"[a-z-]+:(?!=)", line)]

    assert [line for line in targets if "## " not in line and line.split(":")[0] not in silent] == []
