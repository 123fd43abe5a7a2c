"""The status form's fields and the answer after the identity check."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.applications import (
    FORM,
    STATUS_WORDS,
    AskApplicationCode,
    AskDigits,
    ShowStatusAction,
    ValidateStatusForm,
)
from actions.digits import DigitVault
from actions.one_stop.errors import LockedOut, OneStopUnavailable, StatusRefused
from actions.one_stop.lookup import StatusLookup
from actions.one_stop.port import VIETNAM, Payment, Status, vietnam_now
from actions.one_stop.state import FINAL
from actions.one_stop.status_view import StatusView
from actions.status_talk import ANOTHER, CHECKED
from knowledge.codes import CodeProblem
from tests.actions.builders import Said, make_message, run
from tests.fakes.subscriptions import MemorySubscriptions

CODE = "H50.05-261102-0001"
RESPONSES = Path(__file__).parents[2] / "bot" / "domain" / "responses" / "applications.yml"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=VIETNAM)
VIEW = StatusView(
    code=CODE,
    procedure_title="Đăng ký khai sinh",
    procedure_code="1.001193",
    status=Status.IN_PROGRESS,
    status_text="4",
    owner_masked="N*** V** M**",
    received_at=NOON,
    due_at=NOON,
    finished_at=None,
    returned_at=None,
    office="UBND xã Ví Dụ",
    reason=None,
    papers_to_add=(),
    papers_due_at=None,
    payment=None,
    is_overdue=False,
    is_stale=False,
    as_of=NOON,
)


class FakeLookup:
    """Gives one view, or raises one trouble; remembers what it was asked."""

    def __init__(self, view: StatusView = VIEW, trouble: Exception | None = None) -> None:
        self._view = view
        self._trouble = trouble
        self.asked: list[tuple[str, str, str]] = []

    async def look_up(self, code: str, digits: str, channel_user: str, now: datetime) -> StatusView:
        """Answer as agreed."""
        self.asked.append((code, digits, channel_user))
        if self._trouble is not None:
            raise self._trouble
        return self._view

    async def look_again(self, code: str, channel_user: str, now: datetime) -> StatusView:
        """Answer as agreed, without digits."""
        return await self.look_up(code, "", channel_user, now)


async def show(
    lookup: FakeLookup,
    digits: str = "1234",
    slots: dict[str, Any] | None = None,
    subscriptions: MemorySubscriptions | None = None,
) -> Said:
    """Run the action with digits in the vault."""
    vault = DigitVault()
    known = subscriptions or MemorySubscriptions()
    action = ShowStatusAction(cast(StatusLookup, lookup), vault, known, {"1.001193"})
    filled = {"application_code": CODE, "pin_token": vault.put(digits) if digits else "pin_used"} | (slots or {})
    return await run(action, make_message("pin"), filled)


def card(said: Said) -> list[str]:
    """Return the lines that the citizen reads in the last bubble."""
    templates = yaml.safe_load(RESPONSES.read_text(encoding="utf8"))["responses"]
    message = said.messages[-1]
    text: str = templates[message["response"]][0]["text"].format_map(message)
    return text.split("\n")


def make_tracker(slots: dict[str, Any], *messages: dict[str, Any]) -> Tracker:
    """Return a tracker in the form after some messages, the latest last."""
    events = [{"event": "user", "parse_data": message} for message in messages]
    latest = messages[-1] if messages else {}
    return Tracker("a-citizen", slots, latest, events, False, None, {"name": FORM}, "action_listen")


async def validate(field: str, value: object, tracker: Tracker | None = None) -> tuple[dict[str, Any], list[str]]:
    """Return what a field's validation sets and says."""
    dispatcher = CollectingDispatcher()
    tracker = tracker or make_tracker({})
    validated = await getattr(ValidateStatusForm(MemorySubscriptions()), f"validate_{field}")(
        value, dispatcher, tracker, {}
    )
    return validated, [message["response"] for message in dispatcher.messages]


async def test_a_code_in_any_writing_becomes_canonical() -> None:
    """People type O for nought and long dashes."""
    assert await validate("application_code", "h50.05 – 2611O2 – OOO1") == ({"application_code": CODE}, [])


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("H50.05-261302-0001", CodeProblem.BAD_DATE),
        ("H50.05-491102-0001", CodeProblem.FUTURE_DATE),
        ("H50.05-261102", CodeProblem.TOO_SHORT),
        ("H50.05-261102-000100000000", CodeProblem.TOO_LONG),
        ("261102-0001", CodeProblem.MISSING_AGENCY),
    ],
)
async def test_a_code_of_wrong_form_is_told_what_is_wrong(typed: str, problem: CodeProblem) -> None:
    """What is wrong with its form; never whether it exists."""
    assert await validate("application_code", typed) == ({"application_code": None}, [f"utter_code_{problem.value}"])


async def test_words_that_are_no_code_are_told_how_a_code_looks() -> None:
    """And an empty value only asks again."""
    assert await validate("application_code", "giấy hẹn màu vàng") == (
        {"application_code": None},
        ["utter_code_unknown_layout"],
    )
    assert await validate("application_code", "") == ({"application_code": None}, [])


async def test_only_a_token_of_the_vault_is_taken_for_digits() -> None:
    """Raw digits must never stand in a slot."""
    assert (await validate("pin_token", "pin_0123456789ab"))[0] == {"pin_token": "pin_0123456789ab"}
    assert (await validate("pin_token", "1234"))[0] == {"pin_token": None}
    assert (await validate("pin_token", None))[0] == {"pin_token": None}


async def test_another_application_says_nothing_is_wrong_with_the_code() -> None:
    """The button carries no code; the form asks for one."""
    assert await validate("application_code", ANOTHER) == ({"application_code": None}, [])


async def test_another_application_in_words_takes_the_code_back() -> None:
    """ "Tra hồ sơ khác" while the digits are awaited; without a code there is nothing to take back."""
    message = make_message("cho tôi tra hồ sơ khác", "ask_status")
    tracker = make_tracker({"application_code": CODE, "pin_token": None}, message)
    events = await ValidateStatusForm(MemorySubscriptions()).get_validation_events(CollectingDispatcher(), tracker, {})
    nothing = await ValidateStatusForm(MemorySubscriptions()).get_validation_events(
        CollectingDispatcher(), make_tracker({"application_code": None}, message), {}
    )

    assert {event["name"]: event["value"] for event in events} == {"application_code": None, "pin_token": None}
    assert nothing == []


async def test_digits_wait_for_the_code_of_the_next_message_only() -> None:
    """Later they would be tried on a code they were not meant for."""
    digits = make_message("pin_0123456789ab", "inform_pin", pin_token="pin_0123456789ab")
    question = make_message("lệ phí khai sinh", "ask_fee")
    code = make_message(CODE, "inform_code", application_code=CODE)
    slots = {"pin_token": "pin_0123456789ab"}

    next_message = await validate("application_code", CODE, make_tracker(slots, digits, code))
    later = await validate("application_code", CODE, make_tracker(slots, digits, question, code))

    assert next_message == ({"application_code": CODE}, [])
    assert later == ({"application_code": CODE, "pin_token": None}, [])


async def test_the_form_asks_for_code_and_digits_with_a_way_out() -> None:
    """Whoever has no receipt at hand can stop."""
    code = await run(AskApplicationCode(), make_message("…"))
    digits = await run(AskDigits(), make_message("…"), {"application_code": CODE})

    assert code.turn["outcome"] == digits.turn["outcome"] == "status_asked"
    assert "Thôi, không tra nữa" in code.buttons and "Thôi, không tra nữa" in digits.buttons
    assert digits.messages[0]["code"] == CODE


@pytest.mark.parametrize(
    ("message", "slots", "response"),
    [
        (make_message("tra hồ sơ", "ask_status"), {}, "utter_ask_code"),
        (make_message("H50.05-2611", "inform_code", application_code_problem="…"), {}, "utter_ask_code_again"),
        (make_message("pin", "inform_pin"), {"pin_token": "pin_0123456789ab"}, "utter_ask_code_digits_are_here"),
    ],
    ids=["at first", "after a mistyped code", "after the digits"],
)
async def test_the_code_is_asked_for_in_fitting_words(
    message: dict[str, Any], slots: dict[str, Any], response: str
) -> None:
    """The same question twice in a row reads as if nobody had listened."""
    assert (await run(AskApplicationCode(), message, slots)).responses == [response]


async def test_after_a_failed_look_up_the_digits_are_not_asked_for_twice() -> None:
    """The sentence before has asked; the channel still learns that the next digits are a secret."""
    dispatcher = CollectingDispatcher()
    tracker = make_tracker({"application_code": CODE}, make_message("pin"))
    tracker.events.append({"event": "action", "name": "action_show_status"})
    await AskDigits().run(dispatcher, tracker, {})

    (message,) = dispatcher.messages
    assert message["custom"]["turn"]["outcome"] == "status_asked"
    assert not message["text"] and not message["response"] and not message["buttons"]


async def test_the_status_is_shown_after_the_check() -> None:
    """The look-up gets the digits; nothing else does. One answer, one bubble."""
    lookup = FakeLookup()
    said = await show(lookup)

    assert lookup.asked == [(CODE, "1234", "a-citizen")]
    assert said.responses == ["utter_status_in_progress"]
    assert said.turn["outcome"] == "status_shown"
    assert "1234" not in repr(said)
    assert said.slots["pin_token"] is None and said.slots["application_code"] is None
    assert said.slots["last_applications"] == [CODE]


async def test_the_card_tells_the_status_then_what_next_then_where() -> None:
    """As a citizen reads it."""
    assert card(await show(FakeLookup())) == [
        f"Hồ sơ {CODE}: **đang xử lý**",
        "**Việc tiếp theo:** Anh/chị chờ kết quả, chưa phải làm gì thêm.",
        "**Ngày hẹn trả kết quả:** 22/11/2026",
        "**Nơi xử lý:** UBND xã Ví Dụ",
        "**Giờ làm việc:** thứ Hai đến thứ Sáu, 7:30-11:30 và 13:30-17:00 (dữ liệu mẫu)",
        "**Thủ tục:** Đăng ký khai sinh",
        "**Người nộp:** N*** V** M**",
        "Cập nhật lúc 12:00 ngày 22/11/2026.",
    ]


async def test_hours_are_shown_only_where_they_are_known() -> None:
    """Who stands before a closed door because of us does not trust us again."""
    rows = card(await show(FakeLookup(replace(VIEW, office="Sở Chưa Biết"))))

    assert "**Nơi xử lý:** Sở Chưa Biết" in rows and not [row for row in rows if "Giờ làm việc" in row]


@pytest.mark.parametrize("overdue", [False, True], ids=["in time", "overdue"])
@pytest.mark.parametrize("status", [*Status, None])
async def test_a_card_is_one_bubble_of_rows_and_repeats_nothing(status: Status | None, overdue: bool) -> None:
    """The widget makes rows of "**Nhãn:** giá trị"; a blank line would begin a second bubble."""
    view = replace(VIEW, status=status, is_overdue=overdue, papers_to_add=("Đơn", "Bản vẽ"), reason="Thiếu chữ ký")
    first, *rows, last = card(await show(FakeLookup(view)))

    assert re.fullmatch(rf"Hồ sơ {re.escape(CODE)}: \*\*.+\*\*", first)
    assert all(re.match(r"\*\*[^*]+:\*\* \S|• \S", row) for row in rows)
    assert last == "Cập nhật lúc 12:00 ngày 22/11/2026."
    assert "\n".join(rows).count("UBND xã Ví Dụ") == 1
    assert STATUS_WORDS.get(status, "…") not in "\n".join(rows)  # type: ignore[arg-type]
    labels = [row.split(":**")[0] for row in rows if row.startswith("**")]
    assert len(labels) == len(set(labels))


async def test_the_card_leads_on_to_another_application_and_the_papers() -> None:
    """The papers only of a procedure that the catalogue knows; the button names it."""
    known = await show(FakeLookup())
    unknown = await show(FakeLookup(replace(VIEW, procedure_code="9.999999")))
    unnamed = await show(FakeLookup(replace(VIEW, procedure_code=None)))

    assert known.buttons == ["Giấy tờ cần nộp", "Báo cho tôi khi có thay đổi", "Tra hồ sơ khác"]
    assert known.messages[-1]["buttons"][0]["payload"] == '/ask_documents{"procedure_code": "1.001193"}'
    assert unknown.buttons == unnamed.buttons == ["Báo cho tôi khi có thay đổi", "Tra hồ sơ khác"]


@pytest.mark.parametrize("status", [*Status, None])
async def test_news_are_offered_while_something_can_still_change(status: Status | None) -> None:
    """The button names its application, so an old one stays about it."""
    view = replace(VIEW, status=status)
    said = await show(FakeLookup(view))

    offered = [one["payload"] for one in said.messages[-1]["buttons"] if one["title"].startswith("Báo cho tôi")]
    assert offered == ([] if status in FINAL else [f'/follow_application{{"followed_code": "{CODE}"}}'])


async def test_a_successful_check_is_noted_and_spares_the_digits_for_half_an_hour() -> None:
    """ "Thế còn hồ sơ kia": whoever proved both a moment ago need not do so again."""
    subscriptions = MemorySubscriptions()
    await show(FakeLookup(), subscriptions=subscriptions)
    (checked,) = await subscriptions.checked("a-citizen", vietnam_now())
    assert checked.code == CODE

    lookup = FakeLookup()
    said = await show(lookup, slots={"pin_token": CHECKED}, subscriptions=subscriptions)
    assert lookup.asked == [(CODE, "", "a-citizen")] and said.turn["outcome"] == "status_shown"
    assert subscriptions.shown == [CODE]


async def test_a_forged_mark_of_a_check_opens_nothing() -> None:
    """Whoever types the inside of a button still has no digits."""
    lookup = FakeLookup()
    said = await show(lookup, slots={"pin_token": CHECKED})

    assert said.responses == ["utter_digits_expired"] and lookup.asked == []


@pytest.mark.parametrize(
    ("words", "known", "filled"),
    [
        ("hồ sơ kia tới đâu rồi", ["a", CODE, "b"], CODE),
        ("the con ho so kia", ["a", CODE], CODE),
        ("hồ sơ kia tới đâu rồi", ["a"], None),
        ("hồ sơ tới đâu rồi", ["a", CODE], None),
    ],
)
async def test_the_other_one_is_the_one_shown_before(words: str, known: list[str], filled: str | None) -> None:
    """Its digits are wanted only when its check is older than half an hour."""
    subscriptions = MemorySubscriptions()
    await subscriptions.note_check("a-citizen", VIEW, vietnam_now())
    tracker = make_tracker({"last_applications": known}, make_message(words, "ask_status"))
    events = await ValidateStatusForm(subscriptions).get_validation_events(CollectingDispatcher(), tracker, {})

    slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    assert slots.get("application_code") == filled
    assert slots.get("pin_token") == (CHECKED if filled else None)


async def test_no_more_than_three_codes_are_remembered() -> None:
    """For "the other one"; the newest first, each once."""
    said = await show(FakeLookup(), slots={"last_applications": ["a", CODE, "b", "c"]})

    assert said.slots["last_applications"] == [CODE, "a", "b"]


async def test_used_digits_are_asked_for_again() -> None:
    """A token works once; the code stays."""
    lookup = FakeLookup()
    said = await show(lookup, digits="")

    assert said.responses == ["utter_digits_expired"] and said.turn["outcome"] == "status_asked"
    assert said.messages[0]["code"] == CODE
    assert lookup.asked == []
    assert keeps_waiting(said)


def keeps_waiting(said: Said) -> bool:
    """Tell whether the form stays open with its code, without digits."""
    opened = [event["name"] for event in said.events if event["event"] == "active_loop"]
    return opened == [FORM] and said.slots == {"pin_token": None}


@pytest.mark.parametrize(
    ("trouble", "response", "outcome", "button"),
    [
        (StatusRefused(), "utter_status_refused", "status_refused", "Tra lại"),
        (OneStopUnavailable("down"), "utter_one_stop_unavailable", "one_stop_unavailable", "Thử lại"),
    ],
)
async def test_after_a_refusal_or_an_outage_only_the_digits_are_wanted(
    trouble: Exception, response: str, outcome: str, button: str
) -> None:
    """The code was typed once; the sentence says nothing about whether it exists."""
    said = await show(FakeLookup(trouble=trouble))

    assert said.responses == [response] and said.turn["outcome"] == outcome
    assert said.turn["procedure_code"] is None
    assert said.buttons == [button, "Tra hồ sơ khác", "Thôi, không tra nữa"]
    assert said.messages[0]["buttons"][0]["payload"] == f'/ask_status{{"application_code": "{CODE}"}}'
    assert keeps_waiting(said)
    assert CODE not in "\n".join(card(said))


async def test_a_lock_ends_the_check() -> None:
    """For a quarter of an hour nothing can be done, so nothing is asked."""
    said = await show(FakeLookup(trouble=LockedOut(NOON)))

    assert said.responses == ["utter_locked_out"] and said.turn["outcome"] == "status_refused"
    assert said.messages[0]["until"] == "12:00 ngày 22/11/2026"
    assert said.slots == {"pin_token": None, "application_code": None}
    assert not [event for event in said.events if event["event"] == "active_loop"]


@pytest.mark.parametrize("status", Status)
async def test_every_status_has_plain_words_and_its_advice(status: Status) -> None:
    """All ten of the national list."""
    said = await show(FakeLookup(replace(VIEW, status=status)))

    assert said.messages[0]["status"] == STATUS_WORDS[status]
    assert said.responses == [f"utter_status_{status.name.lower()}"]


@pytest.mark.parametrize(
    ("due_at", "row"),
    [(NOON, "**Ngày hẹn trả kết quả:** 22/11/2026"), (None, "**Ngày hẹn trả kết quả:** chưa ghi")],
)
async def test_an_unknown_status_is_shown_as_received(due_at: datetime | None, row: str) -> None:
    """Offices invent statuses; the citizen reads what the office wrote, with the day when there is one."""
    said = await show(FakeLookup(replace(VIEW, status=None, status_text="Chờ liên thông thuế", due_at=due_at)))

    assert card(said)[0].endswith("**Chờ liên thông thuế**")
    assert row in card(said)


async def test_overdue_brings_the_apology() -> None:
    """The state is late: it says so."""
    lines = card(await show(FakeLookup(replace(VIEW, is_overdue=True))))

    assert "đang xử lý" in lines[0]
    assert "quá ngày hẹn" in lines[1] and "xin lỗi" in lines[1] and "22/11/2026" in lines[2]


async def test_an_old_answer_is_marked_as_old_before_it_is_read() -> None:
    """The time of the facts, not of the question."""
    said = await show(FakeLookup(replace(VIEW, is_stale=True)))

    assert said.responses == ["utter_status_stale", "utter_status_in_progress"]
    assert [message["as_of"] for message in said.messages] == ["12:00 ngày 22/11/2026"] * 2


async def test_where_to_pay_is_a_link_and_an_unknown_amount_is_not_nought() -> None:
    """Link only, never card data."""
    payment = Payment(None, url="https://dichvucong.gov.vn/nop")
    said = await show(FakeLookup(replace(VIEW, status=Status.PAYMENT_NEEDED, payment=payment)))

    assert said.messages[0]["amount"] == "hệ thống chưa ghi số tiền"
    assert "nop" not in "\n".join(card(said))
    assert said.turn["links"] == [{"title": "Nộp tiền trên trang chính thức", "url": "https://dichvucong.gov.vn/nop"}]


async def test_absent_facts_of_an_application_are_said_to_be_absent() -> None:
    """No date, no office, no title: never "None"."""
    bare = replace(VIEW, procedure_title=None, procedure_code=None, due_at=None, office=None, status=Status.STOPPED)
    said = await show(FakeLookup(bare))
    words = [value for message in said.messages for value in message.values() if isinstance(value, str)]

    assert not any("None" in word for word in words)
    assert said.turn["procedure_codes"] == []
