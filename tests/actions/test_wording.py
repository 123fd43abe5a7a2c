"""Numbers, money, dates and lists as citizens read them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from actions import wording
from knowledge.model import Channel, Duration, Fee, LegalText, Paper, TimeUnit
from tests.actions.builders import make_procedure

ANY = (Channel.COUNTER,)
BOTH = (Channel.ONLINE, Channel.COUNTER)


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "miễn phí"), (500, "500 đồng"), (8000, "8.000 đồng"), (135000, "135.000 đồng"), (1250000, "1.250.000 đồng")],
)
def test_money_is_grouped_by_dots(amount: int, words: str) -> None:
    """A misplaced dot costs somebody a second way to the office."""
    assert wording.money(amount) == words


def test_dates_begin_with_the_day() -> None:
    """09/02 is the ninth of February here."""
    assert wording.day(date(2026, 2, 9)) == "09/02/2026"
    assert wording.moment(datetime(2026, 2, 9, 7, 5)) == "07:05 ngày 09/02/2026"


@pytest.mark.parametrize(
    ("words", "spoken"),
    [([], ""), (["a"], "a"), (["a", "b"], "a hoặc b"), (["a", "b", "c"], "a, b hoặc c")],
)
def test_lists_are_spoken_with_a_last_word(words: list[str], spoken: str) -> None:
    """People read a sentence, not an array."""
    assert wording.joined(words) == spoken


def test_a_list_may_end_with_and() -> None:
    """Channels that all apply are joined with "và"."""
    assert wording.channel_words(BOTH, "và") == "trực tuyến và trực tiếp"


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        (Paper("Tờ khai"), "Tờ khai (nguồn không ghi số bản)"),
        (Paper("Tờ khai", originals=1), "Tờ khai"),
        (Paper("Ảnh", originals=2), "Ảnh (2 bản chính)"),
        (Paper("Căn cước", originals=1, copies=2), "Căn cước (1 bản chính; 2 bản sao)"),
        (Paper("Đơn", form="Mẫu số 18", originals=1), "Đơn (Mẫu số 18)"),
        (Paper("Đơn (Mẫu số 18)", form="Mẫu số 18", originals=1), "Đơn (Mẫu số 18)"),
        (Paper("Văn bản ủy quyền", originals=1, case="khi nhờ người khác"), "Văn bản ủy quyền: khi nhờ người khác"),
    ],
)
def test_papers_carry_counts_form_and_case(paper: Paper, words: str) -> None:
    """One original is the rule, said once for the list; a count that the source does not give is said to be absent."""
    assert wording.paper(paper) == words


def test_papers_always_needed_are_numbered_and_the_others_are_not() -> None:
    """A citizen ticks off the numbered ones and reads the others for his case."""
    papers = (Paper("Tờ khai", 1), Paper("Căn cước", 1), Paper("Ủy quyền", 1, case="khi nhờ"))

    always, sometimes = wording.papers(make_procedure(documents=papers))

    assert always == "1. Tờ khai\n2. Căn cước"
    assert sometimes == "• Ủy quyền: khi nhờ"


def test_the_usual_count_is_said_only_where_it_holds() -> None:
    """Without a single original there is nothing to say once for all."""
    assert "1 bản chính" in wording.usual_count(make_procedure(documents=(Paper("Tờ khai", 1),)))
    assert wording.usual_count(make_procedure(documents=(Paper("Ảnh", 2),))) == ""


@pytest.mark.parametrize(
    ("fee", "words"),
    [
        (Fee(ANY, amount_vnd=0), "miễn phí"),
        (Fee(ANY, amount_vnd=8000, condition="mỗi bản"), "8.000 đồng – mỗi bản"),
        (Fee(ANY, amount_usd=145, condition="mỗi thẻ"), "145 đô la Mỹ (USD) – mỗi thẻ"),
        (Fee(ANY, percent=0.5, condition="giá trị xe"), "0,5% – giá trị xe"),
        (Fee(ANY, percent=10.0), "10%"),
        (Fee(ANY, set_by="HĐND tỉnh"), "do HĐND tỉnh quy định (nguồn không ghi số tiền)"),
        (Fee(ANY, per_law="Thông tư 1/2026"), "theo Thông tư 1/2026 (nguồn không ghi số tiền)"),
    ],
)
def test_a_fee_says_what_the_source_says(fee: Fee, words: str) -> None:
    """An amount set elsewhere is never given as an amount."""
    assert wording.fee(fee, make_procedure(channels=ANY)) == words


def test_a_fee_of_one_channel_names_the_channel() -> None:
    """Half the price online is only half the price online."""
    fee = Fee((Channel.ONLINE,), amount_vnd=7000)

    assert wording.fee(fee, make_procedure(channels=BOTH)) == "nộp trực tuyến: 7.000 đồng"


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        (TimeUnit.MINUTE, "3 phút"),
        (TimeUnit.HOUR, "3 giờ"),
        (TimeUnit.WORKING_HOUR, "3 giờ làm việc"),
        (TimeUnit.DAY, "3 ngày"),
        (TimeUnit.WORKING_DAY, "3 ngày làm việc"),
        (TimeUnit.WEEK, "3 tuần"),
        (TimeUnit.MONTH, "3 tháng"),
        (TimeUnit.YEAR, "3 năm"),
    ],
)
def test_days_and_working_days_are_different_words(unit: TimeUnit, words: str) -> None:
    """Ten working days are two weeks."""
    assert wording.duration(Duration(ANY, 3, unit), make_procedure(channels=ANY)) == words


def test_every_unit_channel_and_applicant_has_words() -> None:
    """A new value in the data must not reach a citizen as an English word."""
    assert set(wording.UNIT_WORDS) == set(TimeUnit)
    assert set(wording.CHANNEL_WORDS) == set(Channel)


def test_one_time_stands_in_the_line_and_several_become_a_list() -> None:
    """A single time must not look like a list of one."""
    one = make_procedure(durations=(Duration(ANY, 1, TimeUnit.DAY),))
    two = make_procedure(channels=BOTH, durations=(Duration(ANY, 1, TimeUnit.DAY), Duration(BOTH, 2, TimeUnit.DAY)))

    assert wording.durations(one) == " 1 ngày"
    assert wording.durations(two) == "\n• trực tiếp: 1 ngày\n• 2 ngày"
    assert wording.durations(one, in_line=True) == "1 ngày"
    assert wording.durations(two, in_line=True) == "trực tiếp: 1 ngày; 2 ngày"


def test_a_title_of_three_lines_is_spoken_short() -> None:
    """On a phone the answer must not begin below the fold."""
    long = make_procedure(title="Chứng thực bản sao từ bản chính " * 5, short_title="Chứng thực bản sao")

    assert wording.spoken_title(long) == "Chứng thực bản sao"
    assert wording.spoken_title(make_procedure()) == "Đăng ký khai sinh"


def test_absent_facts_have_no_words() -> None:
    """Who words an absent fact as something has invented it."""
    bare = make_procedure()

    assert wording.durations(bare, in_line=True) == ""
    assert wording.fees(bare, in_line=True) == ""
    assert wording.papers(bare) == ("", "")
    assert wording.forms(bare) == []


def test_a_legal_text_has_number_and_day() -> None:
    """The day stays away when the source does not give it."""
    dated = LegalText("60/2014/QH13", "Luật Hộ tịch", date(2014, 11, 20))

    assert wording.legal_texts((dated,)) == ("• Luật Hộ tịch (60/2014/QH13, ngày 20/11/2014)", 0)
    assert wording.legal_texts((LegalText("1/2026", "Luật Cư trú"),)) == ("• Luật Cư trú (1/2026)", 0)


def test_the_weightiest_legal_texts_come_first_and_the_rest_is_counted() -> None:
    """A law before its circular; nobody reads thirty lines on a phone."""
    titles = ("Thông tư A", "Nghị định B", "Luật C", "Luật C sửa đổi D")
    texts, left_out = wording.legal_texts(tuple(LegalText(str(n), title) for n, title in enumerate(titles)), most=3)

    assert texts.splitlines() == ["• Luật C (2)", "• Luật C sửa đổi D (3)", "• Nghị định B (1)"]
    assert left_out == 1


def test_forms_are_papers_to_fill_in() -> None:
    """An ID card is no form; a declaration and anything with a form number is."""
    papers = (Paper("Căn cước"), Paper("Tờ khai đăng ký"), Paper("Bản vẽ", form="Phụ lục 2"))

    assert wording.forms(make_procedure(documents=papers)) == ["Tờ khai đăng ký", "Bản vẽ (Phụ lục 2)"]


@pytest.mark.parametrize(
    ("authority", "taking", "deciding"),
    [
        ("Ủy ban nhân dân cấp xã", "Ủy ban nhân dân cấp xã", "Ủy ban nhân dân cấp xã"),
        (
            "Trung tâm Phục vụ hành chính công (nhận hồ sơ); Chủ tịch Ủy ban nhân dân cấp xã",
            "Trung tâm Phục vụ hành chính công",
            "Chủ tịch Ủy ban nhân dân cấp xã",
        ),
        (
            "Sở Y tế (nhận hồ sơ, thẩm định); Chủ tịch Ủy ban nhân dân tỉnh (quyết định)",
            "Sở Y tế (nhận hồ sơ, thẩm định)",
            "Sở Y tế (nhận hồ sơ, thẩm định); Chủ tịch Ủy ban nhân dân tỉnh (quyết định)",
        ),
        ("Trung tâm (nhận hồ sơ)", "Trung tâm", "Trung tâm (nhận hồ sơ)"),
        (None, None, None),
    ],
)
def test_who_takes_the_file_is_asked_and_who_decides_is_named_in_the_steps(
    authority: str | None, taking: str | None, deciding: str | None
) -> None:
    procedure = make_procedure(authority=authority)

    assert (wording.taking_office(procedure), wording.deciding_offices(procedure)) == (taking, deciding)
