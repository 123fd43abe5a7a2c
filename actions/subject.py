"""Which procedure a message is about: named anew, chosen among offers, kept from before, or not to be told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.bearing import MOVES_BELOW, STAYS_FROM, Bearing
from actions.choices import chosen_number
from actions.corrections import what_is_meant
from actions.going_back import earlier, goes_back, named_earlier
from actions.heard import asks_an_office, without_kinds
from actions.kinds import Kind
from actions.memory import Memory, Reason, Subject
from actions.talk import Talk
from actions.talk_signs import read_signs
from knowledge.attributes import AttributeReader
from knowledge.catalogue import Catalogue
from knowledge.elsewhere import Elsewhere
from knowledge.model import Procedure
from knowledge.question import GENERIC_SYLLABLES, LIGHT_SYLLABLES, QuestionReader
from knowledge.search import Search, SearchHit, SearchResult, held_words
from knowledge.verdict import MAX_CHOICES, Judge, Outcome, Verdict

_AND = re.compile(
    r"\s*(?:,|;|\+|&)?\s+(?:và|va|với|voi|cùng với|cung voi|rồi|roi|xong|đồng thời|dong thoi|kèm|kem)\s+|\s*[;+&]\s*",
    re.IGNORECASE,
)
#: Alone they name no matter: where ("xã hay phường") and how long ("mấy ngày").
_PLACE_OR_TIME = frozenset("bua hay hom huyen nam ngay phuong thang tinh tuan xa".split())  # noqa: SIM905
_SAYS_NOTHING = LIGHT_SYLLABLES | GENERIC_SYLLABLES | _PLACE_OR_TIME
SAYS_IT_ALL = 0.95
_KIND_INTENTS = frozenset(kind.intent for kind in Kind)
#: From here on the classifier's word for a kind of question counts where no phrase gives it away.
SURE_OF_KIND = 0.6
#: How many other procedures are offered beside the answer to "nếu …".
MAX_BESIDE = 2
#: From here on nothing else is offered beside the answer about a case.
SURELY_NO_OTHER = 0.9
#: Below this, and only for one clear procedure, "lỡ cháy mất bìa đỏ thì sao" is another matter. Of 199 such messages of
#: the told talks it moves 43 rightly, 1 to a wrong procedure and 1 that should have stayed.
SURELY_MOVES = 0.3
#: What sounds like gossip in the middle of a talk is still about it when the model is so sure.
SURELY_STAYS = 0.75
#: In these messages end that ask whether, and not for a kind of fact.
_ASKS_WHETHER = frozenset({"may", "no", "then_what", "done_then_what"})
SURE_OF_SCOPE = 0.85
#: In a talk about a procedure a message is a no, a complaint or a choice only when it sounds so surely like one: half
#: sentences sound like anything, whole ones of the kept-aside cases are surer nearly always.
SURE_IN_TALK = 0.95
#: Below this "không, khai sinh của con tui cơ" names what is meant rather than refusing the choices.
SURE_OF_NONE = 0.75
#: Below this the classifier's word that something is none of ours is weighed against the search's.
SURE_OF_GOSSIP = 0.9
RATHER_OURS = 0.75
#: From here on a procedure is named whatever else a message sounds like: right, and one of ours.
OUTRIGHT_RIGHT, OUTRIGHT_OURS = 0.85, 0.95


class SubjectFinder:
    """Decides what a message is about. Pure CPU work: call it in a thread."""

    def __init__(self, search: Search, judge: Judge, talk: Talk | None = None) -> None:
        self._search = search
        self._judge = judge
        self._talk = talk or Talk(search, judge)
        self._reader = QuestionReader()
        self._attributes = AttributeReader()

    @property
    def catalogue(self) -> Catalogue:
        return self._search.index.catalogue

    def find(self, message: Mapping[str, Any], memory: Memory) -> Subject:
        """Return the subject of a parsed message (Rasa's `latest_message`)."""
        intent = str((message.get("intent") or {}).get("name") or "")
        entities = {e["entity"]: e.get("value") for e in message.get("entities", ())}
        said = str(message.get("text") or "")
        text = what_is_meant(said)
        if entities.get("procedure_code"):
            return self._by_code(str(entities["procedure_code"]), Reason.CHOSEN if memory.candidates else Reason.NAMED)
        if text.startswith("/"):
            return self._by_button(intent, memory)
        confidence = float((message.get("intent") or {}).get("confidence") or 1.0)
        if intent == "none_of_these" and memory.candidates and confidence >= SURE_OF_NONE and text == said:
            return Subject(Reason.REJECTED)
        if intent == "out_of_scope":
            return self._out_of_scope(text, confidence, memory)
        if goes_back(text, intent):
            code = earlier(text, memory)
            return self._by_code(code, Reason.RETURNED) if code else Subject(Reason.NOT_SAID)
        if code := named_earlier(text, memory, self._search):
            return self._by_code(code, Reason.RETURNED)
        if memory.candidates:
            place = chosen_number(text, len(memory.candidates))
            if place is not None:
                return self._by_code(memory.candidates[place], Reason.CHOSEN)
        elif intent == "choose_option" and not (memory.is_talk and confidence < SURE_IN_TALK):
            return Subject(Reason.NOT_SAID)
        named = self.names_a_matter(text) and self.names_a_matter(what_is_meant(without_kinds(said, message)))
        if memory.procedure_code and not memory.candidates and not named:
            return self._about_it(memory.procedure_code, text)
        if memory.elsewhere_code and not named and (entry := self._elsewhere(memory.elsewhere_code)):
            return Subject(Reason.NOTHING, elsewhere=entry)
        asked_by_intent = intent in _KIND_INTENTS and confidence >= SURE_OF_KIND
        current = self._under_discussion(memory)
        if current is not None:
            return self._in_talk(text, current, asked_by_intent)
        subject = self._by_words(text, memory, asked=asks_an_office(message))
        refused = intent == "none_of_these" and subject.reason is Reason.STILL_OPEN
        return Subject(Reason.REJECTED) if refused else subject

    def _elsewhere(self, code: str) -> Elsewhere | None:
        return next((one for one in self._search.index.elsewhere if one.code == code), None)

    def _about_it(self, code: str, text: str) -> Subject:
        """Return the procedure under discussion for a message that names no other: a kind of fact, an act, a case."""
        if read_signs(text).opening == "if":
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

    def goes_on(self, text: str, memory: Memory) -> bool:
        """Tell whether a message may still be about the procedure under discussion; no, when there is none."""
        current = self._under_discussion(memory)
        return current is not None and self._talk.bearing(text, current).stays > MOVES_BELOW

    def _under_discussion(self, memory: Memory) -> Procedure | None:
        """Return the procedure that a message may go on about; None while a question is open."""
        return None if memory.candidates else self.catalogue.get(memory.procedure_code or "")

    def _in_talk(self, text: str, current: Procedure, asked_by_intent: bool) -> Subject:
        """Return what a message is about that names something while a procedure is under discussion."""
        bearing = self._talk.bearing(text, current)
        several = self._several(text, bearing.alone)
        if several:
            return Subject(Reason.NAMED, several[0], also=several[1:])
        if bearing.stays >= STAYS_FROM:
            reason = self._kept(text, bearing, asked_by_intent)
            in_doubt = reason is Reason.WHAT_IF and bearing.stays < SURELY_NO_OTHER
            return Subject(reason, current, bearing.others[:MAX_BESIDE] if in_doubt else ())
        if read_signs(text).opening == "if" and not (bearing.clear and bearing.stays < SURELY_MOVES):
            # "nếu bố mẹ chưa kết hôn" is asked of what is talked about; another procedure for it is only offered.
            return Subject(Reason.WHAT_IF, current, bearing.others[:MAX_BESIDE])
        if bearing.elsewhere:
            return Subject(Reason.NOTHING, elsewhere=bearing.elsewhere)
        if bearing.stays > MOVES_BELOW:
            offered = (SearchHit(current, "", 0.0, {}), *bearing.others[: MAX_CHOICES - 1])
            return Subject(Reason.UNSURE, offers=offered)
        if bearing.is_theirs:
            return Subject(Reason.NOTHING)
        return self._one_or_some(bearing.others, bearing.clear)

    @staticmethod
    def _kept(text: str, bearing: Bearing, asked_by_intent: bool) -> Reason:
        """Tell a question for a kind of fact, or for the procedure once more, from one for a case of it."""
        signs = read_signs(text)
        if signs.kinds or bearing.names_it:
            return Reason.KEPT
        whether = signs.ending in _ASKS_WHETHER or signs.opening == "if"
        return Reason.KEPT if asked_by_intent and not whether else Reason.WHAT_IF

    @staticmethod
    def _one_or_some(hits: Sequence[SearchHit], clear: bool) -> Subject:
        if not hits:
            return Subject(Reason.NOTHING)
        offers = tuple(hits[:MAX_CHOICES])
        return Subject(Reason.NAMED, hits[0].procedure) if clear else Subject(Reason.UNSURE, offers=offers)

    def _out_of_scope(self, text: str, confidence: float, memory: Memory) -> Subject:
        """Believe the intent unless the search is very sure of a procedure, or the intent is not and the search is."""
        current = self._under_discussion(memory)
        if current is not None and (confidence < SURE_OF_GOSSIP or read_signs(text).kinds):
            bearing = self._talk.bearing(text, current)
            if bearing.stays >= SURELY_STAYS:
                return Subject(self._kept(text, bearing, asked_by_intent=False), current)
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

    def _by_words(self, text: str, memory: Memory, asked: bool) -> Subject:
        if not self.names_a_matter(text):
            return Subject(Reason.STILL_OPEN) if memory.candidates else self._all_the_same(text)
        result = self._search.find(text)
        several = self._several(text, result)
        if several:
            return Subject(Reason.NAMED, several[0], also=several[1:])
        return self._reply(memory, text) if memory.candidates else self._of_verdict(self._judge.judge(result, asked))

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

    def _reply(self, memory: Memory, text: str) -> Subject:
        """Return what a reply in words to "which of these?" is about: one of them, another matter, or still open."""
        reply = self._talk.reply(text, memory.question, memory.candidates)
        if reply.chosen:
            return self._by_code(reply.chosen, Reason.CHOSEN)
        return self._one_or_some(reply.others, reply.clear) if reply.others else Subject(Reason.STILL_OPEN)
