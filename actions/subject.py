"""Which procedure a message is about: named anew, chosen among offers, kept from before, or not to be told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from actions.choices import chosen_number, names_first
from actions.details import asks_a_detail, wants_something
from actions.heard import asks_an_office, without_kinds
from actions.kinds import Kind
from knowledge.attributes import AttributeReader
from knowledge.catalogue import Catalogue
from knowledge.elsewhere import Elsewhere
from knowledge.model import Procedure
from knowledge.question import GENERIC_SYLLABLES, LIGHT_SYLLABLES, QuestionReader
from knowledge.ranking import lead
from knowledge.search import Search, SearchHit, SearchResult, held_words
from knowledge.verdict import Judge, Outcome, Verdict
from knowledge.vietnamese import fold

_AND = re.compile(
    r"\s*(?:,|;|\+|&)?\s+(?:và|va|với|voi|cùng với|cung voi|rồi|roi|xong|đồng thời|dong thoi|kèm|kem)\s+|\s*[;+&]\s*",
    re.IGNORECASE,
)
#: Alone they name no matter: where ("xã hay phường") and how long ("mấy ngày").
_PLACE_OR_TIME = frozenset("bua hay hom huyen nam ngay phuong thang tinh tuan xa".split())  # noqa: SIM905
_SAYS_NOTHING = LIGHT_SYLLABLES | GENERIC_SYLLABLES | _PLACE_OR_TIME
SAYS_IT_ALL = 0.95
_GO_BACK = re.compile(r"\b(?:quay lai|tro lai|quay ve) (?:cai|thu tuc|viec|chuyen)\b")
_WHAT_IF = re.compile(r"^\s*(?:con |the |vay |a |da )*(?:neu|lo|nho|gia su|truong hop|con neu|ma neu)\b")
_KIND_INTENTS = frozenset(kind.intent for kind in Kind)
#: The procedure under discussion stays while no other is more than twice as likely.
MIN_KEEP_MARGIN = lead(2)
#: A reply in words chooses the offered procedure that is at least this much likelier than the next one.
MIN_CHOICE_MARGIN = lead(2)
SURE_OF_SCOPE = 0.85
#: Below this the classifier's word that something is none of ours is weighed against the search's.
SURE_OF_GOSSIP = 0.9
RATHER_OURS = 0.75
#: From here on a procedure is named whatever else a message sounds like: right, and one of ours.
OUTRIGHT_RIGHT, OUTRIGHT_OURS = 0.85, 0.95


class Reason(Enum):
    """How the subject was found, or why there is none."""

    NAMED = "named"
    KEPT = "kept"
    WHAT_IF = "what_if"
    CHOSEN = "chosen"
    RETURNED = "returned"
    UNSURE = "unsure"
    NOTHING = "nothing"
    STILL_OPEN = "still_open"
    REJECTED = "rejected"
    NOT_SAID = "not_said"
    UNKNOWN_CODE = "unknown_code"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Memory:
    """What the conversation remembers (Rasa slots).

    procedure_code: under discussion.  history: earlier ones, oldest first.  candidates: codes offered last.
    question: the words that led to the offer.
    """

    procedure_code: str | None = None
    history: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    question: str = ""


@dataclass(frozen=True)
class Subject:
    """The procedure meant (and the others of the same message), the hits to offer when unsure, or another office's."""

    reason: Reason
    procedure: Procedure | None = None
    offers: tuple[SearchHit, ...] = ()
    also: tuple[Procedure, ...] = ()
    code: str | None = field(default=None)
    elsewhere: Elsewhere | None = None


class SubjectFinder:
    """Decides what a message is about. Pure CPU work: call it in a thread."""

    def __init__(self, search: Search, judge: Judge) -> None:
        self._search = search
        self._judge = judge
        self._reader = QuestionReader()
        self._attributes = AttributeReader()

    @property
    def catalogue(self) -> Catalogue:
        return self._search.index.catalogue

    def find(self, message: Mapping[str, Any], memory: Memory) -> Subject:
        """Return the subject of a parsed message (Rasa's `latest_message`)."""
        intent = str((message.get("intent") or {}).get("name") or "")
        entities = {e["entity"]: e.get("value") for e in message.get("entities", ())}
        text = str(message.get("text") or "")
        if entities.get("procedure_code"):
            return self._by_code(str(entities["procedure_code"]), Reason.CHOSEN if memory.candidates else Reason.NAMED)
        if text.startswith("/"):
            return self._by_button(intent, memory)
        if intent == "none_of_these" and memory.candidates:
            return Subject(Reason.REJECTED)
        if memory.procedure_code and not memory.candidates and asks_a_detail(text):
            return self._by_code(memory.procedure_code, Reason.WHAT_IF)
        if intent == "out_of_scope":
            return self._out_of_scope(text, float((message.get("intent") or {}).get("confidence") or 1.0))
        goes_back = intent == "go_back" or _GO_BACK.search(fold(text)) is not None
        if goes_back:
            return self._back(memory, 0 if names_first(text) else -1)
        if memory.candidates:
            place = chosen_number(text, len(memory.candidates))
            if place is not None:
                return self._by_code(memory.candidates[place], Reason.CHOSEN)
        elif intent == "choose_option":
            return Subject(Reason.NOT_SAID)
        named = self.names_a_matter(text) and self.names_a_matter(without_kinds(text, message))
        if memory.procedure_code and not named:
            return self._about_it(memory.procedure_code, text)
        return self._by_words(text, memory, asks_a_kind=intent in _KIND_INTENTS, asked=asks_an_office(message))

    def _back(self, memory: Memory, which: int) -> Subject:
        """Return an earlier procedure; the one under discussion when there was none before it."""
        earlier = memory.history[which] if memory.history else memory.procedure_code
        return self._by_code(earlier, Reason.RETURNED) if earlier else Subject(Reason.NOT_SAID)

    def _about_it(self, code: str, text: str) -> Subject:
        """Return the procedure under discussion for a message that names no other: a kind of fact, an act, a case."""
        if _WHAT_IF.match(fold(text)):
            return self._by_code(code, Reason.WHAT_IF)
        if self._names_only_an_act(text) and code in self.catalogue.procedures:
            return self._by_search(f"{text} {self.catalogue.procedures[code].title}")
        return self._by_code(code, Reason.KEPT)

    def names_a_matter(self, text: str) -> bool:
        """Tell whether the text holds words that can name a procedure, beside frame and filler words."""
        question = self._reader.read(text)
        says = any(term not in _SAYS_NOTHING and len(term) > 1 for term in question.terms)
        adds = any(term not in _SAYS_NOTHING for term in question.added)
        return not question.only_frame and (says or adds)

    def names_outright(self, text: str) -> bool:
        """Tell whether the search is all but certain of one procedure."""
        verdict = self._judge.judge(self._search.find(text))
        sure = verdict.p_right >= OUTRIGHT_RIGHT and verdict.p_in_scope >= OUTRIGHT_OURS
        return verdict.outcome is Outcome.CLEAR and sure

    def _names_only_an_act(self, text: str) -> bool:
        """Tell whether the text says what to do but not with what: "cấp lại", "gia hạn thì sao"."""
        return not self.names_a_matter(text) and bool(self._attributes.read(text).acts)

    def _out_of_scope(self, text: str, confidence: float) -> Subject:
        """Believe the intent unless the search is very sure of a procedure, or the intent is not and the search is."""
        verdict = self._judge.judge(self._search.find(text))
        sure = verdict.outcome is Outcome.CLEAR and verdict.p_in_scope >= SURE_OF_SCOPE
        if sure or (confidence < SURE_OF_GOSSIP and verdict.p_in_scope >= RATHER_OURS):
            return self._of_verdict(verdict)
        return Subject(Reason.OUT_OF_SCOPE, elsewhere=verdict.elsewhere)

    def _by_button(self, intent: str, memory: Memory) -> Subject:
        if intent == "none_of_these":
            return Subject(Reason.REJECTED)
        if memory.procedure_code:
            return self._by_code(memory.procedure_code, Reason.KEPT)
        return Subject(Reason.NOT_SAID)

    def _by_code(self, code: str, reason: Reason) -> Subject:
        procedure = self.catalogue.get(code)
        return Subject(reason, procedure) if procedure else Subject(Reason.UNKNOWN_CODE, code=code)

    def _by_words(self, text: str, memory: Memory, asks_a_kind: bool, asked: bool) -> Subject:
        current = memory.procedure_code
        if current and _WHAT_IF.match(fold(text)):
            return self._by_code(current, Reason.WHAT_IF)
        if not self.names_a_matter(text):
            return Subject(Reason.STILL_OPEN) if memory.candidates else self._all_the_same(text)
        result = self._search.find(text)
        several = self._several(text, result)
        if several:
            return Subject(Reason.NAMED, several[0], also=several[1:])
        if memory.candidates and self.names_a_matter(text):
            chosen = self._among(memory, text, result)
            if chosen:
                return self._by_code(chosen, Reason.CHOSEN)
        if current and self._goes_on(current, result):
            return self._by_code(current, Reason.KEPT)
        subject = self._of_verdict(self._judge.judge(result, asked))
        vague = subject.reason is Reason.UNSURE and not wants_something(text)
        if current and asks_a_kind and (vague or subject.reason is Reason.NOTHING):
            return self._by_code(current, Reason.KEPT)  # a kind of question about nothing else we know
        return subject

    def _all_the_same(self, text: str) -> Subject:
        """Return the procedure of words that name none one by one, where the search is very sure ("giấy chứng tử")."""
        if self._reader.read(text).only_frame:
            return Subject(Reason.NOT_SAID)
        verdict = self._judge.judge(self._search.find(text))
        sure = verdict.outcome is Outcome.CLEAR and min(verdict.p_in_scope, verdict.p_right) >= RATHER_OURS
        return self._of_verdict(verdict) if sure else Subject(Reason.NOT_SAID)

    def _by_search(self, text: str) -> Subject:
        return self._of_verdict(self._judge.judge(self._search.find(text)))

    def _of_verdict(self, verdict: Verdict) -> Subject:
        if verdict.outcome is Outcome.CLEAR:
            return Subject(Reason.NAMED, verdict.hits[0].procedure)
        if verdict.outcome is Outcome.AMBIGUOUS:
            return Subject(Reason.UNSURE, offers=verdict.hits)
        return Subject(Reason.NOTHING, elsewhere=verdict.elsewhere)

    def _several(self, text: str, whole: SearchResult) -> tuple[Procedure, ...]:
        """Return the procedures of a message with two requests ("khai tử với xóa thường trú"), else nothing.

        Each half must be clear by itself, and no single name of a procedure may say it all.
        """
        halves = [half for half in _AND.split(text) if self.names_a_matter(half)]
        if len(halves) != 2 or (whole.hits and held_words(whole.hits[0], whole.question) >= SAYS_IT_ALL):
            return ()
        verdicts = [self._judge.judge(self._search.find(half)) for half in halves]
        if any(verdict.outcome is not Outcome.CLEAR for verdict in verdicts):
            return ()
        found = {verdict.hits[0].procedure.code: verdict.hits[0].procedure for verdict in verdicts}
        return tuple(found.values()) if len(found) == 2 else ()

    def _goes_on(self, current: str, result: SearchResult) -> bool:
        """Tell whether the procedure under discussion fits about as well as the best hit."""
        scores: Mapping[str, float] = {hit.procedure.code: hit.score for hit in result.hits}
        return current in scores and scores[current] >= result.hits[0].score - MIN_KEEP_MARGIN

    def _among(self, memory: Memory, text: str, alone: SearchResult) -> str | None:
        """Return the offered code that a reply in words singles out, read together with the first question."""
        if self._judge.judge(alone).outcome is Outcome.CLEAR:
            best = alone.hits[0].procedure.code
            return best if best in memory.candidates else None
        together = self._search.find(f"{memory.question} {text}", limit=30)
        scores = sorted(
            ((hit.score, hit.procedure.code) for hit in together.hits if hit.procedure.code in memory.candidates),
            reverse=True,
        )
        if not scores:
            return None
        second = scores[1][0] if len(scores) > 1 else 0.0
        return scores[0][1] if scores[0][0] - second >= MIN_CHOICE_MARGIN else None
