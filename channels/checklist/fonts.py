"""The typeface of printed checklists: Be Vietnam Pro, drawn for Vietnamese, from a package (licence OFL 1.1)."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

FAMILY = "BeVietnamPro"
_FOLDER = Path(str(files("fontpkg_be_vietnam_pro"))) / "files"
#: Style of fpdf2 → file.
STYLES = {
    "": _FOLDER / "BeVietnamPro-Regular.ttf",
    "B": _FOLDER / "BeVietnamPro-Bold.ttf",
    "I": _FOLDER / "BeVietnamPro-Italic.ttf",
}
