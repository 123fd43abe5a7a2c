"""Says in plain words why a procedure was found (vì sao ra kết quả này): from the parts of the search's sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from channels.web.labels import ACT_WORDS, Piece, highlight
from knowledge.attributes import Named
from knowledge.model import Procedure, Wording
from knowledge.question import Question
from knowledge.search import SearchHit
from knowledge.vietnamese import fold, folded_syllables, syllables

#: What the parts are called; those that belong together are told together.
PART_WORDS: Mapping[str, str] = {
    "phrase": "Trùng cả cụm với một cách gọi",
    "words": "Trùng từ với tên và các cách gọi",
    "texts": "Trùng từ với tên và các cách gọi",
    "dense": "Gần nghĩa với cách gọi gần nhất",
    "dense_mean": "Gần nghĩa với các cách gọi",
    "centre": "Gần nghĩa với các cách gọi",
    "act": "Loại việc (cấp mới, cấp lại, thay đổi …)",
    "foreign": "Yếu tố nước ngoài",
    "special": "Trường hợp riêng",
    "level": "Cấp giải quyết",
    "asked": "Dịch vụ công thiết yếu, nhiều người hỏi",
}
#: A part below this share of the sum is not told.
_WORTH_TELLING = 0.01


@dataclass(frozen=True)
class Share:
    """One part of the sum: its words, and its share of all that spoke for the hit, in per cent; negative: against."""

    words: str
    percent: int


_BY = {Wording.NAME: "Tên", Wording.CALLED: "Người dân gọi", Wording.ASKED: "Người dân hỏi"}


@dataclass(frozen=True)
class Why:
    """Why a hit is there.

    passage: the name or question that matched, the typed words marked.  by: whose words it is, in a word or two.
    reasons: sentences.  shares: the parts of the sum, the weightiest first; empty when only words in progress matched.
    """

    passage: tuple[Piece, ...]
    by: str
    reasons: tuple[str, ...]
    shares: tuple[Share, ...] = ()


def explain(
    procedure: Procedure,
    passage: str,
    question: Question,
    named: Named,
    begun: str | None = None,
    hit: SearchHit | None = None,
) -> Why:
    """Return why a procedure is there.

    question: what was typed, the last word finished.  named: the attributes it names.  begun: the beginning of that
    last word.  hit: what the search proper says of the procedure, if it found it.
    """
    held = folded_syllables(passage)
    typed = [*question.terms, *question.added]
    marked = {word for word in held if word in typed or (begun and word.startswith(begun))}
    by = _BY[procedure.wording_of(passage)]
    special = hit.parts.get("special", 0.0) if hit else 0.0
    reasons = [*_word_reasons(question, passage, begun), *_facet_reasons(procedure, named, special)]
    return Why(highlight(passage, marked), by, tuple(reasons), _shares(hit))


def _word_reasons(question: Question, passage: str, begun: str | None) -> list[str]:
    """Say which words matched, as they are spelt in the text and in the passage."""
    held = {fold(word): word for word in reversed(syllables(passage))}
    typed = {fold(word): word for word in reversed(syllables(question.text))}
    terms = list(dict.fromkeys(question.terms))
    missing = [typed.get(term, term) for term in terms if term not in held]
    reasons = []
    if not question.only_frame and not set(typed) <= set(folded_syllables(question.raw)):
        reasons.append(f"Câu gõ được hiểu là “{question.text}”.")
    if begun:
        word = next((word for folded, word in held.items() if folded.startswith(begun)), None)
        if word and fold(word) != begun:
            reasons.append(f"Chữ đang gõ “{begun}…” khớp với “{word}”.")
        if word and len(terms) == 1:
            return reasons
    if terms and not missing:
        reasons.append("Tên này có đủ các từ đã gõ.")
    elif len(missing) < len(terms):
        said = len(terms) - len(missing)
        reasons.append(f"Tên này có {said} trong {len(terms)} từ đã gõ; không có: {', '.join(missing)}.")
    elif terms:
        reasons.append("Tên này không có từ nào đã gõ; tìm thấy nhờ gần nghĩa.")
    return reasons


def _facet_reasons(procedure: Procedure, named: Named, special: float) -> list[str]:
    """Say how act, foreign element, level and special case fit; what was not typed only puts a hit further down."""
    facets = procedure.facets
    act, reasons = ACT_WORDS[facets.act], []
    if facets.act in named.acts:
        reasons.append(f"Đúng loại việc đã gõ: {act}.")
    elif named.acts:
        reasons.append(f"Khác loại việc đã gõ: thủ tục này là {act}.")
    if facets.foreign and not named.foreign:
        reasons.append("Dành cho việc có yếu tố nước ngoài; câu gõ không nói vậy nên xếp sau.")
    elif facets.foreign:
        reasons.append("Có yếu tố nước ngoài, như câu đã gõ.")
    elif facets.foreign is False and named.foreign:
        reasons.append("Chỉ dành cho việc trong nước, mà câu gõ nói có yếu tố nước ngoài.")
    if facets.special and special:
        fits = "như câu đã gõ" if special > 0 else "câu gõ không nói rõ nên xếp sau"
        reasons.append(f"Dành cho trường hợp riêng ({facets.special}); {fits}.")
    if named.level is not None:
        reasons.append("Đúng cấp đã gõ." if named.level in procedure.levels else "Khác cấp đã gõ.")
    return reasons


def _shares(hit: SearchHit | None) -> tuple[Share, ...]:
    if hit is None:
        return ()
    together: dict[str, float] = {}
    for name, value in hit.parts.items():
        together[PART_WORDS[name]] = together.get(PART_WORDS[name], 0.0) + value
    whole = sum(value for value in together.values() if value > 0) or 1.0
    told = [(words, value / whole) for words, value in together.items() if abs(value / whole) >= _WORTH_TELLING]
    return tuple(Share(words, round(100 * share)) for words, share in sorted(told, key=lambda one: -one[1]))
