"""A procedure of another office for tests."""

from __future__ import annotations

from datetime import date

from knowledge.elsewhere import Elsewhere


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
