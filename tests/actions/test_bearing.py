"""How a message bears on the procedure under discussion, on the fitted weights and told talks."""

from __future__ import annotations

from pathlib import Path

from actions.bearing import BearingModel, Heard, combined, features
from actions.bearing_fitting import load_talks
from actions.talk_signs import read_signs
from knowledge.question import Question
from knowledge.search import SearchHit, SearchResult
from knowledge.verdict import Outcome, Verdict
from tests.actions.builders import BIRTH, DEATH, MARRIAGE, PROCEDURES, hit_of

TALKS = Path(__file__).parents[1] / "talk_cases"
BIRTHS = next(one for one in PROCEDURES if one.code == BIRTH)
NOTHING = Verdict(Outcome.NOTHING, (), 0.0, 0.0)
MARRIAGE_SURELY = Verdict(Outcome.CLEAR, (hit_of(MARRIAGE),), 0.95, 0.95)


def found(*scores: tuple[str, float]) -> SearchResult:
    hits = tuple(SearchHit(hit_of(code).item, "", score, {}) for code, score in scores)
    return SearchResult(Question("", (), (), "", True), hits, (), (), 1.0, covered=1.0, rarest_missing=0.0)


def test_what_both_searches_find_comes_first() -> None:
    """One that only one of them finds counts as a little worse than the last of the other."""
    ranked = combined(found((MARRIAGE, 5.0), (BIRTH, 4.0)), found((BIRTH, 6.0), (DEATH, 2.0)))

    assert [hit.procedure.code for hit in ranked] == [BIRTH, MARRIAGE, DEATH]
    assert [hit.score for hit in ranked] == [10.0, 6.5, 5.5]


def test_another_procedure_far_ahead_is_another_matter() -> None:
    """The same words, and the search finds another procedure or the same one."""
    model, text = BearingModel.load(), "còn giấy kết hôn thì sao"
    away = model.weigh(
        Heard(
            read_signs(text),
            found((MARRIAGE, 12.0), (DEATH, 2.0)),
            MARRIAGE_SURELY,
            found((MARRIAGE, 9.0), (DEATH, 2.0)),
        ),
        BIRTHS,
    )
    here = model.weigh(
        Heard(read_signs(text), found((BIRTH, 12.0), (DEATH, 2.0)), NOTHING, found((BIRTH, 12.0), (DEATH, 2.0))), BIRTHS
    )

    assert away.stays < 0.5 and away.stays < here.stays
    assert [hit.procedure.code for hit in away.others] == [MARRIAGE]
    assert away.clear


def test_every_weight_is_one_of_a_feature() -> None:
    """A renamed feature would count as absent, without a word."""
    known = features(Heard(read_signs("x"), found(), NOTHING, found()), BIRTH)
    fitted = {name for name in BearingModel.load().weights if not name.startswith("says_")}

    assert fitted == {name for name in known if not name.startswith("says_")}


def test_the_talks_can_be_read_and_are_no_others() -> None:
    """Nobody measures on what was learned from."""
    tuning, untouched = (load_talks(TALKS / name) for name in ("tuning", "untouched"))

    assert len(tuning) > 600 and len(untouched) > 300
    assert not {(one.about, one.says) for one in tuning} & {(one.about, one.says) for one in untouched}
