"""Answers a kind of question from the facts of one procedure; what is not stated is said to be not stated."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from actions import wording
from actions.kinds import Kind
from actions.turn import Speaker
from knowledge.model import Channel, OnlineService, Procedure
from knowledge.vietnamese import fold

#: Offices whose files the one-stop counters of the province take; courts, schools or police have doors of their own.
_AT_ANY_COUNTER = (
    "Trung tâm Phục vụ hành chính công",
    "Ủy ban nhân dân",
    "Sở ",
    "Văn phòng đăng ký đất đai",
    "Ban Quản lý Khu kinh tế",
)
_OWN_DOORS = ("cơ sở", "trường ", "đơn vị", "nơi đăng ký dự thi")


def answer(kind: Kind, procedure: Procedure, speak: Speaker) -> None:
    """Utter the answer to one kind of question."""
    _ANSWERS[kind](procedure, speak)


def overview(procedure: Procedure, speak: Speaker) -> None:
    """Utter time, fee and office in one message, then the papers."""
    not_stated = "nguồn không nêu"
    speak.say(
        "utter_overview",
        title=wording.spoken_title(procedure),
        duration=_duration_in_line(procedure) or not_stated,
        fee=wording.fees(procedure, in_line=True) or not_stated,
        authority=procedure.authority or not_stated,
        channels=wording.channel_words(procedure.channels) or not_stated,
    )
    _documents(procedure, speak)


def _duration_in_line(procedure: Procedure) -> str:
    inferred = any(duration.inferred for duration in procedure.durations)
    return wording.durations(procedure, in_line=True) + (" (suy từ quy trình, xem giấy hẹn)" if inferred else "")


def what_if(procedure: Procedure, told: Sequence[str], asks_for_a_paper: bool, speak: Speaker) -> None:
    """Answer "nếu … thì sao": no rule decides a case, so what the source says of it is shown and the office named.

    told: the papers and conditions that the question is about (`LineFinder`); none = we hold nothing of it, which is
    not the same as a silent source.
    asks_for_a_paper: then the list of papers itself answers ("có cần mang hộ khẩu không").
    """
    title, office = wording.spoken_title(procedure), wording.taking_office(procedure) or "nơi giải quyết"
    if told:
        speak.say("utter_what_if", title=title, lines=wording.lines(told), authority=office)
    else:
        speak.say("utter_what_if_not_stated", title=title, authority=office)
        if asks_for_a_paper:
            _documents(procedure, speak)


def _documents(procedure: Procedure, speak: Speaker) -> None:
    always, sometimes = wording.papers(procedure)
    if not procedure.documents:
        speak.say("utter_documents_not_stated", title=wording.spoken_title(procedure))
        return
    response = "utter_documents_and_cases" if always and sometimes else "utter_documents"
    speak.say(
        response if always else "utter_documents_by_case",
        title=wording.spoken_title(procedure),
        counts=wording.usual_count(procedure),
        papers=always,
        case_papers=sometimes,
    )


def _fee(procedure: Procedure, speak: Speaker) -> None:
    fees = procedure.fees
    if not fees:
        speak.say("utter_fee_not_stated", title=wording.spoken_title(procedure))
    elif all(fee.amount_vnd == 0 and not fee.condition for fee in fees):
        speak.say("utter_fee_free", title=wording.spoken_title(procedure))
    else:
        speak.say("utter_fee", title=wording.spoken_title(procedure), fee=wording.fees(procedure))


def _duration(procedure: Procedure, speak: Speaker) -> None:
    if not procedure.durations:
        speak.say("utter_duration_not_stated", title=wording.spoken_title(procedure))
        return
    inferred = any(duration.inferred for duration in procedure.durations)
    response = "utter_duration_inferred" if inferred else "utter_duration"
    speak.say(response, title=wording.spoken_title(procedure), duration=wording.durations(procedure))


def _place(procedure: Procedure, speak: Speaker) -> None:
    if not procedure.authority:
        speak.say("utter_place_not_stated", title=wording.spoken_title(procedure))
        return
    response = "utter_place_anywhere" if taken_at_any_counter(procedure) else "utter_place"
    speak.say(
        response,
        title=wording.spoken_title(procedure),
        authority=procedure.authority,
        channels=wording.channel_words(procedure.channels) or "trực tiếp",
    )


def taken_at_any_counter(procedure: Procedure) -> bool:
    """Tell whether any one-stop counter of the province takes it (NĐ 118/2025: not for the vertical sectors)."""
    offices = wording.receiving_offices(procedure)
    local = all(any(name in office for name in _AT_ANY_COUNTER) for office in offices)
    elsewhere = any(door in office.lower() for door in _OWN_DOORS for office in offices)
    in_person = Channel.COUNTER in procedure.channels
    return in_person and bool(offices) and local and not elsewhere and not procedure.vertical


def _steps(procedure: Procedure, speak: Speaker) -> None:
    speak.say(
        "utter_steps",
        title=wording.spoken_title(procedure),
        authority=wording.deciding_offices(procedure) or "cơ quan giải quyết",
        channels=wording.channel_words(procedure.channels) or "trực tiếp",
        duration=wording.durations(procedure, in_line=True) or "nguồn không nêu",
        result=procedure.result or "kết quả giải quyết",
    )


def _result(procedure: Procedure, speak: Speaker) -> None:
    if procedure.result:
        speak.say("utter_result", title=wording.spoken_title(procedure), result=procedure.result)
    else:
        speak.say("utter_result_not_stated", title=wording.spoken_title(procedure))


def _legal_basis(procedure: Procedure, speak: Speaker) -> None:
    if not procedure.legal_basis:
        speak.say("utter_legal_basis_not_stated", title=wording.spoken_title(procedure))
        return
    texts, left_out = wording.legal_texts(procedure.legal_basis)
    speak.say(
        "utter_legal_basis_and_more" if left_out else "utter_legal_basis",
        title=wording.spoken_title(procedure),
        legal_texts=texts,
        left_out=left_out,
    )


def _form(procedure: Procedure, speak: Speaker) -> None:
    forms = wording.forms(procedure)
    if forms:
        speak.say("utter_form", title=wording.spoken_title(procedure), forms=wording.lines(forms))
    else:
        speak.say("utter_form_not_stated", title=wording.spoken_title(procedure))


def _eligibility(procedure: Procedure, speak: Speaker) -> None:
    who = wording.joined(procedure.audience, "và")
    if procedure.conditions:
        speak.say(
            "utter_eligibility",
            title=wording.spoken_title(procedure),
            audience=who or "nguồn không nêu",
            conditions=wording.lines(procedure.conditions),
        )
    elif who:
        speak.say("utter_eligibility_audience", title=wording.spoken_title(procedure), audience=who)
    else:
        speak.say("utter_eligibility_not_stated", title=wording.spoken_title(procedure))


def _online(procedure: Procedure, speak: Speaker) -> None:
    response = {
        OnlineService.FULL: "utter_online_full",
        OnlineService.PARTIAL: "utter_online_partial",
        None: "utter_online_none",
    }[procedure.online]
    speak.say(
        response,
        title=wording.spoken_title(procedure),
        channels=wording.channel_words(procedure.channels) or "trực tiếp",
    )


def _in_conditions(kind: Kind, procedure: Procedure, speak: Speaker) -> None:
    """Answer with the conditions that tell it, or say that we hold none: the source may tell it among its steps."""
    told = [condition for condition in procedure.conditions if _TELLS[kind].search(fold(condition))]
    title = wording.spoken_title(procedure)
    if told:
        speak.say(f"utter_told_{kind.value}", title=title, conditions=wording.lines(told[:_MOST_CONDITIONS]))
    else:
        office = wording.taking_office(procedure) or "nơi giải quyết"
        speak.say(f"utter_{kind.value}_not_stated", title=title, authority=office)


_MOST_CONDITIONS = 4
_DUTY = r"\b(?:bao|chuyen|dang ky|de nghi|gui|khai|lam|nop|thong bao|xin)\b"
_WITHIN = r"\b(?:trong|truoc|cham nhat|it nhat|khong qua|toi da)\b"
_TIME = r"\b\d+ (?:gio|ngay|thang|nam)\b"
#: What a condition says, without marks, that tells the thing asked.
_TELLS = {
    Kind.DEADLINE: re.compile(rf"^(?=.*{_DUTY}).*(?:{_WITHIN}.*{_TIME}|{_TIME}.* truoc\b)"),
    Kind.BENEFIT: re.compile(
        r"\d dong\b|\bmuc (?:huong|ho tro|tro cap|vay|giam)\b|\bho tro (?:mot lan|toi da)\b|\bluong co so\b"
    ),
    Kind.VALIDITY: re.compile(
        r"\b(?:gia tri|hieu luc|thoi han)(?: su dung)?(?: trong| toi da| la| khong qua)* \d+ (?:ngay|thang|nam)\b"
    ),
}
_ANSWERS: dict[Kind, Callable[[Procedure, Speaker], None]] = {
    Kind.DOCUMENTS: _documents,
    Kind.FEE: _fee,
    Kind.DURATION: _duration,
    Kind.PLACE: _place,
    Kind.STEPS: _steps,
    Kind.RESULT: _result,
    Kind.LEGAL_BASIS: _legal_basis,
    Kind.FORM: _form,
    Kind.ELIGIBILITY: _eligibility,
    Kind.ONLINE: _online,
    **{kind: partial(_in_conditions, kind) for kind in _TELLS},
}
