"""Being told when an application changes (theo dõi hồ sơ): consent asked, given with its proof, and taken back."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import wording
from actions.one_stop.port import vietnam_now
from actions.one_stop.status_view import StatusView
from actions.turn import Button, Outcome, Speaker, Turn
from knowledge.vietnamese import fold

#: Names the wording of `utter_follow_consent`; a test holds that another wording gets another version.
CONSENT_VERSION = "1"
CONSENT = "utter_follow_consent"
RESPONSES = Path(__file__).parents[1] / "bot" / "domain" / "responses" / "following.yml"
PENDING = "follow_pending"
TALK = Turn(Outcome.SMALL_TALK)
ASKED = Turn(Outcome.ASKED_BACK)
_YES = re.compile(r"^(da |vang |u |uh |a )*(co|dong y|ok|oke|okay|duoc|vang|u|uh|nhat tri)\b(?! khong\b)")
_LIST = re.compile(r"\btheo doi (nhung |cac )?(ho so |ma )?(nao|gi)\b|\b(danh sach|dang) theo doi\b")
_ALL = re.compile(r"\b(tat ca|het|toan bo|moi ho so)\b")


@dataclass(frozen=True)
class Consent:
    """The proof that somebody agreed: to which words, when, for which application.

    text_hash: SHA-256 of the exact text that was shown. The channel is added by whoever keeps it.
    """

    conversation: str
    code: str
    version: str
    text_hash: str
    given_at: datetime


@dataclass(frozen=True)
class Checked:
    """An application whose identity check succeeded lately. is_final: nothing will change any more."""

    code: str
    is_final: bool


@dataclass(frozen=True)
class Followed:
    """An application that is followed. ends_at: the latest end.  on_web: news reach an open page only."""

    code: str
    ends_at: datetime
    on_web: bool


class FollowRefused(Exception):
    """An application cannot be followed.

    NotChecked   no identity check of it in this conversation within the last half hour
    TooMany      as many are followed already as one person may
    """


class NotChecked(FollowRefused):
    """No identity check of this application in this conversation lately."""


class TooMany(FollowRefused):
    """Nobody follows more applications than a person has."""


class Subscriptions(Protocol):
    """Who follows what. days: how long at most."""

    days: int

    async def note_check(self, conversation: str, view: StatusView, now: datetime) -> None:
        """Note that an identity check succeeded just now and what was shown."""
        ...

    async def note_shown(self, conversation: str, view: StatusView) -> None:
        """Note what was shown without another check: whoever follows then is told of later changes only."""
        ...

    async def checked(self, conversation: str, now: datetime) -> tuple[Checked, ...]:
        """Return the applications checked within the last half hour, the latest first."""
        ...

    async def follow(self, consent: Consent) -> Followed:
        """Begin to follow and keep the proof; following again only keeps the new proof.

        Raises:
            NotChecked, TooMany: see there.
        """
        ...

    async def followed(self, conversation: str) -> tuple[Followed, ...]:
        """Return what is followed, the latest first."""
        ...

    async def unfollow(self, conversation: str, codes: Collection[str]) -> None:
        """Stop following these."""
        ...


class ConsentText:
    """The words that are agreed to, exactly as the citizen reads them."""

    def __init__(self, path: Path = RESPONSES) -> None:
        stored = yaml.safe_load(path.read_text(encoding="utf8"))["responses"]
        self._template = str(stored[CONSENT][0]["text"])

    def hash_of(self, **values: object) -> str:
        """Return the SHA-256 of the text with its values."""
        return sha256(self._template.format(**values).encode()).hexdigest()


class _Follower:
    """What the actions share: asking for consent and taking it."""

    def __init__(self, subscriptions: Subscriptions, text: ConsentText) -> None:
        self._subscriptions = subscriptions
        self._text = text

    def ask(self, code: str, speak: Speaker) -> list[EventType]:
        """Ask for consent; the button carries the words' version and the application."""
        yes = f'/follow_application{{"followed_code": "{code}", "value": "yes-{CONSENT_VERSION}"}}'
        buttons = [Button("Đồng ý", yes), Button("Không", "/deny")]
        speak.close(CONSENT, ASKED, buttons, code=code, days=self._subscriptions.days)
        return [SlotSet(PENDING, f"{CONSENT_VERSION} {code}"), SlotSet("application_code", None)]

    async def begin(self, conversation: str, code: str, speak: Speaker) -> list[EventType]:
        """Take the consent that was just given."""
        text_hash = self._text.hash_of(code=code, days=self._subscriptions.days)
        consent = Consent(conversation, code, CONSENT_VERSION, text_hash, vietnam_now())
        try:
            followed = await self._subscriptions.follow(consent)
        except NotChecked:
            speak.close("utter_follow_check_first", TALK, [_check(code)])
        except TooMany:
            speak.close("utter_follow_too_many", TALK, [STOP_ALL])
        else:
            response = "utter_follow_on_web" if followed.on_web else "utter_follow_on"
            speak.close(response, TALK, [stop_button(code)], code=code, until=wording.day(followed.ends_at))
        return [SlotSet(PENDING, None), SlotSet("application_code", None)]


class FollowAction(Action):
    """`action_follow`: asks for consent, takes it from the button, or lists what is followed."""

    def __init__(self, subscriptions: Subscriptions, text: ConsentText | None = None) -> None:
        self._subscriptions = subscriptions
        self._follower = _Follower(subscriptions, text or ConsentText())

    def name(self) -> str:
        return "action_follow"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        speak, words = Speaker(dispatcher), _words(tracker)
        value = next(tracker.get_latest_entity_values("value"), None)
        if value == "list" or _LIST.search(words):
            return await self._list(tracker.sender_id, speak)
        named = _named(tracker)
        pending = _pending(tracker)
        if value == f"yes-{CONSENT_VERSION}" and named:
            return await self._follower.begin(tracker.sender_id, named, speak)
        if pending and _was_just_asked(tracker) and _YES.match(words) and named in (None, pending):
            return await self._follower.begin(tracker.sender_id, pending, speak)
        return await self._ask(tracker.sender_id, named, speak)

    async def _ask(self, conversation: str, named: str | None, speak: Speaker) -> list[EventType]:
        checked = await self._subscriptions.checked(conversation, vietnam_now())
        meant = next((one for one in checked if named in (None, one.code)), None)
        if meant is None:
            speak.close("utter_follow_check_first", TALK, [_check(named)])
        elif meant.is_final:
            speak.close("utter_follow_final", TALK, code=meant.code)
        elif already := [one for one in await self._subscriptions.followed(conversation) if one.code == meant.code]:
            buttons = [stop_button(meant.code)]
            speak.close("utter_follow_already", TALK, buttons, code=meant.code, until=wording.day(already[0].ends_at))
        else:
            return self._follower.ask(meant.code, speak)
        return [SlotSet("application_code", None)]

    async def _list(self, conversation: str, speak: Speaker) -> list[EventType]:
        followed = await self._subscriptions.followed(conversation)
        if not followed:
            speak.close("utter_nothing_followed", TALK)
            return []
        lines = wording.lines([f"{one.code} (tới {wording.day(one.ends_at)})" for one in followed])
        speak.close("utter_follow_list", TALK, _stop_buttons([one.code for one in followed]), applications=lines)
        return []


class UnfollowAction(Action):
    """`action_unfollow`: stops following the one application, the one named, or asks which."""

    def __init__(self, subscriptions: Subscriptions) -> None:
        self._subscriptions = subscriptions

    def name(self) -> str:
        return "action_unfollow"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        speak, named = Speaker(dispatcher), _named(tracker)
        codes = [one.code for one in await self._subscriptions.followed(tracker.sender_id)]
        forget: list[EventType] = [SlotSet("application_code", None), SlotSet(PENDING, None)]
        wants_all = next(tracker.get_latest_entity_values("value"), None) == "all" or _ALL.search(_words(tracker))
        ended = codes if wants_all or (len(codes) == 1 and named is None) else [code for code in codes if code == named]
        if not codes:
            speak.close("utter_nothing_followed", TALK)
        elif ended:
            await self._subscriptions.unfollow(tracker.sender_id, ended)
            speak.close("utter_follow_ended", TALK, applications=wording.joined(ended, "và"))
        elif named:
            speak.close("utter_follow_not_this", TALK, _stop_buttons(codes), code=named)
        else:
            speak.close("utter_follow_which", ASKED, _stop_buttons(codes), applications=wording.lines(codes))
        return forget


class AffirmAction(Action):
    """`action_affirm`: a bare yes; consent when it answers that question, and else nothing but politeness.

    After an interruption a yes may mean anything, so the question is put again.
    """

    def __init__(self, subscriptions: Subscriptions, text: ConsentText | None = None) -> None:
        self._follower = _Follower(subscriptions, text or ConsentText())
        self._subscriptions = subscriptions

    def name(self) -> str:
        return "action_affirm"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        speak, code = Speaker(dispatcher), _pending(tracker)
        if code and _was_just_asked(tracker):
            return await self._follower.begin(tracker.sender_id, code, speak)
        if code and any(
            one.code == code for one in await self._subscriptions.checked(tracker.sender_id, vietnam_now())
        ):
            return self._follower.ask(code, speak)
        speak.close("utter_affirm", TALK)
        return [SlotSet(PENDING, None)] if code else []


class DenyAction(Action):
    """`action_deny`: a bare no; refuses consent when that was asked last."""

    def name(self) -> str:
        return "action_deny"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        code = _pending(tracker)
        if code and _was_just_asked(tracker):
            Speaker(dispatcher).close("utter_follow_declined", TALK, code=code)
        else:
            Speaker(dispatcher).close("utter_deny", TALK)
        return [SlotSet(PENDING, None)] if code else []


def following_actions(subscriptions: Subscriptions) -> list[Action]:
    """Return the actions around following, and the bare yes and no."""
    text = ConsentText()
    return [
        FollowAction(subscriptions, text),
        UnfollowAction(subscriptions),
        AffirmAction(subscriptions, text),
        DenyAction(),
    ]


def follow_button(code: str) -> Button:
    """Return the button under a status; it names its application, so an old one stays about it."""
    return Button("Báo cho tôi khi có thay đổi", f'/follow_application{{"followed_code": "{code}"}}')


def stop_button(code: str) -> Button:
    """Return the button that stops the news of one application."""
    return Button("Thôi theo dõi", f'/unfollow_application{{"followed_code": "{code}"}}')


STOP_ALL = Button("Thôi theo dõi tất cả", '/unfollow_application{"value": "all"}')
_MOST_BUTTONS = 4


def _stop_buttons(codes: list[str]) -> list[Button]:
    if len(codes) == 1:
        return [stop_button(codes[0])]
    stops = [Button(f"Thôi {code}", stop_button(code).payload) for code in codes[:_MOST_BUTTONS]]
    return [*stops, STOP_ALL]


def _check(code: str | None) -> Button:
    return Button("Tra hồ sơ", f'/ask_status{{"application_code": "{code}"}}' if code else "/ask_status")


def _words(tracker: Tracker) -> str:
    return fold(str((tracker.latest_message or {}).get("text") or "")).strip()


def _named(tracker: Tracker) -> str | None:
    """Return the application that the message or its button names."""
    names = ("followed_code", "application_code")
    return next((str(value) for name in names for value in tracker.get_latest_entity_values(name)), None)


def _pending(tracker: Tracker) -> str | None:
    """Return the application for which consent was asked, unless the words have changed since."""
    version, _, code = str(tracker.get_slot(PENDING) or "").partition(" ")
    return code if version == CONSENT_VERSION and code else None


def _was_just_asked(tracker: Tracker) -> bool:
    """Tell whether consent was asked in answer to the message before this one."""
    return any(
        event["event"] == "slot" and event.get("name") == PENDING and event.get("value")
        for event in _events_of_last_turn(tracker)
    )


def _events_of_last_turn(tracker: Tracker) -> Iterator[dict[str, Any]]:
    messages = 0
    for event in reversed(tracker.events):
        if event["event"] == "user":
            messages += 1
        if messages == 2:
            return
        if messages == 1:
            yield event
