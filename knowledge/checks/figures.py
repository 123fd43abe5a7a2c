"""How complete the catalogue is: how many procedures have each kind of fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from knowledge.model import Procedure

FIGURES: Mapping[str, Callable[[Procedure], bool]] = {
    "giấy tờ (papers)": lambda p: bool(p.documents),
    "thời hạn (time)": lambda p: bool(p.durations),
    "  trong đó chỉ suy ra (inferred)": lambda p: bool(p.durations) and all(d.inferred for d in p.durations),
    "phí, lệ phí (fee)": lambda p: bool(p.fees),
    "  trong đó miễn phí mọi cách nộp (free)": lambda p: bool(p.fees) and all(fee.amount_vnd == 0 for fee in p.fees),
    "căn cứ pháp lý (legal basis)": lambda p: bool(p.legal_basis),
    "  trong đó văn bản nào cũng có ngày (dated)": lambda p: (
        bool(p.legal_basis) and all(law.issued_on for law in p.legal_basis)
    ),
    "kết quả (result)": lambda p: bool(p.result),
    "điều kiện (conditions)": lambda p: bool(p.conditions),
    "từ 4 cách gọi (aliases)": lambda p: len(p.also_called) >= 4,
    "từ 8 cách gọi (aliases)": lambda p: len(p.also_called) >= 8,
    "điểm phân biệt: trường hợp riêng (special)": lambda p: p.facets.special is not None,
    "điểm phân biệt: yếu tố nước ngoài (foreign)": lambda p: p.facets.foreign is not None,
    "thủ tục liên quan (related)": lambda p: bool(p.related),
    "sự kiện trong đời (life events)": lambda p: bool(p.life_events),
    "dịch vụ thiết yếu (essential)": lambda p: p.essential,
}


def count_figures(procedures: Iterable[Procedure]) -> dict[str, int]:
    """Return for each figure how many procedures have it."""
    counted = dict.fromkeys(FIGURES, 0)
    for procedure in procedures:
        for name, holds in FIGURES.items():
            counted[name] += holds(procedure)
    return counted
