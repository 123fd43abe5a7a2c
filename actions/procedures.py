"""Answers questions about procedures: finds which is meant, then says the facts asked for, with their source."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import answers, wording
from actions.case_lines import LineFinder
from actions.choices import differing_attribute
from actions.kinds import BUTTON_TITLES, Kind, from_names, kinds_asked
from actions.memory import Memory, Reason, Subject, elsewhere_events, memory_of, subject_events
from actions.subject import SubjectFinder
from actions.talk_signs import read_signs
from actions.turn import NATIONAL_SEARCH, PORTAL_LINK, Button, Outcome, Speaker, Turn, checklist_link, portal_link
from knowledge.model import Procedure

MAX_BUTTONS = 4
IN_ONE_LINE = frozenset({Kind.FEE, Kind.DURATION})
IN_FEW_LINES = frozenset({Kind.PLACE, Kind.ONLINE})
#: What helps on where the source is silent about a case.
AFTER_WHAT_IF = (Kind.DOCUMENTS, Kind.ELIGIBILITY, Kind.PLACE, Kind.STEPS)
NONE_OF_THESE = Button("Không phải các việc này", "/none_of_these")
#: What is done when the search knows nothing either and the classifier only half believed in one of these.
OTHER_ACTIONS = {
    "ask_status": "application_status_form",
    "capabilities": "utter_capabilities",
    "cancel": "utter_cancelled",
    "complaint": "action_complaint",
    "deny": "action_deny",
    "emergency": "action_emergency",
    "feedback": "action_feedback",
    "follow_application": "action_follow",
    "goodbye": "utter_goodbye",
    "greet": "utter_greet",
    "handover": "action_handover",
    "insult": "utter_insult",
    "privacy": "utter_privacy",
    "scam_or_secret": "action_scam_or_secret",
    "thanks": "utter_thanks",
}
SEARCH_LINK = ("Tra trên Cổng Dịch vụ công quốc gia", NATIONAL_SEARCH)


class AnswerAction(Action):
    """`action_answer`: every kind of question about a procedure, choices and going back."""

    def __init__(self, finder: SubjectFinder, public_url: str = "") -> None:
        self._finder = finder
        self._lines = LineFinder()
        self._public_url = public_url

    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        message = tracker.latest_message
        memory = memory_of(tracker)
        asked = kinds_asked(message)
        subject = await asyncio.to_thread(self._finder.find, message, memory)
        kinds = kinds_asked(message, by_phrase_only=True) if subject.reason is Reason.WHAT_IF else asked
        if not asked and (subject.reason in (Reason.CHOSEN, Reason.UNSURE) or not memory.candidates):
            kinds = from_names(tracker.get_slot("pending_kinds"))  # asked before the procedure was clear
        speak = Speaker(dispatcher)
        if subject.procedure is not None:
            if subject.also:
                return self._answer_all((subject.procedure, *subject.also), kinds, memory, speak)
            text = str(message.get("text") or "")
            return self._answer(subject, subject.procedure, kinds, memory, text, speak)
        if subject.reason is Reason.UNSURE:
            return _ask_back(subject, kinds, str(message.get("text") or ""), speak)
        if subject.reason is Reason.STILL_OPEN:
            return self._offer_again(memory, kinds, speak)
        meant = _half_meant(message) if subject.reason is Reason.NOTHING else None
        if meant in OTHER_ACTIONS:
            return [FollowupAction(OTHER_ACTIONS[meant])]
        _say_so(replace(subject, reason=Reason.OUT_OF_SCOPE) if meant == "out_of_scope" else subject, speak)
        if subject.elsewhere is not None:
            return elsewhere_events(subject.elsewhere, memory)
        return [SlotSet("candidates", None), SlotSet("pending_kinds", [kind.value for kind in kinds] or None)]

    def goes_on(self, tracker: Tracker) -> bool:
        """Tell whether the last message is still about the procedure under discussion. CPU work."""
        return self._finder.goes_on(str(tracker.latest_message.get("text") or ""), memory_of(tracker))

    def _offer_again(self, memory: Memory, kinds: tuple[Kind, ...], speak: Speaker) -> list[EventType]:
        """Ask the same question again: the reply named none of the choices; a kind it asked is remembered.

        What fits one line, a fee or a time, is told of each of them; of two also where and whether online.
        """
        offered = [procedure for code in memory.candidates if (procedure := self._finder.catalogue.get(code))]
        short = IN_ONE_LINE if len(offered) > 2 else IN_ONE_LINE | IN_FEW_LINES
        if kinds and short.issuperset(kinds) and len(offered) <= MAX_BUTTONS:
            for procedure in offered:
                for kind in kinds:
                    answers.answer(kind, procedure, speak)
        else:
            speak.say("utter_choose_first")
        return _offer(offered, kinds, memory.question, speak)

    def _answer(
        self,
        subject: Subject,
        procedure: Procedure,
        kinds: tuple[Kind, ...],
        memory: Memory,
        text: str,
        speak: Speaker,
    ) -> list[EventType]:
        for kind in kinds:
            answers.answer(kind, procedure, speak)
        buttons = further_buttons(procedure, kinds)
        beside = [hit.procedure for hit in subject.offers]
        if not kinds and subject.reason is Reason.WHAT_IF:
            asks_for_a_paper = "must" in read_signs(text).labels
            answers.what_if(procedure, self._lines.about(procedure, text), asks_for_a_paper, speak)
            if beside:
                speak.say("utter_maybe_another")
            more = [Button(BUTTON_TITLES[kind], kind.payload(procedure.code)) for kind in AFTER_WHAT_IF]
            buttons = [*map(_choice, beside), *more][: MAX_BUTTONS + len(beside)]
        elif not kinds:
            answers.overview(procedure, speak)
        links, offered = self._links((procedure,), kinds), tuple(one.code for one in beside)
        turn = Turn(Outcome.ANSWERED, procedure.code, (procedure.code,), candidates=offered, links=links)
        is_new = memory.procedure_code != procedure.code
        close_with_source(procedure, turn, buttons, speak, full_title=is_new)
        return subject_events(procedure.code, memory)

    def _answer_all(
        self, procedures: tuple[Procedure, ...], kinds: tuple[Kind, ...], memory: Memory, speak: Speaker
    ) -> list[EventType]:
        """Answer two requests of one message, one after the other; the first stays under discussion."""
        codes = tuple(procedure.code for procedure in procedures)
        last = procedures[-1]
        for procedure in procedures:
            for kind in kinds or (Kind.DOCUMENTS,):
                answers.answer(kind, procedure, speak)
            if procedure is not last:
                day = wording.day(procedure.as_of)
                speak.say("utter_source_with_title", code=procedure.code, title=procedure.title, as_of=day)
        turn = Turn(Outcome.ANSWERED, codes[0], codes, links=self._links((procedures[0], last), kinds))
        close_with_source(last, turn, further_buttons(last, kinds), speak, full_title=True)
        return subject_events(codes[0], memory)

    def _links(self, procedures: tuple[Procedure, ...], kinds: tuple[Kind, ...]) -> tuple[tuple[str, str], ...]:
        """Return the source of each procedure; where its papers were told, the list of them to print before it."""
        with_papers = not kinds or Kind.DOCUMENTS in kinds
        links: list[tuple[str, str]] = []
        for procedure in procedures:
            if with_papers and procedure.documents:
                links.append(checklist_link(procedure, self._public_url))
            links.append(portal_link(procedure))
        return tuple(links)


def _half_meant(message: dict[str, Any]) -> str | None:
    """Return the likeliest intent of a message that was too unsure to be taken at its word."""
    if (message.get("intent") or {}).get("name") != "nlu_fallback":
        return None
    others = (one["name"] for one in message.get("intent_ranking") or () if one["name"] != "nlu_fallback")
    return next(others, None)


def close_with_source(
    procedure: Procedure, turn: Turn, buttons: list[Button], speak: Speaker, full_title: bool
) -> None:
    """Name the source; the official title too, the first time where answers use the short one."""
    short = full_title and wording.spoken_title(procedure) != procedure.title
    speak.close(
        "utter_source_with_title" if short else "utter_source",
        turn,
        buttons,
        code=procedure.code,
        title=procedure.title,
        as_of=wording.day(procedure.as_of),
    )


def further_buttons(procedure: Procedure, kinds: tuple[Kind, ...]) -> list[Button]:
    """Return buttons for the kinds not answered yet, the most asked first."""
    told = set(kinds) or {Kind.DOCUMENTS, Kind.FEE, Kind.DURATION}
    open_kinds = [(kind, title) for kind, title in BUTTON_TITLES.items() if kind not in told]
    return [Button(title, kind.payload(procedure.code)) for kind, title in open_kinds[:MAX_BUTTONS]]


def _ask_back(subject: Subject, kinds: tuple[Kind, ...], text: str, speak: Speaker) -> list[EventType]:
    return _offer([hit.procedure for hit in subject.offers], kinds, text, speak)


def _offer(offered: list[Procedure], kinds: tuple[Kind, ...], text: str, speak: Speaker) -> list[EventType]:
    codes = tuple(procedure.code for procedure in offered)
    listed = len(offered) > MAX_BUTTONS  # the steps of a life event are no near twins
    attribute = "listed" if listed else differing_attribute(offered)
    buttons = [*map(_choice, offered)]
    choices = "\n".join(f"{number}. {p.short_title}" for number, p in enumerate(offered, 1))
    speak.close(
        f"utter_ask_which_{attribute}" if attribute else "utter_ask_which",
        Turn(Outcome.ASKED_BACK, candidates=codes),
        [*buttons, NONE_OF_THESE],
        choices=choices,
    )
    return [
        SlotSet("candidates", list(codes)),
        SlotSet("pending_kinds", [kind.value for kind in kinds] or None),
        SlotSet("pending_question", text),
    ]


def _choice(procedure: Procedure) -> Button:
    return Button(procedure.short_title, f'/choose_procedure{{"procedure_code": "{procedure.code}"}}')


def _say_so(subject: Subject, speak: Speaker) -> None:
    if subject.elsewhere is not None:
        other = subject.elsewhere
        turn = Turn(Outcome.OUT_OF_SCOPE, links=((PORTAL_LINK, other.source),))
        day = wording.day(other.as_of)
        speak.close("utter_elsewhere", turn, title=other.title, where=other.where, code=other.code, as_of=day)
        return
    if subject.reason is Reason.OUT_OF_SCOPE:
        speak.close("utter_out_of_scope", Turn(Outcome.OUT_OF_SCOPE))
        return
    response = {
        Reason.NOT_SAID: "utter_which_procedure",
        Reason.REJECTED: "utter_none_of_these",
        Reason.UNKNOWN_CODE: "utter_unknown_code",
    }.get(subject.reason, "utter_nothing_found")
    turn = Turn(Outcome.NOTHING_FOUND, links=(SEARCH_LINK,))
    speak.close(response, turn, code=subject.code or "")
