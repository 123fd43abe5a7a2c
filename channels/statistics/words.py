"""The words of the statistics: titles and definitions of figures, names of outcomes and channels, times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from channels.statistics.settings import StatisticsSettings

FIGURES = Path(__file__).parent / "figures.yml"
OUTCOME_WORDS: Mapping[str, str] = {
    "answered": "Nêu thủ tục",
    "life_event_shown": "Nêu việc trong đời",
    "status_shown": "Nêu tình trạng hồ sơ",
    "asked_back": "Hỏi lại",
    "nothing_found": "Không tìm thấy",
    "out_of_scope": "Ngoài phạm vi",
    "small_talk": "Chào hỏi, cảm ơn",
    "status_asked": "Hỏi mã hồ sơ",
    "status_refused": "Không khớp mã, số",
    "one_stop_unavailable": "Hệ thống một cửa nghỉ",
    "handed_over": "Xin gặp cán bộ",
    "with_clerk": "Nhắn với cán bộ",
}
CHANNEL_WORDS: Mapping[str, str] = {"web": "Trang web", "telegram": "Telegram", "zalo": "Zalo"}


@dataclass(frozen=True)
class Meaning:
    """What a figure is called and what it counts."""

    title: str
    meaning: str


def read_meanings(settings: StatisticsSettings, retention_days: int) -> dict[str, Meaning]:
    """Return the definition of every figure, with the settings it depends on."""
    values = {
        "silence": settings.silence_minutes,
        "rising_least": settings.rising_least,
        "retention": retention_days,
    }
    stored = yaml.safe_load(FIGURES.read_text(encoding="utf8"))
    return {name: Meaning(one["title"], one["meaning"].format(**values)) for name, one in stored.items()}


def percent(share: float | None) -> str:
    """Return a share for people.

    >>> percent(0.8333), percent(None)
    ('83%', '–')
    """
    return "–" if share is None else f"{share * 100:.0f}%"


def short_time(seconds: float | None) -> str:
    """Return a length of time for people.

    >>> short_time(0.12), short_time(45), short_time(150), short_time(9000)
    ('120 ms', '45 giây', '2,5 phút', '2,5 giờ')
    """
    if seconds is None:
        return "–"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    for limit, step, unit in ((60, 1, "giây"), (3600, 60, "phút"), (172_800, 3600, "giờ")):
        if seconds < limit:
            return f"{seconds / step:.1f}".removesuffix(".0").replace(".", ",") + f" {unit}"
    return f"{seconds / 86_400:.1f}".removesuffix(".0").replace(".", ",") + " ngày"
