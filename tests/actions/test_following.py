"""Consent to news of an application: asked in full, given freely, provable, taken back at any time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.following import (
    CONSENT,
    CONSENT_VERSION,
    PENDING,
    RESPONSES,
    AffirmAction,
    DenyAction,
    FollowAction,
    UnfollowAction,
)
from actions.one_stop.port import Status, vietnam_now
from tests.actions.builders import Said, make_message
from tests.actions.test_applications import CODE, VIEW
from tests.fakes.subscriptions import MemorySubscriptions

OTHER = "H50.05-261102-0002"
TEMPLATE: str = yaml.safe_load(RESPONSES.read_text(encoding="utf8"))["responses"][CONSENT][0]["text"]
#: Whoever changes the words of the consent adds a line here and raises CONSENT_VERSION: old proofs keep their words.
VERSIONS = {"1": "6a0d5e831ff1"}


class Talk:
    """A conversation with the actions, the slots and events kept as rasa keeps them."""

    def __init__(self, subscriptions: MemorySubscriptions | None = None) -> None:
        self.subscriptions = subscriptions or MemorySubscriptions()
        self.slots: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self.actions: dict[str, Any] = {
            "follow_application": FollowAction(self.subscriptions),
            "unfollow_application": UnfollowAction(self.subscriptions),
            "affirm": AffirmAction(self.subscriptions),
            "deny": DenyAction(),
        }

    async def check(self, code: str = CODE, minutes_ago: float = 0.0, status: Status = Status.IN_PROGRESS) -> None:
        """The citizen's digits were right."""
        at = vietnam_now() - timedelta(minutes=minutes_ago)
        await self.subscriptions.note_check("a-citizen", replace(VIEW, code=code, status=status), at)

    async def say(self, text: str, intent: str, **entities: str) -> Said:
        """Say something and return what the action does."""
        message = make_message(text, intent, **entities)
        self.events.append({"event": "user", "parse_data": message})
        dispatcher = CollectingDispatcher()
        tracker = Tracker("a-citizen", dict(self.slots), message, list(self.events), False, None, {}, "action_listen")
        events = list(await self.actions[intent].run(dispatcher, tracker, {}))
        self.events += events
        self.slots |= {str(event["name"]): event["value"] for event in events if event["event"] == "slot"}
        return Said(dispatcher.messages, events)

    def something_else(self) -> None:
        """Another question comes in between."""
        self.events.append({"event": "user", "parse_data": make_message("lệ phí?", "ask_fee")})

    async def codes(self) -> list[str]:
        """Return what is followed."""
        return [one.code for one in await self.subscriptions.followed("a-citizen")]


async def asked(**options: Any) -> Talk:
    """Return a talk in which consent was just asked."""
    talk = Talk(MemorySubscriptions(**options))
    await talk.check()
    said = await talk.say("báo cho tôi khi có thay đổi", "follow_application")
    assert said.responses == [CONSENT] and said.turn["outcome"] == "asked_back"
    return talk


def test_another_wording_is_another_version() -> None:
    """A proof names the words that somebody agreed to."""
    assert VERSIONS[CONSENT_VERSION] == sha256(TEMPLATE.encode()).hexdigest()[:12], "new words: raise CONSENT_VERSION"


def test_the_words_tell_what_is_kept_how_long_and_how_to_stop() -> None:
    """Consent to what nobody was told is none."""
    for part in ("{code}", "{days} ngày", "mã hồ sơ", "thôi theo dõi", "xóa dữ liệu của tôi", "không giữ họ tên"):
        assert part in TEMPLATE


@pytest.mark.parametrize(("words", "intent"), [("có", "affirm"), ("dạ có, báo cho tôi nhé", "follow_application")])
async def test_a_yes_right_after_the_question_is_consent_with_its_proof(words: str, intent: str) -> None:
    """Version, exact words, time, who, and what for."""
    talk = await asked()
    said = await talk.say(words, intent)

    (proof,) = talk.subscriptions.consents
    assert (proof.conversation, proof.code, proof.version) == ("a-citizen", CODE, CONSENT_VERSION)
    assert proof.text_hash == sha256(TEMPLATE.format(code=CODE, days=90).encode()).hexdigest()
    assert vietnam_now() - proof.given_at < timedelta(minutes=1)
    assert said.responses == ["utter_follow_on"] and said.slots[PENDING] is None


@pytest.mark.parametrize("words", ["không", "thôi khỏi", "đồng ý không ạ", "báo giúp", "để xem đã", "co khong a"])
async def test_anything_else_than_a_yes_is_no_consent(words: str) -> None:
    """Silence and half a yes never subscribe."""
    talk = await asked()
    await talk.say(words, "deny" if words == "không" else "follow_application")

    assert await talk.codes() == [] and talk.subscriptions.consents == []


async def test_a_yes_after_an_interruption_is_asked_again() -> None:
    """It may have been meant for what was said in between."""
    talk = await asked()
    talk.something_else()
    again = await talk.say("có", "affirm")
    assert again.responses == [CONSENT] and await talk.codes() == []

    await talk.say("có", "affirm")
    assert await talk.codes() == [CODE]


async def test_the_button_of_the_question_is_consent_whenever_it_is_pressed() -> None:
    """It hangs under the words that it agrees to."""
    talk = await asked()
    talk.something_else()
    await talk.say("/follow", "follow_application", followed_code=CODE, value=f"yes-{CONSENT_VERSION}")

    assert await talk.codes() == [CODE]


async def test_the_button_under_older_words_asks_anew() -> None:
    """Nobody has agreed to the new ones."""
    talk = await asked()
    said = await talk.say("/follow", "follow_application", followed_code=CODE, value="yes-0")

    assert said.responses == [CONSENT] and await talk.codes() == []


@pytest.mark.parametrize("minutes", [None, 31.0])
async def test_only_what_was_checked_in_the_last_half_hour_can_be_followed(minutes: float | None) -> None:
    """Else anybody could follow a neighbour's application."""
    talk = Talk()
    if minutes is not None:
        await talk.check(minutes_ago=minutes)
    for entities in ({}, {"followed_code": CODE}, {"followed_code": CODE, "value": f"yes-{CONSENT_VERSION}"}):
        said = await talk.say("báo cho tôi", "follow_application", **entities)
        assert said.responses == ["utter_follow_check_first"]
    assert await talk.codes() == []


async def test_a_check_that_grew_old_while_the_question_stood_does_not_count() -> None:
    """The rule is kept where it is stored, not only where it is asked."""
    talk = await asked()
    await talk.check(minutes_ago=31)

    assert (await talk.say("có", "affirm")).responses == ["utter_follow_check_first"]


async def test_an_application_that_has_ended_has_no_news() -> None:
    """Honest, and nothing is kept for nothing."""
    talk = Talk()
    await talk.check(status=Status.RETURNED)

    assert (await talk.say("báo cho tôi", "follow_application")).responses == ["utter_follow_final"]


async def test_on_the_web_it_is_said_that_the_window_must_stay_open() -> None:
    """A promise that cannot be kept is not made."""
    talk = await asked(on_web=True)

    assert (await talk.say("có", "affirm")).responses == ["utter_follow_on_web"]


async def test_a_bare_yes_or_no_without_a_question_stays_small_talk() -> None:
    """Most are only politeness."""
    talk = Talk()

    assert (await talk.say("ok", "affirm")).responses == ["utter_affirm"]
    assert (await talk.say("không", "deny")).responses == ["utter_deny"]


async def test_a_no_is_taken_and_the_next_yes_means_nothing() -> None:
    """Whoever has said no is not asked again."""
    talk = await asked()

    assert (await talk.say("không", "deny")).responses == ["utter_follow_declined"]
    assert (await talk.say("ok", "affirm")).responses == ["utter_affirm"]


async def test_asking_twice_follows_once() -> None:
    """And is told so."""
    talk = await asked()
    await talk.say("có", "affirm")

    assert (await talk.say("báo cho tôi", "follow_application")).responses == ["utter_follow_already"]


async def test_nobody_follows_hundreds() -> None:
    """A machine would."""
    talk = await asked(most=0)

    assert (await talk.say("có", "affirm")).responses == ["utter_follow_too_many"]


async def test_what_is_followed_can_be_seen() -> None:
    """Whoever agreed must be able to look it up."""
    talk = await asked()
    await talk.say("có", "affirm")
    said = await talk.say("tôi đang theo dõi hồ sơ nào", "follow_application")

    assert said.responses == ["utter_follow_list"] and CODE in said.messages[0]["applications"]


async def follows(*codes: str) -> Talk:
    """Return a talk of somebody who follows these."""
    talk = Talk()
    for code in codes:
        await talk.check(code)
        await talk.say("/follow", "follow_application", followed_code=code, value=f"yes-{CONSENT_VERSION}")
    return talk


async def test_one_followed_application_is_let_go_by_a_word() -> None:
    """As easy to stop as to begin."""
    talk = await follows(CODE)

    assert (await talk.say("đừng báo nữa", "unfollow_application")).responses == ["utter_follow_ended"]
    assert await talk.codes() == []


async def test_of_several_it_is_asked_which() -> None:
    """Each has its button, and all together too."""
    talk = await follows(CODE, OTHER)
    said = await talk.say("đừng báo nữa", "unfollow_application")

    assert said.responses == ["utter_follow_which"]
    assert said.buttons == [f"Thôi {OTHER}", f"Thôi {CODE}", "Thôi theo dõi tất cả"]
    assert len(await talk.codes()) == 2


@pytest.mark.parametrize("entity", ["followed_code", "application_code"])
async def test_the_one_named_is_let_go(entity: str) -> None:
    """By button or by word; the code does not start a status check."""
    talk = await follows(CODE, OTHER)
    said = await talk.say("thôi theo dõi", "unfollow_application", **{entity: OTHER})

    assert await talk.codes() == [CODE] and said.slots["application_code"] is None


@pytest.mark.parametrize(("words", "value"), [("thôi theo dõi tất cả", None), ("/unfollow", "all")])
async def test_all_are_let_go_together(words: str, value: str | None) -> None:
    """In one step."""
    talk = await follows(CODE, OTHER)
    await talk.say(words, "unfollow_application", **({"value": value} if value else {}))

    assert await talk.codes() == []


async def test_what_is_not_followed_cannot_be_let_go() -> None:
    """And that is said."""
    assert (await Talk().say("đừng báo nữa", "unfollow_application")).responses == ["utter_nothing_followed"]
    talk = await follows(CODE)
    said = await talk.say("thôi", "unfollow_application", followed_code=OTHER)
    assert said.responses == ["utter_follow_not_this"] and await talk.codes() == [CODE]
