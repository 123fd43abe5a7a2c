"""A procedure of another office for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from knowledge.elsewhere import Elsewhere
from knowledge.search import KEPT, Rival, Search, SearchResult


def make_elsewhere(code: str = "3.000347", asked: tuple[str, ...] = ("bằng lái hết hạn",)) -> Elsewhere:
    """Return an entry with everything it needs."""
    return Elsewhere(
        code=code,
        title="Đổi giấy phép lái xe",
        where="Công an tỉnh",
        source="https://example.vn/x",
        as_of=date(2026, 4, 29),
        asked=asked,
    )


def make_rival(entry: Elsewhere | None = None, ahead: float = 2.0, score: float = 9.0, covered: float = 1.0) -> Rival:
    """Return an entry as the search finds it, well ahead of ours."""
    return Rival(entry or make_elsewhere(), score, ahead, covered)


_FITS = 7.5


class BesideAnotherOffice:
    """A search that takes what fits none of ours well for another office's procedure."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self.index = search.index

    def find(self, text: str, limit: int = KEPT) -> SearchResult:
        """Return what the search finds, and the other office's procedure, which fits anything a little."""
        result = self._search.find(text, limit)
        best = result.hits[0].score if result.hits else 0.0
        return replace(result, rival=make_rival(score=_FITS, ahead=_FITS - best))
