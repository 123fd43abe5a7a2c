"""Reads times out of the source's texts and compares them with the file's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.importer.facts import CHANNELS, UNITS, durations_of, parse_time
from knowledge.importer.source import SourceProcedure
from knowledge.model import Duration, Procedure, TimeUnit
from knowledge.vietnamese import nfc

_WORDS = {unit: word for word, unit in UNITS.items()}
_SPELLED = {1: "một", 2: "hai", 3: "ba", 4: "bốn", 5: "năm", 6: "sáu", 7: "bảy", 8: "tám", 9: "chín", 10: "mười"}


def compare_times(procedure: Procedure, source: SourceProcedure) -> Iterator[str]:
    """Yield where the file's times and the source's differ."""
    plain = durations_of(source)
    if plain is not None:
        if _numbers(plain) != _numbers(procedure.durations):
            yield f"nguồn ghi {_told(plain)}, tệp ghi {_told(procedure.durations)}"
        return
    everything = " ".join([*(mode.time for mode in source.modes), source.time_limit or "", source.steps or ""])
    for duration in procedure.durations:
        if not stands_in(duration.amount, duration.unit, everything):
            yield f"nguồn không có {duration.amount} {_WORDS[duration.unit]}"
    for mode in source.modes:
        time, channel = parse_time(mode.time), CHANNELS.get(mode.mode)
        held = {(d.amount, d.unit) for d in procedure.durations if channel in d.channels}
        if time and channel and time not in held:
            yield f"nguồn ({channel.value}) có {mode.time.strip()}, tệp không có"


def stands_in(amount: int, unit: TimeUnit, text: str) -> bool:
    """Tell whether a text names this time, in digits or spelled out.

    >>> stands_in(5, TimeUnit.WORKING_DAY, "trong thời hạn 05 (năm) ngày làm việc")
    True
    """
    numbers = rf"0*{amount}|{_SPELLED.get(amount, amount)}"
    between = r"\s*(?:\([^)]{1,20}\))?\s*"
    return bool(re.search(rf"(?<![\d.,])(?:{numbers}){between}{_WORDS[unit]}\b", nfc(text).lower()))


def _numbers(durations: tuple[Duration, ...]) -> set[tuple[object, ...]]:
    return {(d.channels, d.amount, d.unit, d.inferred) for d in durations}


def _told(durations: tuple[Duration, ...]) -> str:
    told = (f"{'+'.join(c.value for c in d.channels)} {d.amount} {_WORDS[d.unit]}" for d in durations)
    return "; ".join(told) or "không nêu"
