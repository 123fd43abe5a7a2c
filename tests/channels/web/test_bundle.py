"""Joining the widget's modules."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from channels.web.bundle import BundleError, bundle_script, bundle_style


def write(folder: Path, **sources: str) -> Path:
    """Write modules given as name="source" and return their folder."""
    for name, source in sources.items():
        (folder / f"{name}.js").write_text(source, encoding="utf-8")
    return folder


def test_the_widget_is_one_script_without_module_syntax() -> None:
    """A portal adds one plain script tag."""
    lines = bundle_script().splitlines()
    assert not [line for line in lines if line.startswith(("import ", "export "))]
    assert lines[1] == "(() => {"


def test_the_same_sources_give_the_same_bytes() -> None:
    """A portal may pin the script by its hash."""
    assert bundle_script() == bundle_script()


def test_the_script_stays_under_20_kb_on_the_line() -> None:
    """The limit that keeps 3G usable; widget.css is inside."""
    assert len(gzip.compress(bundle_script().encode(), mtime=0)) <= 20 * 1024


def test_the_widget_never_reads_html_nor_sets_style_attributes() -> None:
    """The page's security policy forbids both, on portals with a strict one also at run time."""
    script = bundle_script()
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        ".cssText",
    ):
        assert word not in script


def test_old_phones_can_read_the_script() -> None:
    """Lookbehind in a pattern is a syntax error in Safari before 16.4 and would stop everything."""
    script = bundle_script()
    assert "(?<=" not in script
    assert "(?<!" not in script


def test_imports_come_before_their_users(tmp_path: Path) -> None:
    """The parts share one scope, so order is all that is left of the imports."""
    write(
        tmp_path,
        main='import { b } from "./b.js";\nb();',
        b='import { c } from "./c.js";\nexport function b() { c(); }',
    )
    write(tmp_path, c="/** A comment. */\nexport const c = () => 1; // kept")
    script = bundle_script(tmp_path)
    assert script.index("const c =") < script.index("function b()") < script.index("\nb();")
    assert "A comment" not in script


@pytest.mark.parametrize(
    ("sources", "complaint"),
    [
        ({"main": 'import * as y from "./y.js";'}, "not understood"),
        ({"main": 'import { a } from "./a.js";', "a": "const b = 1;"}, "does not declare a"),
        ({"main": 'import { a } from "./a.js";', "a": 'import { b } from "./main.js";'}, "imports itself"),
        (
            {"main": 'import { a } from "./a.js";\nconst b = 1;', "a": "export const a = 1;\nconst b = 2;"},
            "b already stands",
        ),
        ({"main": "export default 1;"}, "can be exported"),
    ],
)
def test_what_cannot_be_joined_is_refused(tmp_path: Path, sources: dict[str, str], complaint: str) -> None:
    """A silent mistake here would break every portal at once."""
    write(tmp_path, **sources)
    with pytest.raises(BundleError, match=complaint):
        bundle_script(tmp_path)


def test_the_style_sheet_loses_comments_only(tmp_path: Path) -> None:
    """Space inside a selector or a value has a meaning."""
    (tmp_path / "widget.css").write_text("/* why */\n.a .b {\n  margin: 0 auto;\n}\n", encoding="utf-8")
    assert bundle_style(tmp_path) == ".a .b {margin: 0 auto;}"
