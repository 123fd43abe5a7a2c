"""Where an application stands: checks the form's fields and shows the status after the identity check."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import wording
from actions.digits import DigitVault
from actions.following import Subscriptions, follow_button
from actions.kinds import BUTTON_TITLES, Kind
from actions.one_stop.errors import LockedOut, OneStopError, StatusRefused
from actions.one_stop.lookup import StatusLookup
from actions.one_stop.offices import find_office
from actions.one_stop.port import Payment, Status, vietnam_now
from actions.one_stop.state import FINAL
from actions.one_stop.status_view import StatusView
from actions.status_talk import (
    ANOTHER,
    CHECKED,
    are_fresh_digits,
    brought_a_wrong_code,
    just_looked_up,
    the_other_one,
    wants_another,
)
from actions.turn import Button, Outcome, Speaker, Turn
from knowledge.codes import CodeMatch, find_application_codes

MAX_KEPT_CODES = 3
FORM = "application_status_form"
CANCEL = Button("Thôi, không tra nữa", "/cancel")
OTHER_APPLICATION = Button("Tra hồ sơ khác", f'/ask_status{{"application_code": "{ANOTHER}"}}')
ASKED = Turn(Outcome.STATUS_ASKED)


class ValidateStatusForm(FormValidationAction):
    """`validate_application_status_form`: only the form of a code is judged, never whether it exists.

    "Thế còn hồ sơ kia" means one that this conversation has seen: checked within the last half hour, it needs no
    digits again. A code that is typed does: somebody else may hold the phone now.
    """

    def __init__(self, subscriptions: Subscriptions) -> None:
        self._subscriptions = subscriptions

    def name(self) -> str:
        return "validate_application_status_form"

    async def get_validation_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Judge the fields; "tra hồ sơ khác" fills none but takes the code back."""
        events: list[EventType] = await super().get_validation_events(dispatcher, tracker, domain)
        if wants_another(tracker) and tracker.get_slot("application_code"):
            return [*events, SlotSet("application_code", None), SlotSet("pin_token", None)]
        if other := the_other_one(tracker):
            return [*events, SlotSet("application_code", other), *await self._spare_digits(other, tracker)]
        return events

    async def _spare_digits(self, code: str, tracker: Tracker) -> list[EventType]:
        if tracker.get_slot("pin_token"):
            return []
        checked = await self._subscriptions.checked(tracker.sender_id, vietnam_now())
        return [SlotSet("pin_token", CHECKED)] if any(one.code == code for one in checked) else []

    async def validate_application_code(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        matches = find_application_codes(str(value or ""))
        good = next((match.code for match in matches if match.code), None)
        if good:
            return {"application_code": good} | _without_stale_digits(tracker)
        if value and value != ANOTHER:
            Speaker(dispatcher).say(_problem_response(matches))
        return {"application_code": None}

    async def validate_pin_token(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        return {"pin_token": value if str(value or "").startswith("pin_") else None}


class AskApplicationCode(Action):
    """`action_ask_application_code`: the form wants the code; an example is given the first time only."""

    def name(self) -> str:
        return "action_ask_application_code"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        response = (
            "utter_ask_code_digits_are_here"
            if tracker.get_slot("pin_token")
            else "utter_ask_code_again"
            if brought_a_wrong_code(tracker)
            else "utter_ask_code"
        )
        Speaker(dispatcher).close(response, ASKED, [Button("Mã ở đâu?", "/no_code"), CANCEL])
        return []


class AskDigits(Action):
    """`action_ask_pin_token`: the form wants the last four digits.

    After a failed look-up the sentence that told of it has asked for them: then only the turn's state is given, so
    that the channel hides the next digits.
    """

    def name(self) -> str:
        return "action_ask_pin_token"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        if just_looked_up(tracker):
            dispatcher.utter_message(json_message={"turn": ASKED.plain()})
            return []
        code = tracker.get_slot("application_code") or ""
        Speaker(dispatcher).close("utter_ask_digits", ASKED, [CANCEL], code=code)
        return []


class ShowStatusAction(Action):
    """`action_show_status`: looks the application up and says where it stands.

    After a refusal or an outage the form stays open with its code, and only the digits are wanted again.

    procedures: the codes of which the catalogue can tell the papers.
    """

    def __init__(
        self, lookup: StatusLookup, vault: DigitVault, subscriptions: Subscriptions, procedures: Container[str] = ()
    ) -> None:
        self._lookup = lookup
        self._vault = vault
        self._subscriptions = subscriptions
        self._procedures = procedures

    def name(self) -> str:
        return "action_show_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        code = str(tracker.get_slot("application_code") or "")
        token = str(tracker.get_slot("pin_token") or "")
        digits = self._vault.take(token)
        may_see = token == CHECKED and await self._was_checked(code, tracker.sender_id)
        speak = Speaker(dispatcher)
        ended: list[EventType] = [SlotSet("pin_token", None), SlotSet("application_code", None)]
        waiting: list[EventType] = [SlotSet("pin_token", None), ActiveLoop(FORM)]
        if not digits and not may_see:
            speak.close("utter_digits_expired", ASKED, [CANCEL], code=code)
            return waiting
        try:
            view = await self._view(code, digits, tracker.sender_id)
        except StatusRefused:
            speak.close("utter_status_refused", Turn(Outcome.STATUS_REFUSED), _again("Tra lại", code))
            return waiting
        except LockedOut as locked:
            speak.close("utter_locked_out", Turn(Outcome.STATUS_REFUSED), until=wording.moment(locked.until))
            return ended
        except OneStopError:
            speak.close("utter_one_stop_unavailable", Turn(Outcome.ONE_STOP_UNAVAILABLE), _again("Thử lại", code))
            return waiting
        say_status(view, speak, view.procedure_code is not None and view.procedure_code in self._procedures)
        known = [code, *(kept for kept in tracker.get_slot("last_applications") or () if kept != code)]
        return [*ended, SlotSet("last_applications", known[:MAX_KEPT_CODES])]

    async def _view(self, code: str, digits: str | None, citizen: str) -> StatusView:
        """Look up with digits, or without where they were proved lately; note what is shown for those who follow."""
        now = vietnam_now()
        if digits is None:
            view = await self._lookup.look_again(code, citizen, now)
            await self._subscriptions.note_shown(citizen, view)
        else:
            view = await self._lookup.look_up(code, digits, citizen, now)
            await self._subscriptions.note_check(citizen, view, now)
        return view

    async def _was_checked(self, code: str, citizen: str) -> bool:
        return any(one.code == code for one in await self._subscriptions.checked(citizen, vietnam_now()))


def say_status(view: StatusView, speak: Speaker, has_papers: bool = False) -> None:
    """Say the status as one card: what it is, what comes next and by when, where, and as of when.

    has_papers: the catalogue knows the procedure, so its papers can be asked for.
    """
    if view.is_stale:
        speak.say("utter_status_stale", as_of=wording.moment(view.as_of))
    buttons = [OTHER_APPLICATION]
    if view.status not in FINAL:
        buttons.insert(0, follow_button(view.code))
    if has_papers and view.procedure_code:
        buttons.insert(0, Button(BUTTON_TITLES[Kind.DOCUMENTS], Kind.DOCUMENTS.payload(view.procedure_code)))
    codes = (view.procedure_code,) if view.procedure_code else ()
    turn = Turn(Outcome.STATUS_SHOWN, view.procedure_code, codes, links=_payment_links(view.payment))
    response = (
        "utter_status_as_received"
        if view.status is None
        else "utter_status_overdue"
        if view.is_overdue
        else f"utter_status_{view.status.name.lower()}"
    )
    speak.close(response, turn, buttons, **_values(view))


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
    """Return what the cards of bot/domain/responses/applications.yml name; what is absent is said to be absent."""
    not_stated = "chưa ghi"
    return {
        "code": view.code,
        "status": view.status_text if view.status is None else STATUS_WORDS[view.status],
        "procedure": view.procedure_title or "không rõ tên thủ tục",
        "owner": view.owner_masked,
        "as_of": wording.moment(view.as_of),
        "due_on": wording.day(view.due_at) if view.due_at else not_stated,
        "papers": wording.lines(view.papers_to_add) or "• (hệ thống chưa ghi tên giấy tờ)",
        "papers_due_on": wording.day(view.papers_due_at) if view.papers_due_at else not_stated,
        "reason": view.reason or "hệ thống chưa ghi lý do",
        "amount": _amount(view.payment),
        "office": _office(view.office),
        "returned_on": wording.day(view.returned_at) if view.returned_at else not_stated,
    }


def _office(name: str | None) -> str:
    """Return the office, with its hours where they are known, as rows of the card."""
    known = find_office(name)
    hours = f"\n**Giờ làm việc:** {known.shown_hours}" if known else ""
    return f"{name or 'chưa ghi, anh/chị hỏi nơi đã nộp hồ sơ'}{hours}"


def _again(title: str, code: str) -> list[Button]:
    """Return the ways on after a failed look-up; the button names its code, so an old one stays about it."""
    return [Button(title, f'/ask_status{{"application_code": "{code}"}}'), OTHER_APPLICATION, CANCEL]


def _without_stale_digits(tracker: Tracker) -> dict[str, Any]:
    """Return the order to forget digits that came long before the code: they were meant for another one."""
    token = tracker.get_slot("pin_token")
    return {"pin_token": None} if token and not are_fresh_digits(tracker, str(token)) else {}


def _amount(payment: Payment | None) -> str:
    if payment is None or payment.amount_vnd is None:
        return "hệ thống chưa ghi số tiền"
    return wording.money(payment.amount_vnd)


def _payment_links(payment: Payment | None) -> tuple[tuple[str, str], ...]:
    return (("Nộp tiền trên trang chính thức", payment.url),) if payment and payment.url else ()


def _problem_response(matches: list[CodeMatch]) -> str:
    problem = next((match.problem for match in matches if match.problem), None)
    return f"utter_code_{problem.value}" if problem else "utter_code_unknown_layout"
