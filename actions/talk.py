"""Reads a message in its talk: beside the procedure under discussion, or as the reply to "which of these?"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actions.bearing import CLEAR_FROM, DEEP, Bearing, BearingModel, Heard, combined
from actions.case_lines import LineFinder
from actions.talk_signs import read_signs
from knowledge.model import Procedure
from knowledge.ranking import lead
from knowledge.search import Search, SearchHit, SearchResult
from knowledge.verdict import Judge, Outcome

#: A reply in words chooses the offered procedure that is at least this much likelier than the next one, by itself and
#: together with the first question.
MIN_CHOICE_MARGIN = lead(2)
#: A reply that fits another procedure this much better than any that was offered begins another matter.
MIN_NEW_MARGIN = lead(5)


@dataclass(frozen=True)
class Reply:
    """What a reply in words to "which of these?" settles: one of them, other matters, or nothing.

    chosen: the code of the one offered.  others: what it is about instead, best first.  clear: the first is far ahead.
    """

    chosen: str | None = None
    others: tuple[SearchHit, ...] = ()
    clear: bool = False


class Talk:
    """Asks the search for a message alone and together with what was said before. Pure CPU work, thread-safe."""

    def __init__(self, search: Search, judge: Judge, model: BearingModel | None = None) -> None:
        self._search = search
        self._judge = judge
        self._model = model or BearingModel.load()
        self._lines = LineFinder()
        read_signs("")  # faulty words stop the start, not a citizen's turn

    def bearing(self, text: str, current: Procedure) -> Bearing:
        """Return how a message bears on the procedure under discussion."""
        return self._model.weigh(self.heard(text, current), current)

    def heard(self, text: str, current: Procedure) -> Heard:
        """Return what the model weighs."""
        alone = self._search.find(text, DEEP)
        together = self._search.find(f"{text} {current.short_title}", DEEP)
        told = len(self._lines.about(current, text))
        return Heard(read_signs(text), alone, self._judge.judge(alone, asked=True), together, told)

    def reply(self, text: str, question: str, offered: Sequence[str]) -> Reply:
        """Return what a reply settles.

        question: the words that led to the offer.  offered: the codes offered.
        """
        alone = self._search.find(text, DEEP)
        ranked = combined(alone, self._search.find(f"{question} {text}", DEEP))
        ours = [hit for hit in ranked if hit.procedure.code in offered]
        others = [hit for hit in ranked if hit.procedure.code not in offered]
        says_much = self._judge.judge(alone).outcome is not Outcome.NOTHING  # "cái mô cũng được" is near to nothing
        if others and says_much and (not ours or others[0].score >= ours[0].score + MIN_NEW_MARGIN):
            clear = len(others) < 2 or others[1].score <= others[0].score - CLEAR_FROM
            return Reply(None, tuple(others), clear)
        if len(ours) == 1 or (ours and _tells_apart(ours[0], ours[1], alone)):
            return Reply(ours[0].procedure.code)
        return Reply()


def _tells_apart(first: SearchHit, second: SearchHit, alone: SearchResult) -> bool:
    """Tell whether a reply chooses the first of the offered: by itself, and not only with the first question."""
    scores: Mapping[str, float] = {hit.procedure.code: hit.score for hit in alone.hits}
    absent = min(scores.values(), default=0.0)
    ahead = scores.get(first.procedure.code, absent) - scores.get(second.procedure.code, absent)
    return ahead >= MIN_CHOICE_MARGIN and first.score - second.score >= MIN_CHOICE_MARGIN
