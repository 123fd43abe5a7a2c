"""Answers from facts: what is absent is said to be absent, and nought is not absent."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import answer, overview, what_if
from actions.kinds import Kind
from actions.turn import Speaker
from knowledge.model import Channel, Duration, Fee, LegalText, OnlineService, Paper, Procedure, TimeUnit
from tests.actions.builders import make_procedure

COUNTER = (Channel.COUNTER,)


def say(kind: Kind, procedure: Procedure) -> dict[str, Any]:
    """Return the one message that answers a kind."""
    dispatcher = CollectingDispatcher()
    answer(kind, procedure, Speaker(dispatcher))
    messages: list[dict[str, Any]] = dispatcher.messages
    assert len(messages) == 1
    return messages[0]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.STEPS, Kind.ONLINE)])
def test_a_fact_not_stated_is_said_to_be_not_stated(kind: Kind) -> None:
    """Counter staff check a fee first: a guess would be the end of all trust."""
    message = say(kind, make_procedure())

    assert message["response"] == f"utter_{kind.value}_not_stated"
    assert message["title"] == "Đăng ký khai sinh"


def test_a_fee_of_nought_is_free_and_not_absent() -> None:
    """Zero is a fact."""
    assert say(Kind.FEE, make_procedure(fees=(Fee(COUNTER, amount_vnd=0),)))["response"] == "utter_fee_free"


def test_free_for_some_is_not_free_for_all() -> None:
    """The condition must be read."""
    fee = Fee(COUNTER, amount_vnd=0, condition="hộ nghèo")
    message = say(Kind.FEE, make_procedure(fees=(fee,)))

    assert message["response"] == "utter_fee"
    assert message["fee"].strip() == "miễn phí – hộ nghèo"


def test_a_fee_set_elsewhere_names_no_amount() -> None:
    """No amount on file, no amount in the answer."""
    message = say(Kind.FEE, make_procedure(fees=(Fee(COUNTER, set_by="HĐND tỉnh"),)))

    assert "HĐND tỉnh" in message["fee"] and "0 đồng" not in message["fee"]


def test_a_time_known_second_hand_is_marked() -> None:
    """The appointment slip counts, not our inference."""
    stated = Duration(COUNTER, 5, TimeUnit.WORKING_DAY)
    inferred = Duration(COUNTER, 5, TimeUnit.WORKING_DAY, inferred=True)

    assert say(Kind.DURATION, make_procedure(durations=(stated,)))["response"] == "utter_duration"
    assert say(Kind.DURATION, make_procedure(durations=(inferred,)))["response"] == "utter_duration_inferred"


@pytest.mark.parametrize(
    ("papers", "response"),
    [
        ((Paper("Tờ khai"),), "utter_documents"),
        ((Paper("Tờ khai", case="khi"),), "utter_documents_by_case"),
        ((Paper("Tờ khai"), Paper("Ủy quyền", case="khi")), "utter_documents_and_cases"),
    ],
)
def test_papers_always_needed_are_told_from_those_for_some(papers: tuple[Paper, ...], response: str) -> None:
    """Nobody should carry papers that are not theirs to bring."""
    assert say(Kind.DOCUMENTS, make_procedure(documents=papers))["response"] == response


@pytest.mark.parametrize(
    "authority",
    ["Ủy ban nhân dân cấp xã", "Trung tâm Phục vụ hành chính công (nhận hồ sơ); Hội đồng Giám định Y khoa tỉnh"],
)
def test_any_counter_of_the_province_takes_it(authority: str) -> None:
    """NĐ 118/2025: hand in anywhere in the province, whoever decides."""
    message = say(Kind.PLACE, make_procedure(authority=authority))

    assert message["response"] == "utter_place_anywhere"


@pytest.mark.parametrize(
    "facts",
    [
        {"authority": "Ủy ban nhân dân cấp xã", "vertical": True},
        {"authority": "Ủy ban nhân dân cấp xã", "channels": (Channel.ONLINE,)},
        {"authority": "Công an cấp xã"},
        {"authority": "Tòa án nhân dân khu vực"},
        {"authority": "Cơ sở giáo dục mầm non (nhận hồ sơ); Ủy ban nhân dân cấp xã"},
        {"authority": "Sở Giáo dục và Đào tạo; nơi đăng ký dự thi (nhận đơn)"},
    ],
)
def test_not_every_office_takes_papers_at_any_counter(facts: dict[str, Any]) -> None:
    """Courts, police and schools keep their own doors; a service without a counter has none."""
    assert say(Kind.PLACE, make_procedure(**facts))["response"] == "utter_place"


@pytest.mark.parametrize(
    ("online", "response"),
    [
        (OnlineService.FULL, "utter_online_full"),
        (OnlineService.PARTIAL, "utter_online_partial"),
        (None, "utter_online_none"),
    ],
)
def test_full_partial_and_no_online_service_are_different_answers(online: OnlineService | None, response: str) -> None:
    """Who is sent online in vain does not come back."""
    assert say(Kind.ONLINE, make_procedure(online=online))["response"] == response


def test_an_online_service_is_named_before_the_other_ways() -> None:
    """The answer to "online?" lists how to hand in otherwise only when it is not online."""
    assert say(Kind.ONLINE, make_procedure())["channels"] == "trực tiếp"


def test_the_audience_alone_is_no_condition() -> None:
    """Who may apply and under which condition are two facts."""
    audience = make_procedure(audience=("công dân", "doanh nghiệp"))
    both = make_procedure(audience=("công dân",), conditions=("Trong 15 ngày",))

    assert say(Kind.ELIGIBILITY, audience)["response"] == "utter_eligibility_audience"
    assert say(Kind.ELIGIBILITY, audience)["audience"] == "công dân và doanh nghiệp"
    assert say(Kind.ELIGIBILITY, both)["conditions"] == "• Trong 15 ngày"


def test_legal_texts_and_forms_are_listed() -> None:
    """The clerk asks for the number, the citizen for the form."""
    procedure = make_procedure(
        legal_basis=(LegalText("60/2014/QH13", "Luật Hộ tịch"),), documents=(Paper("Tờ khai đăng ký"),)
    )

    assert say(Kind.LEGAL_BASIS, procedure)["legal_texts"] == "• Luật Hộ tịch (60/2014/QH13)"
    assert say(Kind.FORM, procedure)["forms"] == "• Tờ khai đăng ký"


def test_the_steps_of_a_bare_procedure_still_read_as_sentences() -> None:
    """Every value has a word for "not stated"."""
    message = say(Kind.STEPS, make_procedure())

    assert message["duration"] == "nguồn không nêu"
    assert all(message[name] for name in ("authority", "channels", "result"))


def test_the_overview_says_what_is_not_stated() -> None:
    """One look at what is known and what is not."""
    dispatcher = CollectingDispatcher()
    overview(make_procedure(), Speaker(dispatcher))
    first, second = dispatcher.messages

    assert first["response"] == "utter_overview"
    assert first["duration"] == first["fee"] == first["authority"] == "nguồn không nêu"
    assert second["response"] == "utter_documents_not_stated"


def test_what_if_decides_nothing_but_shows_what_the_source_says() -> None:
    """A machine that decides cases would be wrong with authority."""
    dispatcher = CollectingDispatcher()
    what_if(make_procedure(), ["Ủy quyền: khi nhờ"], False, Speaker(dispatcher))
    what_if(make_procedure(), [], False, Speaker(dispatcher))
    what_if(make_procedure(), [], True, Speaker(dispatcher))

    assert [message["response"] for message in dispatcher.messages] == [
        "utter_what_if",
        "utter_what_if_not_stated",
        "utter_what_if_not_stated",
        "utter_documents_not_stated",
    ]


@pytest.mark.parametrize(
    ("kind", "condition"),
    [
        (Kind.DEADLINE, "Phải đi khai trong 15 ngày kể từ ngày có người chết"),
        (Kind.DEADLINE, "Gửi trước ngày tổ chức ít nhất 20 ngày"),
        (Kind.BENEFIT, "Mức trợ cấp bằng 5 lần lương cơ sở"),
        (Kind.VALIDITY, "Giấy y tế có giá trị 6 tháng kể từ ngày cấp"),
    ],
)
def test_what_a_condition_tells_is_shown(kind: Kind, condition: str) -> None:
    message = say(kind, make_procedure(conditions=("Người Việt Nam", condition)))

    assert message["response"] == f"utter_told_{kind.value}"
    assert condition in message["conditions"] and "Người Việt Nam" not in message["conditions"]
