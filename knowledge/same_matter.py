"""Which procedures are one matter for a citizen: the same at commune and province, or under an old and a new code."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import yaml

from knowledge.model import Procedure
from knowledge.vietnamese import fold

LIST = Path(__file__).parent / "same_matter.yml"
#: "(cấp tỉnh)" alone is another matter: a society of the province is none of a commune.
_AT_LEVEL = re.compile(r"\(?\bthuc hien (?:tai|o) cap (?:tinh|xa)\)?\s*$")


class SameMatter:
    """Tells whether two procedures need no question to be told apart."""

    def __init__(self, procedures: Iterable[Procedure], path: Path = LIST) -> None:
        by_name: dict[str, set[str]] = defaultdict(set)
        for procedure in procedures:
            by_name[_name(procedure)].add(procedure.code)
        self._same: dict[str, set[str]] = defaultdict(set)
        for codes in by_name.values():
            for code in codes if len(codes) > 1 else ():
                self._same[code] |= codes - {code}
        for entry in yaml.safe_load(path.read_text(encoding="utf8")):
            for code in entry["covers"]:
                self._same[entry["general"]].add(code)
                self._same[code].add(entry["general"])

    def twins_of(self, code: str) -> frozenset[str]:
        """Return the codes of the same matter, without the code itself."""
        return frozenset(self._same.get(code, ()))


def _name(procedure: Procedure) -> str:
    """Return a title without the level at its end, folded, with what tells real twins apart."""
    title = _AT_LEVEL.sub("", fold(procedure.title)).strip(" ()-,")
    return f"{title}|{procedure.facets.act.value}|{procedure.facets.foreign}"
