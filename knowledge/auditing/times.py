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
    """Yield where the file's times and the source's differ.

    The source's own number must stand in the file for each way of handing in, unless it was only inferred (a sum or
    the largest of several) and the file states its parts. Whatever the file says must stand in the source's texts.
    """
    for stated in durations_of(source) or _plain_modes(source):
        if stated.inferred and procedure.durations:
            continue
        for channel in stated.channels:
            held = {(d.amount, d.unit) for d in procedure.durations if channel in d.channels}
            if (stated.amount, stated.unit) not in held:
                yield f"nguồn ({channel.value}) có {_told(stated)}, tệp không có"
    everything = "\n".join(_texts(source))
    for duration in procedure.durations:
        if not stands_in(duration.amount, duration.unit, everything):
            yield f"nguồn không có {_told(duration)}"


def _plain_modes(source: SourceProcedure) -> Iterator[Duration]:
    for mode in source.modes:
        time, channel = parse_time(mode.time), CHANNELS.get(mode.mode)
        if time and channel:
            yield Duration((channel,), *time)


def _texts(source: SourceProcedure) -> Iterator[str]:
    yield from (text or "" for text in (source.time_limit, source.steps, source.conditions))
    for mode in source.modes:
        yield from (mode.time, mode.note, mode.fee)


def stands_in(amount: int, unit: TimeUnit, text: str) -> bool:
    """Tell whether a text names this time, in digits or spelled out.

    >>> stands_in(5, TimeUnit.WORKING_DAY, "trong thời hạn 05 (năm) ngày làm việc")
    True
    """
    numbers = rf"0*{amount}|{_SPELLED.get(amount, amount)}"
    between = r"\s*(?:\([^)]{1,20}\))?\s*"
    return bool(re.search(rf"(?<![\d.,])(?:{numbers}){between}{_WORDS[unit]}\b(?!\s+làm việc)", nfc(text).lower()))


def _told(duration: Duration) -> str:
    return f"{duration.amount} {_WORDS[duration.unit]}"
