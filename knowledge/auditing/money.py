"""Reads amounts, shares and who sets them out of the source's fee texts, and compares them with the file's fees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from knowledge.importer.facts import CHANNELS, fees_of
from knowledge.importer.source import SourceProcedure
from knowledge.model import Channel, Fee, Procedure
from knowledge.vietnamese import fold, nfc

_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[., ]\d{3})+(?![\d])|(?<![\d.,])\d+(?![\d])")
_HEAD = re.compile(r"(?:^|;\s*)(?:Phí|Lệ phí)\s*:\s*(\d{1,3}(?:\.\d{3})+|\d+) đồng", re.IGNORECASE)
_SCALED = re.compile(r"(?<![\d.,])(\d+(?:,\d+)?) (?:\([^)]{1,20}\) )?(nghìn|ngàn|triệu)")
_SCALES = {"nghin": 1_000, "ngan": 1_000, "trieu": 1_000_000}
_FREE = re.compile(r"mien|khong (?:duoc )?(?:thu|phai nop|mat|quy dinh|co)|\b0 ?(?:dong|vnd)|: ?0\b")
_COUNCIL = re.compile(r"hoi dong nhan dan|hdnd")
_LAW_NUMBER = re.compile(r"\d{1,4}/\d{4}/[A-ZĐ][A-ZĐ0-9-]+")
_DOLLARS = re.compile(r"(?<![\d.,])(\d{1,4}) ?USD")
SMALLEST_TRUE_AMOUNT = 1_000  # below it the source's head is a slip ("50 đồng" for 50.000)


def dollars_in(text: str) -> set[int]:
    """Return every amount in US dollars.

    >>> sorted(dollars_in("Phí: 145 USD (trên 02 năm: 155 USD/thẻ)"))
    [145, 155]
    """
    return {int(number) for number in _DOLLARS.findall(text)}


def amounts_in(text: str) -> set[int]:
    """Return every number a text may mean as an amount in đồng.

    >>> sorted(amounts_in("Lệ phí: 50.000 đồng (giảm còn 25 nghìn)"))
    [25, 25000, 50000]
    """
    text = nfc(text)
    found = {int(re.sub(r"\D", "", number)) for number in _GROUPED.findall(text)}
    for number, scale in _SCALED.findall(text):
        found.add(round(float(number.replace(",", ".")) * _SCALES[fold(scale)]))
    return found


def head_amounts(text: str) -> set[int]:
    """Return the amounts that the source states in its own form: "Phí: 50.000 đồng (…); Lệ phí: …"."""
    found = {int(number.replace(".", "")) for number in _HEAD.findall(nfc(text))}
    return {amount for amount in found if amount >= SMALLEST_TRUE_AMOUNT}


def compare_fees(procedure: Procedure, source: SourceProcedure) -> Iterator[str]:
    """Yield where the file's fees and the source's differ."""
    plain = fees_of(source)
    if plain is not None:
        if set(procedure.fees) != set(plain):
            yield f"nguồn ghi {_told(plain)}, tệp ghi {_told(procedure.fees)}"
        return
    texts: dict[Channel, str] = {}
    for mode in source.modes:
        if mode.mode in CHANNELS:
            texts[CHANNELS[mode.mode]] = f"{texts.get(CHANNELS[mode.mode], '')}; {mode.fee}".strip("; ")
    for fee in procedure.fees:
        for channel in fee.channels:
            if not _stands_in(fee, texts.get(channel, "")):
                yield f"nguồn ({channel.value}) không có {_told((fee,))}"
    yield from _left_out(procedure, texts)


def _left_out(procedure: Procedure, texts: Mapping[Channel, str]) -> Iterator[str]:
    for channel, text in texts.items():
        held = {fee.amount_vnd for fee in procedure.fees if channel in fee.channels}
        for amount in sorted(head_amounts(text) - held):
            yield f"nguồn ({channel.value}) có {amount} đồng, tệp không có"
        dollars = {fee.amount_usd for fee in procedure.fees if channel in fee.channels}
        for amount in sorted(dollars_in(text) - dollars):
            yield f"nguồn ({channel.value}) có {amount} USD, tệp không có"


def _stands_in(fee: Fee, text: str) -> bool:
    folded = fold(text)
    if fee.amount_vnd is not None:
        return bool(_FREE.search(folded)) if fee.amount_vnd == 0 else fee.amount_vnd in amounts_in(text)
    if fee.amount_usd is not None:
        return fee.amount_usd in dollars_in(text)
    if fee.percent is not None:
        return bool(re.search(rf"(?<!\d){fee.percent:g} ?%", text.replace(",", ".")))
    if fee.set_by is not None:
        return bool(_COUNCIL.search(folded))
    numbers = _LAW_NUMBER.findall(fee.per_law or "")
    return all(number in nfc(text) for number in numbers) if numbers else bool(text)


def _told(fees: tuple[Fee, ...]) -> str:
    return (
        "; ".join(
            f"{'+'.join(channel.value for channel in fee.channels)} "
            + next(
                told
                for value, told in (
                    (fee.amount_vnd, f"{fee.amount_vnd} đồng"),
                    (fee.amount_usd, f"{fee.amount_usd} USD"),
                    (fee.percent, f"{fee.percent}%"),
                    (fee.set_by, f"do {fee.set_by}"),
                    (fee.per_law, f"theo {fee.per_law}"),
                )
                if value is not None
            )
            for fee in fees
        )
        or "không nêu"
    )
