"""Joins the widget's modules into the one script that a portal page loads.

The sources in ``widget/`` are ordinary ES modules, so a test can load each alone. A portal wants one file
over a slow line, so they are joined when the app starts: no tool, no network, the same bytes every time.
Only this much of the module syntax is understood, anything else is refused:
``import { a, b } from "./x.js";``, ``import name from "./x.css";`` and ``export`` before ``const``, ``let``,
``function``, ``async function`` or ``class``.

``python -m channels.web.bundle > mot-cua.js`` writes the script out, for a portal that hosts its own copy.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

WIDGET_DIR = Path(__file__).parent / "widget"
ENTRY = "main.js"
LICENSE_LINE = "// Một Cửa: trợ lý thủ tục hành chính. Mã nguồn mở, các phần nằm trong channels/web/widget/."

_IMPORT = re.compile(r'^import (?:\{ (?P<names>[\w, ]+) \}|(?P<default>\w+)) from "\./(?P<file>[\w-]+\.(?:js|css))";$')
_EXPORT = re.compile(r"^export (?=(?:const|let|function|async function|class) )")
_DECLARATION = re.compile(r"^(?:const|let|function|async function|class) (\w+)", re.MULTILINE)


class BundleError(Exception):
    """The widget's sources cannot be joined; the message names the file and the reason."""


def bundle_script(folder: Path = WIDGET_DIR, entry: str = ENTRY) -> str:
    """Return the whole widget as one classic script, the parts in the order of their imports."""
    parts: dict[str, str] = {}
    _collect(folder, entry, parts, ())
    _refuse_doubles(parts)
    body = "\n".join(part for part in parts.values() if part)
    return f'{LICENSE_LINE}\n(() => {{\n"use strict";\n{body}\n}})();\n'


def bundle_style(folder: Path = WIDGET_DIR, name: str = "widget.css") -> str:
    """Return the widget's style sheet without comments and indentation."""
    text = re.sub(r"/\*.*?\*/", "", (folder / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s+", " ", text).replace("{ ", "{").replace(" }", "}").replace("; ", ";").strip()


def _collect(folder: Path, name: str, parts: dict[str, str], above: tuple[str, ...]) -> None:
    """Put the part and everything it imports into `parts`, imports first."""
    if name in above:
        raise BundleError(f"{name}: imports itself by way of {' → '.join(above)}")
    if name in parts:
        return
    lines = []
    for line in _without_comments((folder / name).read_text(encoding="utf-8")).split("\n"):
        if not line.startswith("import "):
            lines.append(_EXPORT.sub("", line))
            continue
        found = _IMPORT.match(line)
        if found is None:
            raise BundleError(f"{name}: this import is not understood: {line}")
        if found["default"]:
            lines.append(f"const {found['default']} = {json.dumps(bundle_style(folder, found['file']))};")
        else:
            _collect(folder, found["file"], parts, (*above, name))
            _refuse_missing(name, found["file"], found["names"], parts)
    if any(line.startswith("export ") for line in lines):
        raise BundleError(f"{name}: only const, let, function and class can be exported")
    parts[name] = "\n".join(line for line in lines if line.strip())


def _without_comments(source: str) -> str:
    """Drop comments that fill whole lines; what stands beside code stays."""
    source = re.sub(r"^[ \t]*/\*\*.*?\*/[ \t]*\n", "", source, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"^[ \t]*//.*\n", "", source, flags=re.MULTILINE)


def _refuse_missing(name: str, file: str, names: str, parts: dict[str, str]) -> None:
    declared = set(_DECLARATION.findall(parts[file]))
    missing = [wanted.strip() for wanted in names.split(",") if wanted.strip() not in declared]
    if missing:
        raise BundleError(f"{name}: {file} does not declare {', '.join(missing)}")


def _refuse_doubles(parts: dict[str, str]) -> None:
    """All parts share one scope, so a top-level name may stand once."""
    owner: dict[str, str] = {}
    for file, part in parts.items():
        for name in _DECLARATION.findall(part):
            if name in owner:
                raise BundleError(f"{file}: the name {name} already stands in {owner[name]}")
            owner[name] = file


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(bundle_script())
