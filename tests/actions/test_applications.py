"""The status form's fields and the answer after the identity check."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.applications import (
    STATUS_WORDS,
    AskApplicationCode,
    AskDigits,
    ShowStatusAction,
    ValidateStatusForm,
)
from actions.digits import DigitVault
from actions.one_stop.errors import LockedOut, OneStopUnavailable, StatusRefused
from actions.one_stop.lookup import StatusLookup
from actions.one_stop.port import VIETNAM, Payment, Status
from actions.one_stop.status_view import StatusView
from knowledge.codes import CodeProblem
from tests.actions.builders import Said, make_message, run

CODE = "H50.05-261102-0001"
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


async def show(lookup: FakeLookup, digits: str = "1234", slots: dict[str, Any] | None = None) -> Said:
    """Run the action with digits in the vault."""
    vault = DigitVault()
    action = ShowStatusAction(cast(StatusLookup, lookup), vault)
    known = {"application_code": CODE, "pin_token": vault.put(digits) if digits else "pin_used"} | (slots or {})
    return await run(action, make_message("pin"), known)


async def validate(field: str, value: object) -> tuple[dict[str, Any], list[str]]:
    """Return what a field's validation sets and says."""
    dispatcher = CollectingDispatcher()
    tracker = Tracker("a-citizen", {}, {}, [], False, None, {}, None)
    validated = await getattr(ValidateStatusForm(), f"validate_{field}")(value, dispatcher, tracker, {})
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


async def test_the_form_asks_for_code_and_digits_with_a_way_out() -> None:
    """Whoever has no receipt at hand can stop."""
    code = await run(AskApplicationCode(), make_message("…"))
    digits = await run(AskDigits(), make_message("…"), {"application_code": CODE})

    assert code.turn["outcome"] == digits.turn["outcome"] == "status_asked"
    assert "Thôi, không tra nữa" in code.buttons and "Thôi, không tra nữa" in digits.buttons
    assert digits.messages[0]["code"] == CODE


async def test_the_status_is_shown_after_the_check() -> None:
    """The look-up gets the digits; nothing else does."""
    lookup = FakeLookup()
    said = await show(lookup)

    assert lookup.asked == [(CODE, "1234", "a-citizen")]
    assert said.responses == ["utter_status", "utter_status_in_progress", "utter_status_as_of"]
    assert said.turn["outcome"] == "status_shown"
    assert "1234" not in repr(said)
    assert said.slots["pin_token"] is None and said.slots["application_code"] is None
    assert said.slots["last_applications"] == [CODE]


async def test_no_more_than_three_codes_are_remembered() -> None:
    """For "the other one"; the newest first, each once."""
    said = await show(FakeLookup(), slots={"last_applications": ["a", CODE, "b", "c"]})

    assert said.slots["last_applications"] == [CODE, "a", "b"]


async def test_used_digits_are_asked_for_again() -> None:
    """A token works once."""
    lookup = FakeLookup()
    said = await show(lookup, digits="")

    assert said.responses == ["utter_digits_expired"] and said.turn["outcome"] == "status_asked"
    assert lookup.asked == []


@pytest.mark.parametrize(
    ("trouble", "response", "outcome"),
    [
        (StatusRefused(), "utter_status_refused", "status_refused"),
        (LockedOut(NOON), "utter_locked_out", "status_refused"),
        (OneStopUnavailable("down"), "utter_one_stop_unavailable", "one_stop_unavailable"),
    ],
)
async def test_each_trouble_has_its_advice_and_names_no_code(trouble: Exception, response: str, outcome: str) -> None:
    """Check the code, wait, or come back later; the slots are forgotten either way."""
    said = await show(FakeLookup(trouble=trouble))

    assert said.responses == [response] and said.turn["outcome"] == outcome
    assert said.turn["procedure_code"] is None
    assert said.slots == {"pin_token": None, "application_code": None}


@pytest.mark.parametrize("status", Status)
async def test_every_status_has_plain_words_and_its_advice(status: Status) -> None:
    """All ten of the national list."""
    said = await show(FakeLookup(replace(VIEW, status=status)))

    assert said.messages[0]["status"] == STATUS_WORDS[status]
    assert said.responses[1] == f"utter_status_{status.name.lower()}"


async def test_an_unknown_status_is_shown_as_received() -> None:
    """Offices invent statuses; the citizen reads what the office wrote."""
    said = await show(FakeLookup(replace(VIEW, status=None, status_text="Chờ liên thông thuế")))

    assert said.messages[0]["status"] == "Chờ liên thông thuế"
    assert said.responses == ["utter_status", "utter_status_accepted", "utter_status_as_of"]


async def test_an_unknown_status_without_a_day_promises_none() -> None:
    """No day on file, no day in the answer."""
    said = await show(FakeLookup(replace(VIEW, status=None, status_text="Chờ liên thông thuế", due_at=None)))

    assert said.responses == ["utter_status", "utter_status_as_of"]


async def test_overdue_brings_the_apology() -> None:
    """The state is late: it says so."""
    said = await show(FakeLookup(replace(VIEW, is_overdue=True)))

    assert "utter_status_overdue" in said.responses


async def test_an_old_answer_is_marked_as_old() -> None:
    """The time of the facts, not of the question."""
    said = await show(FakeLookup(replace(VIEW, is_stale=True)))

    assert said.responses[-1] == "utter_status_stale"
    assert said.messages[-1]["as_of"] == "12:00 ngày 22/11/2026"


async def test_where_to_pay_is_a_link_and_an_unknown_amount_is_not_nought() -> None:
    """Link only, never card data."""
    payment = Payment(None, url="https://dichvucong.gov.vn/nop")
    said = await show(FakeLookup(replace(VIEW, status=Status.PAYMENT_NEEDED, payment=payment)))

    assert said.messages[1]["amount"] == "hệ thống chưa ghi số tiền"
    assert said.turn["links"] == [{"title": "Nộp tiền trên trang chính thức", "url": "https://dichvucong.gov.vn/nop"}]


async def test_absent_facts_of_an_application_are_said_to_be_absent() -> None:
    """No date, no office, no title: never "None"."""
    bare = replace(VIEW, procedure_title=None, procedure_code=None, due_at=None, office=None, status=Status.STOPPED)
    said = await show(FakeLookup(bare))
    words = [value for message in said.messages for value in message.values() if isinstance(value, str)]

    assert not any("None" in word for word in words)
    assert said.turn["procedure_codes"] == []
