"""Where an application stands: checks the form's fields and shows the status after the identity check."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import wording
from actions.digits import DigitVault
from actions.one_stop.errors import LockedOut, OneStopError, StatusRefused
from actions.one_stop.lookup import StatusLookup
from actions.one_stop.port import Payment, Status, vietnam_now
from actions.one_stop.status_view import StatusView
from actions.turn import Button, Outcome, Speaker, Turn
from knowledge.codes import CodeMatch, find_application_codes

MAX_KEPT_CODES = 3
CANCEL = Button("Thôi, không tra nữa", "/cancel")
ASKED = Turn(Outcome.STATUS_ASKED)


class ValidateStatusForm(FormValidationAction):
    """`validate_application_status_form`: only the form of a code is judged, never whether it exists."""

    def name(self) -> str:
        return "validate_application_status_form"

    async def validate_application_code(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        matches = find_application_codes(str(value or ""))
        good = next((match.code for match in matches if match.code), None)
        if good:
            return {"application_code": good}
        if value:
            Speaker(dispatcher).say(_problem_response(matches))
        return {"application_code": None}

    async def validate_pin_token(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        return {"pin_token": value if str(value or "").startswith("pin_") else None}


class AskApplicationCode(Action):
    """`action_ask_application_code`: the form wants the code."""

    def name(self) -> str:
        return "action_ask_application_code"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        Speaker(dispatcher).close("utter_ask_code", ASKED, [Button("Mã ở đâu?", "/no_code"), CANCEL])
        return []


class AskDigits(Action):
    """`action_ask_pin_token`: the form wants the last four digits."""

    def name(self) -> str:
        return "action_ask_pin_token"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        code = tracker.get_slot("application_code") or ""
        Speaker(dispatcher).close("utter_ask_digits", ASKED, [CANCEL], code=code)
        return []


class ShowStatusAction(Action):
    """`action_show_status`: looks the application up and says where it stands."""

    def __init__(self, lookup: StatusLookup, vault: DigitVault) -> None:
        self._lookup = lookup
        self._vault = vault

    def name(self) -> str:
        return "action_show_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        code = str(tracker.get_slot("application_code") or "")
        digits = self._vault.take(str(tracker.get_slot("pin_token") or ""))
        speak = Speaker(dispatcher)
        forgotten: list[EventType] = [SlotSet("pin_token", None), SlotSet("application_code", None)]
        if not digits:
            speak.close("utter_digits_expired", ASKED)
            return forgotten
        try:
            view = await self._lookup.look_up(code, digits, tracker.sender_id, vietnam_now())
        except StatusRefused:
            speak.close("utter_status_refused", Turn(Outcome.STATUS_REFUSED), [Button("Tra lại", "/ask_status")])
            return forgotten
        except LockedOut as locked:
            speak.close("utter_locked_out", Turn(Outcome.STATUS_REFUSED), until=wording.moment(locked.until))
            return forgotten
        except OneStopError:
            speak.close(
                "utter_one_stop_unavailable",
                Turn(Outcome.ONE_STOP_UNAVAILABLE),
                [Button("Thử lại", "/ask_status")],
            )
            return forgotten
        say_status(view, speak)
        known = [code, *(kept for kept in tracker.get_slot("last_applications") or () if kept != code)]
        return [*forgotten, SlotSet("last_applications", known[:MAX_KEPT_CODES])]


def say_status(view: StatusView, speak: Speaker) -> None:
    """Say the status: what it is, what comes next and by when, what the citizen must do."""
    speak.say(
        "utter_status",
        code=view.code,
        procedure=view.procedure_title or "không rõ tên thủ tục",
        owner=view.owner_masked,
        status=_status_words(view),
        office=view.office or "không nêu",
    )
    if view.status is not None:
        speak.say(f"utter_status_{view.status.name.lower()}", **_values(view))
    elif view.due_at:
        speak.say("utter_status_accepted", **_values(view))
    if view.is_overdue and view.due_at:
        speak.say("utter_status_overdue", due_on=wording.day(view.due_at))
    links = _payment_links(view.payment)
    turn = Turn(Outcome.STATUS_SHOWN, view.procedure_code, _codes(view), links=links)
    response = "utter_status_stale" if view.is_stale else "utter_status_as_of"
    speak.close(response, turn, as_of=wording.moment(view.as_of))


def _codes(view: StatusView) -> tuple[str, ...]:
    return (view.procedure_code,) if view.procedure_code else ()


def _status_words(view: StatusView) -> str:
    return view.status_text if view.status is None else STATUS_WORDS[view.status]


#: The ten statuses as citizens read them: the official names, which are plain enough.
STATUS_WORDS = {
    Status.REGISTERED: "mới đăng ký, chờ tiếp nhận",
    Status.ACCEPTED: "đã được tiếp nhận",
    Status.NOT_ACCEPTED: "không được tiếp nhận",
    Status.IN_PROGRESS: "đang xử lý",
    Status.PAPERS_NEEDED: "cần bổ sung giấy tờ",
    Status.PAYMENT_NEEDED: "chờ nộp tiền",
    Status.WITHDRAWN: "đã rút theo yêu cầu",
    Status.STOPPED: "đã dừng xử lý",
    Status.FINISHED: "đã xử lý xong",
    Status.RETURNED: "đã trả kết quả",
}


def _values(view: StatusView) -> dict[str, str]:
    not_stated = "chưa ghi"
    return {
        "due_on": wording.day(view.due_at) if view.due_at else not_stated,
        "papers": wording.lines(view.papers_to_add) or "• (hệ thống chưa ghi tên giấy tờ)",
        "papers_due_on": wording.day(view.papers_due_at) if view.papers_due_at else not_stated,
        "reason": view.reason or "hệ thống chưa ghi lý do",
        "amount": _amount(view.payment),
        "office": view.office or "nơi đã nộp",
        "returned_on": wording.day(view.returned_at) if view.returned_at else not_stated,
    }


def _amount(payment: Payment | None) -> str:
    if payment is None or payment.amount_vnd is None:
        return "hệ thống chưa ghi số tiền"
    return wording.money(payment.amount_vnd)


def _payment_links(payment: Payment | None) -> tuple[tuple[str, str], ...]:
    return (("Nộp tiền trên trang chính thức", payment.url),) if payment and payment.url else ()


def _problem_response(matches: list[CodeMatch]) -> str:
    problem = next((match.problem for match in matches if match.problem), None)
    return f"utter_code_{problem.value}" if problem else "utter_code_unknown_layout"
