"""Which procedure a message is about."""

from __future__ import annotations

import pytest

from actions.memory import Memory, Reason
from actions.talk import Reply
from tests.actions.builders import (
    BIRTH,
    DEATH,
    MARRIAGE,
    FakeSearch,
    FakeTalk,
    hit_of,
    make_finder,
    make_message,
    sounding_like,
)
from tests.fakes.elsewhere import make_elsewhere

CLEAR_MARRIAGE = {"đăng ký kết hôn": ((MARRIAGE, 0.9), (BIRTH, 0.1))}
ASKED_FOR_PAPERS = {"có cần mang giấy khai sinh không": ((BIRTH, 0.9), (MARRIAGE, 0.1))}
UNSURE = {"khai": ((BIRTH, 0.6), (DEATH, 0.55))}


def test_a_clear_question_names_its_procedure() -> None:
    """No question back when it is clear."""
    subject = make_finder(FakeSearch(CLEAR_MARRIAGE)).find(make_message("đăng ký kết hôn"), Memory())

    assert subject.reason is Reason.NAMED
    assert subject.procedure is not None and subject.procedure.code == MARRIAGE


def test_an_unclear_question_offers_what_fits() -> None:
    """Half of all procedures have a near twin."""
    subject = make_finder(FakeSearch(UNSURE)).find(make_message("khai"), Memory())

    assert subject.reason is Reason.UNSURE
    assert [hit.procedure.code for hit in subject.offers] == [BIRTH, DEATH]


def test_what_nothing_fits_is_nothing() -> None:
    """Outside the list is a real answer."""
    subject = make_finder(FakeSearch({"nuôi khủng long": ((BIRTH, 0.1),)})).find(
        make_message("nuôi khủng long"), Memory()
    )

    assert subject.reason is Reason.NOTHING and subject.procedure is None


@pytest.mark.parametrize("text", ["còn lệ phí?", "bao lâu", "nộp ở đâu vậy", "le phi bao nhieu"])
def test_words_that_name_no_matter_go_on_with_the_procedure(text: str) -> None:
    """Nobody repeats what they are talking about; the search is not even asked."""
    search = FakeSearch({})
    subject = make_finder(search).find(make_message(text, "ask_fee"), Memory(BIRTH))

    assert subject.reason is Reason.KEPT
    assert subject.procedure is not None and subject.procedure.code == BIRTH
    assert search.asked == []


def test_words_that_name_no_matter_at_the_beginning_ask_for_the_matter() -> None:
    """ "Lệ phí bao nhiêu?" alone cannot be answered."""
    subject = make_finder(FakeSearch({})).find(make_message("lệ phí bao nhiêu", "ask_fee"), Memory())

    assert subject.reason is Reason.NOT_SAID


def test_a_new_matter_drops_the_old_one() -> None:
    """The answer must not be about yesterday's question."""
    talk = FakeTalk({"đăng ký kết hôn": 0.1}, {"đăng ký kết hôn": [MARRIAGE]})
    subject = make_finder(FakeSearch({}), talk).find(make_message("đăng ký kết hôn"), Memory(DEATH))

    assert subject.reason is Reason.NAMED
    assert subject.procedure is not None and subject.procedure.code == MARRIAGE


def test_several_new_matters_are_offered() -> None:
    talk = FakeTalk({"tiền tuất": 0.1}, {"tiền tuất": [BIRTH, MARRIAGE]})
    subject = make_finder(FakeSearch({}), talk).find(make_message("tiền tuất"), Memory(DEATH))

    assert [hit.procedure.code for hit in subject.offers] == [BIRTH, MARRIAGE]


def test_who_may_mean_either_is_asked_and_the_old_one_stands_first() -> None:
    """Half a chance is no ground for an answer."""
    talk = FakeTalk({"giấy kết hôn thì sao": 0.5}, {"giấy kết hôn thì sao": [MARRIAGE, BIRTH]})
    subject = make_finder(FakeSearch({}), talk).find(make_message("giấy kết hôn thì sao"), Memory(DEATH))

    assert subject.reason is Reason.UNSURE
    assert [hit.procedure.code for hit in subject.offers] == [DEATH, MARRIAGE, BIRTH]


def test_what_if_stays_with_the_procedure_whatever_it_names() -> None:
    """ "nếu bố mẹ chưa đăng ký kết hôn" is about the birth, not about a wedding."""
    text = "nếu bố mẹ chưa đăng ký kết hôn thì sao"
    subject = make_finder(FakeSearch({}), FakeTalk({text: 0.9})).find(make_message(text), Memory(BIRTH))

    assert subject.reason is Reason.WHAT_IF
    assert subject.procedure is not None and subject.procedure.code == BIRTH


@pytest.mark.parametrize(("stays", "reason"), [(0.1, Reason.NAMED), (0.4, Reason.WHAT_IF)])
def test_a_case_that_is_plainly_another_procedure_is_one(stays: float, reason: Reason) -> None:
    """ "lỡ ông mất thì báo ai" after a birth; half a doubt only offers it."""
    text = "lỡ ông nội mất thì báo ai"
    talk = FakeTalk({text: stays}, {text: [DEATH]})
    subject = make_finder(FakeSearch({}), talk).find(make_message(text), Memory(BIRTH))

    assert subject.reason is reason
    assert subject.procedure is not None and subject.procedure.code == (DEATH if reason is Reason.NAMED else BIRTH)


@pytest.mark.parametrize(("text", "code"), [("2", DEATH), ("cái đầu", BIRTH), ("cái cuối", DEATH)])
def test_a_number_chooses_among_the_offers(text: str, code: str) -> None:
    """The order on the screen is the order that counts."""
    memory = Memory(candidates=(BIRTH, DEATH), question="khai")
    subject = make_finder(FakeSearch({})).find(make_message(text, "choose_option"), memory)

    assert subject.reason is Reason.CHOSEN
    assert subject.procedure is not None and subject.procedure.code == code


def test_words_choose_among_the_offers_when_they_settle_it() -> None:
    """ "người chết" leaves one."""
    search, talk = FakeSearch({"người chết": ((DEATH, 0.5),)}), FakeTalk(replies={"người chết": Reply(DEATH)})
    memory = Memory(candidates=(BIRTH, DEATH), question="khai")
    subject = make_finder(search, talk).find(make_message("người chết"), memory)

    assert subject.reason is Reason.CHOSEN
    assert subject.procedure is not None and subject.procedure.code == DEATH


def test_words_that_settle_nothing_choose_nothing() -> None:
    """A coin must not be tossed over somebody's papers."""
    search, talk = FakeSearch({"trường hợp xã": ((DEATH, 0.5),)}), FakeTalk(replies={"trường hợp xã": Reply()})
    memory = Memory(candidates=(BIRTH, DEATH), question="khai")
    subject = make_finder(search, talk).find(make_message("trường hợp xã"), memory)

    assert subject.reason is Reason.STILL_OPEN and subject.procedure is None


def test_a_reply_without_a_matter_leaves_the_offer_open() -> None:
    """ "Lệ phí?" does not say which of the two."""
    memory = Memory(candidates=(BIRTH, DEATH), question="khai")
    subject = make_finder(FakeSearch({})).find(make_message("lệ phí?", "ask_fee"), memory)

    assert subject.reason is Reason.STILL_OPEN and subject.procedure is None


def test_going_back_is_heard_beside_a_question() -> None:
    """ "Quay lại cái đầu, lệ phí bao nhiêu" asks a fee: of the first."""
    memory = Memory(MARRIAGE, history=(BIRTH, DEATH))
    subject = make_finder(FakeSearch({})).find(make_message("quay lại cái đầu, lệ phí bao nhiêu", "ask_fee"), memory)

    assert subject.procedure is not None and subject.procedure.code == BIRTH


def test_going_back_with_nothing_before_is_to_what_is_under_discussion() -> None:
    """A list of steps shown in between is no procedure."""
    subject = make_finder(FakeSearch({})).find(make_message("quay lại cái đầu", "go_back"), Memory(MARRIAGE))

    assert subject.reason is Reason.RETURNED
    assert subject.procedure is not None and subject.procedure.code == MARRIAGE


def test_a_detail_is_of_the_procedure_under_discussion_though_another_is_called_by_its_words() -> None:
    talk = FakeTalk({"có cần mang giấy khai sinh không": 0.8})
    finder = make_finder(FakeSearch(ASKED_FOR_PAPERS), talk)
    subject = finder.find(make_message("có cần mang giấy khai sinh không", "ask_documents"), Memory(MARRIAGE))
    first = finder.find(make_message("có cần mang giấy khai sinh không", "ask_documents"), Memory())

    assert subject.reason is Reason.WHAT_IF
    assert subject.procedure is not None and subject.procedure.code == MARRIAGE
    assert first.procedure is not None and first.procedure.code == BIRTH


def test_another_matter_instead_of_a_choice_is_another_matter() -> None:
    """An offer binds nobody."""
    memory = Memory(candidates=(BIRTH, DEATH), question="khai")
    talk = FakeTalk(replies={"đăng ký kết hôn": Reply(None, (hit_of(MARRIAGE),), True)})
    subject = make_finder(FakeSearch(CLEAR_MARRIAGE), talk).find(make_message("đăng ký kết hôn"), memory)

    assert subject.reason is Reason.NAMED
    assert subject.procedure is not None and subject.procedure.code == MARRIAGE


def test_none_of_these_is_no_search() -> None:
    """ "không phải" would find something."""
    memory = Memory(candidates=(BIRTH, DEATH))

    for message in (make_message("không phải", "none_of_these"), make_message("/none_of_these", "none_of_these")):
        assert make_finder(FakeSearch({})).find(message, memory).reason is Reason.REJECTED


def test_who_names_what_is_meant_does_not_only_refuse() -> None:
    """ "không, khai tử cho ông tui cơ" sounds half like "none of these"."""
    text = "không, khai tử cho ông tui cơ"
    memory = Memory(candidates=(BIRTH, DEATH))
    named = make_finder(FakeSearch({text: ()}), FakeTalk(replies={text: Reply(DEATH)}))
    nothing = make_finder(FakeSearch({text: ()}), FakeTalk(replies={text: Reply()}))

    assert named.find(sounding_like("none_of_these", 0.4, text), memory).reason is Reason.CHOSEN
    assert nothing.find(sounding_like("none_of_these", 0.4, text), memory).reason is Reason.REJECTED
    assert named.find(sounding_like("none_of_these", 0.9, text), memory).reason is Reason.REJECTED


def test_in_a_talk_a_number_is_not_always_a_choice() -> None:
    """ "nhà ba hộ xài chung một cái" is about the deed; "cái thứ hai" is a choice of nothing."""
    text = "nhà ba hộ xài chung một cái"
    finder = make_finder(FakeSearch({}), FakeTalk({text: 0.9}))

    assert finder.find(sounding_like("choose_option", 0.7, text), Memory(BIRTH)).reason is Reason.WHAT_IF
    assert finder.find(sounding_like("choose_option", 0.99, text), Memory(BIRTH)).reason is Reason.NOT_SAID
    assert finder.find(sounding_like("choose_option", 0.7, text), Memory()).reason is Reason.NOT_SAID


def test_a_button_with_a_code_needs_no_words() -> None:
    """What was pressed is what is meant."""
    message = make_message("/choose_procedure{…}", "choose_procedure", procedure_code=DEATH)
    finder = make_finder(FakeSearch({}))

    assert finder.find(message, Memory(candidates=(BIRTH, DEATH))).reason is Reason.CHOSEN
    assert finder.find(message, Memory()).reason is Reason.NAMED


def test_a_kind_button_is_about_the_procedure_under_discussion() -> None:
    """And asks which when there is none."""
    finder = make_finder(FakeSearch({}))

    assert finder.find(make_message("/ask_fee", "ask_fee"), Memory(BIRTH)).reason is Reason.KEPT
    assert finder.find(make_message("/ask_fee", "ask_fee"), Memory()).reason is Reason.NOT_SAID


def test_a_code_that_nobody_has_is_named_in_the_answer() -> None:
    """ "Not in my list" is told with the code."""
    message = make_message("thủ tục 9.999999", procedure_code="9.999999")
    subject = make_finder(FakeSearch({})).find(message, Memory(BIRTH))

    assert subject.reason is Reason.UNKNOWN_CODE
    assert subject.code == "9.999999" and subject.procedure is None


@pytest.mark.parametrize(("text", "code"), [("quay lại cái đầu", BIRTH), ("quay lại", DEATH), ("cái lúc nãy", DEATH)])
def test_going_back_means_the_last_one_unless_the_first_is_said(text: str, code: str) -> None:
    """History is kept oldest first."""
    memory = Memory(MARRIAGE, history=(BIRTH, DEATH))
    subject = make_finder(FakeSearch({})).find(make_message(text, "go_back"), memory)

    assert subject.reason is Reason.RETURNED
    assert subject.procedure is not None and subject.procedure.code == code


def test_a_procedure_gone_from_the_catalogue_is_not_kept() -> None:
    """The catalogue may change between two messages."""
    subject = make_finder(FakeSearch({})).find(make_message("lệ phí?", "ask_fee"), Memory("1.000001"))

    assert subject.reason is Reason.UNKNOWN_CODE


def test_what_is_surely_asked_of_an_office_is_offered_where_gossip_is_refused() -> None:
    """The classifier and the search weigh together: neither alone knows the border."""
    finder = make_finder(FakeSearch({"nuôi khủng long": ((BIRTH, 0.25),)}))
    message = make_message("nuôi khủng long")
    sure = [{"name": "ask_procedure", "confidence": 0.97}, {"name": "out_of_scope", "confidence": 0.01}]
    torn = [{"name": "ask_procedure", "confidence": 0.6}, {"name": "out_of_scope", "confidence": 0.3}]

    assert finder.find({**message, "intent_ranking": torn}, Memory()).reason is Reason.NOTHING
    assert finder.find({**message, "intent_ranking": sure}, Memory()).reason is Reason.UNSURE


def test_a_correction_is_read_from_its_second_half() -> None:
    """ "không phải …" is no refusal of the choices when it goes on with what is meant."""
    text = "không phải khai sinh, ý tôi là khai tử"
    finder = make_finder(FakeSearch({"khai tử": ()}), FakeTalk(replies={"khai tử": Reply(DEATH)}))
    subject = finder.find(sounding_like("none_of_these", 0.99, text), Memory(candidates=(BIRTH, DEATH)))

    assert subject.reason is Reason.CHOSEN
    assert subject.procedure is not None and subject.procedure.code == DEATH


def test_going_back_may_name_where_to() -> None:
    """ "quay lại cái đầu" counts, "quay lại khai tử" names."""
    found = {"khai tử, mất mấy ngày": ((MARRIAGE, 0.9), (DEATH, 0.5))}
    memory = Memory(BIRTH, history=(DEATH, BIRTH))
    subject = make_finder(FakeSearch(found)).find(make_message("thôi quay lại khai tử, mất mấy ngày"), memory)

    assert subject.reason is Reason.RETURNED
    assert subject.procedure is not None and subject.procedure.code == DEATH


def test_after_another_offices_procedure_a_fee_is_asked_of_that_one() -> None:
    """Not of what was talked about before it: "miễn phí" would be believed."""
    other = make_elsewhere()
    search = FakeSearch({}, elsewhere={"bằng lái hết hạn": other})
    subject = make_finder(search).find(make_message("lệ phí bao nhiêu", "ask_fee"), Memory(elsewhere_code=other.code))

    assert (subject.reason, subject.elsewhere) == (Reason.NOTHING, other)


@pytest.mark.parametrize("named", [True, False])
def test_a_new_matter_of_another_office_gets_none_of_ours(named: bool) -> None:
    """A dentist's licence asked after a wedding is no contract with the insurance, whether it can be named or not."""
    text, other = "mở phòng khám răng", make_elsewhere()
    talk = FakeTalk({text: 0.1}, {text: [MARRIAGE]}, elsewhere={text: other}, named=named)
    subject = make_finder(FakeSearch({}), talk).find(make_message(text), Memory(BIRTH))

    assert (subject.reason, subject.elsewhere) == (Reason.NOTHING, other if named else None)
