"""How a search result is laid out for a person."""

from __future__ import annotations

from knowledge.commands.search import result_lines
from knowledge.model import LifeEvent
from knowledge.question import Question
from knowledge.search import SearchHit, SearchResult
from knowledge.verdict import Outcome, Verdict
from tests.knowledge.builders import make_procedure


def test_scores_stand_beside_their_parts_and_the_chosen_hit_is_marked() -> None:
    """Whoever asks why sees the sum behind each score."""
    hit = SearchHit(make_procedure("1.000001"), "thả diều", 1.5, {"keyword": 1.0, "dense": 0.5})
    rejected = SearchHit(make_procedure("1.000002"), "diều sáo", 0.25, {"keyword": 0.25})
    event = SearchHit(LifeEvent("mua_dieu", "Mua diều", (), ()), "mới mua diều", 0.75, {"keyword": 0.75})
    question = Question("thả diều?", ("tha", "dieu"), ("sao",), "thả diều", True)
    result = SearchResult(question, (hit,), (rejected,), (event,), 1.0)

    lines = result_lines(result, Verdict(Outcome.CLEAR, (hit,), 0.91, 0.97), 12.0)

    assert lines[0] == "Hiểu là   tha dieu  (thêm: sao)"
    assert "trả lời luôn: đúng 0.91, trong danh mục 0.97" in lines[1]
    chosen = next(line for line in lines if "1.000001" in line)
    assert chosen.split()[:3] == ["1.500*", "1.000", "0.500"]
    assert lines.index("Bị loại (rejected)") < next(n for n, line in enumerate(lines) if "1.000002" in line)
    assert "mua_dieu Mua diều  ← mới mua diều" in lines[-1]
