"""Builds what actions work on: procedures, search hits, trackers; and runs an action as rasa would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.bearing import Bearing
from actions.subject import SubjectFinder
from actions.talk import Reply, Talk
from knowledge.catalogue import Catalogue
from knowledge.elsewhere import Elsewhere
from knowledge.model import Act, Channel, Facets, Level, LifeEvent, Procedure
from knowledge.question import Question
from knowledge.search import Search, SearchHit, SearchResult
from knowledge.verdict import Judge, Outcome, Verdict
from tests.fakes.elsewhere import make_rival

BIRTH, DEATH, MARRIAGE = "1.001193", "1.000656", "1.000894"


def make_procedure(code: str = BIRTH, title: str = "Đăng ký khai sinh", **facts: Any) -> Procedure:
    """Return a procedure whose source states nothing but its name; `facts` add the rest."""
    bare = Procedure(
        code=code,
        title=title,
        short_title=title,
        field="Hộ tịch",
        levels=(Level.COMMUNE,),
        authority=None,
        audience=(),
        channels=(Channel.COUNTER,),
        online=None,
        durations=(),
        fees=(),
        documents=(),
        result=None,
        conditions=(),
        legal_basis=(),
        source_url="https://dichvucong.gov.vn/",
        as_of=date(2026, 4, 15),
        also_called=(),
        facets=Facets(Act.FIRST),
    )
    return replace(bare, **facts)


PROCEDURES = (
    make_procedure(),
    make_procedure(DEATH, "Đăng ký khai tử"),
    make_procedure(MARRIAGE, "Đăng ký kết hôn"),
)


class FakeSearch:
    """Knows which procedures fit which words; an unexpected question is an error.

    found: (code, score) pairs by question, best first.  events: life events by question.
    elsewhere: what other offices do, by question.
    """

    def __init__(
        self,
        found: Mapping[str, Sequence[tuple[str, float]]],
        procedures: Sequence[Procedure] = PROCEDURES,
        events: Mapping[str, tuple[LifeEvent, float]] | None = None,
        elsewhere: Mapping[str, Elsewhere] | None = None,
    ) -> None:
        known = {procedure.code: procedure for procedure in procedures}
        self._events = events or {}
        catalogue = Catalogue(known, {event.name: event for event, _ in self._events.values()})
        self.index = SimpleNamespace(catalogue=catalogue, elsewhere=tuple((elsewhere or {}).values()))
        self.asked: list[str] = []
        self._found = found
        self._elsewhere = elsewhere or {}

    def find(self, text: str, limit: int = 10) -> SearchResult:
        """Return the hits that were agreed on for this question."""
        if text not in self._found and text not in self._events:
            raise AssertionError(f"nobody expected the search to be asked {text!r}")
        self.asked.append(text)
        known = self.index.catalogue.procedures
        hits = tuple(SearchHit(known[code], text, score, {}) for code, score in self._found.get(text, ()))
        events = tuple(
            SearchHit(event, text, score, {}) for words, (event, score) in self._events.items() if words == text
        )
        question = Question(text, tuple(text.split()), (), text, True)
        other = self._elsewhere.get(text)
        rival = make_rival(other) if other else None
        return SearchResult(question, hits[:limit], (), events, 1.0, rival=rival)


class FakeJudge:
    """Clear above 0.8 of score when the second is 0.2 behind; nothing below 0.3 (0.2 when asked); else ambiguous."""

    def judge(self, result: SearchResult, asked: bool = False) -> Verdict:
        """Return the verdict on the scores alone."""
        hits = result.hits
        if not hits or hits[0].score < (0.2 if asked else 0.3):
            return Verdict(Outcome.NOTHING, (), 0.0, 0.0, result.rival.entry if result.rival else None)
        second = hits[1].score if len(hits) > 1 else 0.0
        if hits[0].score >= 0.8 and hits[0].score - second >= 0.2:
            return Verdict(Outcome.CLEAR, hits[:1], 1.0, 1.0)
        return Verdict(Outcome.AMBIGUOUS, hits[:4], 0.5, 1.0)


class FakeTalk:
    """Knows how messages bear on what is talked about; an unexpected one is an error.

    stays: how likely a message goes on.  others: what it is about else, best first.  replies: to "which of these?".
    elsewhere: what other offices do, by message.  named: surely enough to be named.
    """

    def __init__(
        self,
        stays: Mapping[str, float] | None = None,
        others: Mapping[str, Sequence[str]] | None = None,
        replies: Mapping[str, Reply] | None = None,
        elsewhere: Mapping[str, Elsewhere] | None = None,
        named: bool = True,
    ) -> None:
        self._named = named
        self._stays = stays or {}
        self._others = others or {}
        self._replies = replies or {}
        self._elsewhere = elsewhere or {}

    def bearing(self, text: str, current: Procedure) -> Bearing:
        """Return what was agreed on."""
        hits = tuple(hit_of(code) for code in self._others.get(text, ()))
        other = self._elsewhere.get(text)
        rival = make_rival(other) if other else None
        alone = SearchResult(Question(text, (), (), text, True), (), (), (), 1.0, rival=rival)
        return Bearing(self._stays[text], False, hits, len(hits) == 1, alone, other if self._named else None)

    def reply(self, text: str, question: str, offered: Sequence[str]) -> Reply:
        """Return what was agreed on."""
        return self._replies[text]


def hit_of(code: str) -> SearchHit:
    """Return a hit for a procedure of the tests."""
    return SearchHit(next(one for one in PROCEDURES if one.code == code), "", 1.0, {})


def make_finder(search: FakeSearch, talk: FakeTalk | None = None) -> SubjectFinder:
    return SubjectFinder(cast(Search, search), cast(Judge, FakeJudge()), cast(Talk, talk or FakeTalk()))


def as_search(search: FakeSearch) -> Search:
    return cast(Search, search)


def sounding_like(intent: str, confidence: float, text: str) -> dict[str, Any]:
    """Return a parsed message that the classifier takes for an intent, so surely."""
    return {**make_message(text, intent), "intent": {"name": intent, "confidence": confidence}}


def make_message(text: str, intent: str = "ask_procedure", **entities: str) -> dict[str, Any]:
    """Return a parsed message; entities by name, in the order of the words."""
    found = [{"entity": name, "value": value, "start": n} for n, (name, value) in enumerate(entities.items())]
    return {"text": text, "intent": {"name": intent}, "entities": found}


@dataclass
class Said:
    """What an action uttered and the events it gave."""

    messages: list[dict[str, Any]]
    events: list[EventType] = field(default_factory=list)

    @property
    def responses(self) -> list[str]:
        return [message["response"] for message in self.messages]

    @property
    def turn(self) -> dict[str, Any]:
        """Return the turn that the last message carries."""
        turn: dict[str, Any] = self.messages[-1]["custom"]["turn"]
        return turn

    @property
    def slots(self) -> dict[str, Any]:
        return {str(event["name"]): event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def buttons(self) -> list[str]:
        return [button["title"] for button in self.messages[-1]["buttons"]]


async def run(action: Action, message: Mapping[str, Any], slots: Mapping[str, Any] | None = None) -> Said:
    """Run an action for a message, with rasa-sdk's own tracker and dispatcher."""
    dispatcher = CollectingDispatcher()
    tracker = Tracker("a-citizen", dict(slots or {}), dict(message), [], False, None, {}, "action_listen")
    events = await action.run(dispatcher, tracker, {})
    return Said(dispatcher.messages, list(events or []))
