"""The answer action: facts, source, buttons and what the conversation remembers."""

from __future__ import annotations

from actions.kinds import BUTTON_TITLES, Kind
from actions.procedures import AnswerAction, further_buttons
from knowledge.model import Paper
from tests.actions.builders import (
    BIRTH,
    DEATH,
    MARRIAGE,
    FakeSearch,
    FakeTalk,
    make_finder,
    make_message,
    make_procedure,
    run,
)
from tests.fakes.elsewhere import make_elsewhere

LICENCE = make_elsewhere()
CLEAR = {"khai sinh": ((BIRTH, 0.9),), "khai": ((BIRTH, 0.6), (DEATH, 0.55)), "xyz": ()}


def action(talk: FakeTalk | None = None) -> AnswerAction:
    return AnswerAction(make_finder(FakeSearch(CLEAR), talk))


async def test_an_answer_ends_with_its_source() -> None:
    """Which procedure, which day: a clerk can check it."""
    said = await run(action(), make_message("khai sinh", "ask_fee", kind="fee"))

    assert said.responses == ["utter_fee_not_stated", "utter_source"]
    assert said.messages[-1]["code"] == BIRTH
    assert said.messages[-1]["as_of"] == "15/04/2026"
    assert said.turn["outcome"] == "answered"
    assert said.turn["procedure_code"] == BIRTH and said.turn["procedure_codes"] == [BIRTH]
    assert said.turn["links"][0]["url"].endswith(BIRTH)


async def test_papers_come_with_the_list_to_print() -> None:
    """Told in a chat, papers are forgotten; printed, they lie on the table."""
    birth = make_procedure(documents=(Paper("Tờ khai"),))
    search = FakeSearch(CLEAR, (birth, make_procedure(DEATH, "Đăng ký khai tử")))
    one = AnswerAction(make_finder(search), "https://motcua.test")
    papers = await run(one, make_message("khai sinh", "ask_documents", kind="documents"))
    overview = await run(one, make_message("khai sinh"))
    fee = await run(one, make_message("khai sinh", "ask_fee", kind="fee"))

    to_print = {"title": "Danh sách giấy tờ để in", "url": f"https://motcua.test/thu-tuc/{BIRTH}/danh-sach"}
    assert papers.turn["links"][0] == overview.turn["links"][0] == to_print
    assert to_print not in fee.turn["links"]


async def test_where_the_source_names_no_papers_there_is_nothing_to_print() -> None:
    """An empty list would be read as "bring nothing"."""
    said = await run(action(), make_message("khai sinh", "ask_documents", kind="documents"))

    assert [link["title"] for link in said.turn["links"]] == ["Xem trên Cổng Dịch vụ công quốc gia"]


async def test_several_kinds_are_answered_in_one_turn() -> None:
    """One question, one answer, one source."""
    said = await run(
        action(),
        make_message("khai sinh", "ask_fee", kind="fee")
        | {
            "entities": [
                {"entity": "kind", "value": "documents", "start": 0},
                {"entity": "kind", "value": "fee", "start": 5},
            ]
        },
    )

    assert said.responses == ["utter_documents_not_stated", "utter_fee_not_stated", "utter_source"]


async def test_a_matter_without_a_kind_gets_the_overview() -> None:
    """People who do not know what to ask get the most asked facts."""
    said = await run(action(), make_message("khai sinh"))

    assert said.responses == ["utter_overview", "utter_documents_not_stated", "utter_source"]


async def test_what_was_under_discussion_goes_into_the_history() -> None:
    """ "Quay lại" needs it, oldest first and each once."""
    slots = {"procedure_code": DEATH, "procedure_history": [BIRTH, DEATH, MARRIAGE]}
    talk = FakeTalk({"khai sinh": 0.1}, {"khai sinh": [BIRTH]})
    said = await run(action(talk), make_message("khai sinh"), slots)

    assert said.slots["procedure_code"] == BIRTH
    assert said.slots["procedure_history"] == [BIRTH, MARRIAGE, DEATH]


async def test_asking_back_offers_buttons_and_remembers_the_question() -> None:
    """The kind asked is not lost while the citizen chooses."""
    said = await run(action(), make_message("khai", "ask_fee", kind="fee"))

    assert said.turn["outcome"] == "asked_back"
    assert said.turn["procedure_code"] is None
    assert said.turn["candidates"] == [BIRTH, DEATH]
    assert said.buttons == ["Đăng ký khai sinh", "Đăng ký khai tử", "Không phải các việc này"]
    assert said.messages[-1]["choices"] == "1. Đăng ký khai sinh\n2. Đăng ký khai tử"
    assert said.slots == {"candidates": [BIRTH, DEATH], "pending_kinds": ["fee"], "pending_question": "khai"}


async def test_the_choice_answers_the_kind_asked_before() -> None:
    """Nobody asks twice."""
    slots = {"candidates": [BIRTH, DEATH], "pending_kinds": ["fee"], "pending_question": "khai"}
    said = await run(action(), make_message("cái thứ hai", "choose_option"), slots)

    assert said.responses == ["utter_fee_not_stated", "utter_source"]
    assert said.turn["procedure_code"] == DEATH
    assert said.slots["candidates"] is None and said.slots["pending_kinds"] is None


async def test_nothing_found_leads_to_the_national_portal() -> None:
    """A dead end has a door."""
    said = await run(action(), make_message("xyz"))

    assert said.responses == ["utter_nothing_found"]
    assert said.turn["outcome"] == "nothing_found"
    assert said.turn["links"][0]["url"].startswith("https://dichvucong.gov.vn/")


async def test_another_offices_procedure_is_named_with_its_office_and_page() -> None:
    """Not ours is no dead end: whose it is, and where to read on; no paper and no fee of it is told."""
    finder = make_finder(FakeSearch({"bằng lái hết hạn": ()}, elsewhere={"bằng lái hết hạn": LICENCE}))
    said = await run(AnswerAction(finder), make_message("bằng lái hết hạn"))

    assert said.responses == ["utter_elsewhere"]
    assert said.messages[0]["title"] == LICENCE.title and said.messages[0]["where"] == LICENCE.where
    assert said.messages[0]["as_of"] == "29/04/2026"
    assert said.turn["outcome"] == "out_of_scope"
    assert [link["url"] for link in said.turn["links"]] == [LICENCE.source]


async def test_another_offices_procedure_is_what_is_talked_about_then() -> None:
    """The one before waits among the earlier ones, and no question of a kind stays open for the next matter."""
    asked = "lệ phí bằng lái hết hạn"
    finder = make_finder(FakeSearch({}), FakeTalk({asked: 0.1}, elsewhere={asked: LICENCE}))
    message = make_message(asked, "ask_fee", kind="fee")
    said = await run(AnswerAction(finder), message, {"procedure_code": BIRTH})

    assert said.slots["elsewhere_code"] == LICENCE.code and said.slots["procedure_code"] is None
    assert said.slots["procedure_history"] == [BIRTH]
    assert said.slots["pending_kinds"] is None and said.slots["candidates"] is None


async def test_nothing_found_keeps_the_procedure_under_discussion() -> None:
    """One misunderstood message must not cost the thread."""
    said = await run(action(FakeTalk({"xyz": 0.1})), make_message("xyz"), {"procedure_code": BIRTH})

    assert "procedure_code" not in said.slots


async def test_each_reason_has_its_words() -> None:
    """ "Which one?", "none of these" and "no such code" are different advice."""
    which = await run(action(), make_message("lệ phí?", "ask_fee"))
    none = await run(action(), make_message("/none_of_these", "none_of_these"), {"candidates": [BIRTH]})
    unknown = await run(action(), make_message("9.999999", procedure_code="9.999999"))

    assert which.responses == ["utter_which_procedure"]
    assert none.responses == ["utter_none_of_these"]
    assert unknown.responses == ["utter_unknown_code"] and unknown.messages[0]["code"] == "9.999999"


async def test_a_reply_that_names_nothing_gets_the_offer_again() -> None:
    """ "Giấy tờ" answers no "which one?"; the kind is remembered for the choice to come."""
    slots = {"candidates": [BIRTH, DEATH], "pending_question": "khai"}
    said = await run(action(), make_message("giấy tờ", "ask_documents", kind="documents"), slots)

    assert said.turn["outcome"] == "asked_back"
    assert said.turn["candidates"] == [BIRTH, DEATH]
    assert said.slots["pending_kinds"] == ["documents"] and said.slots["pending_question"] == "khai"


async def test_a_fee_or_a_time_is_told_of_each_choice() -> None:
    """It fits a line, and may settle the choice; papers of four procedures would be a wall."""
    slots = {"candidates": [BIRTH, DEATH], "pending_question": "khai"}
    said = await run(action(), make_message("bao nhiêu tiền", "ask_fee", kind="fee"), slots)

    assert said.responses[:2] == ["utter_fee_not_stated"] * 2 and "utter_choose_first" not in said.responses
    assert said.turn["candidates"] == [BIRTH, DEATH]


async def test_the_official_title_is_told_once() -> None:
    """The first answer names it in full; the follow-ups stay short."""
    title = "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền của Việt Nam cấp"
    long = make_procedure("2.000815", title, short_title="Chứng thực bản sao")
    answers = AnswerAction(make_finder(FakeSearch({"chứng thực": (("2.000815", 0.9),)}, [long])))
    first = await run(answers, make_message("chứng thực"))
    then = await run(answers, make_message("lệ phí?", "ask_fee"), {"procedure_code": "2.000815"})

    assert first.responses[-1] == "utter_source_with_title" and first.messages[-1]["title"] == title
    assert then.responses[-1] == "utter_source"
    assert then.messages[0]["title"] == "Chứng thực bản sao"


def test_buttons_offer_what_was_not_answered_yet() -> None:
    """At most four, the most asked first."""
    titles = [button.title for button in further_buttons(make_procedure(), (Kind.FEE,))]

    assert len(titles) == 4 and BUTTON_TITLES[Kind.FEE] not in titles
    assert titles[0] == BUTTON_TITLES[Kind.DOCUMENTS]
