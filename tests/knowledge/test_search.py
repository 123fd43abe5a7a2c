"""The search over a handful of procedures: real FAISS, an encoder that counts syllables."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from knowledge.search import Search
from tests.fakes.elsewhere import make_elsewhere
from tests.fakes.tiny_search import (
    BEEKEEPING,
    FOREIGN_CARD,
    GOING_TO_SCHOOL,
    LOST_CARD,
    READING_CARD,
    make_procedure,
    make_search,
)

PROVINCE_CARD = make_procedure("1.000009", "Cấp thẻ đọc sách (thực hiện tại cấp tỉnh)")


@pytest.fixture(scope="module")
def search() -> Search:
    return make_search()


@pytest.mark.parametrize(
    "question", ["làm thẻ đọc sách", "lam the doc sach", "LÀM THẺ ĐỌC SÁCH!!", "lamf ther ddocj sachs"]
)
def test_a_question_finds_its_procedure_however_it_is_typed(search: Search, question: str) -> None:
    """With marks, without, shouted, with the input method off."""
    assert search.find(question).hits[0].procedure.code == READING_CARD.code


def test_what_people_call_it_finds_it(search: Search) -> None:
    """The title never says "mật"."""
    hit = search.find("nuôi ong lấy mật").hits[0]

    assert hit.procedure.code == BEEKEEPING.code and hit.passage == "nuôi ong lấy mật"


def test_an_act_that_is_named_wins_over_the_ordinary_twin(search: Search) -> None:
    """ "mất" asks for the reissue."""
    assert search.find("mất thẻ đọc sách").hits[0].procedure.code == LOST_CARD.code


def test_an_ordinary_question_does_not_land_on_the_special_twin(search: Search) -> None:
    """Only who names the border or another country gets it."""
    assert search.find("thẻ đọc sách").hits[0].procedure.code != FOREIGN_CARD.code
    assert (
        search.find("thẻ đọc sách cho người nước ngoài khu vực biên giới").hits[0].procedure.code == FOREIGN_CARD.code
    )


def test_a_score_is_the_sum_of_its_parts(search: Search) -> None:
    """Clerks are shown why a hit is a hit."""
    for hit in search.find("làm thẻ đọc sách").hits:
        assert hit.score == pytest.approx(sum(hit.parts.values()))


@pytest.mark.parametrize("nothing", ["", "   ", "???"])
def test_a_question_without_words_breaks_nothing(search: Search, nothing: str) -> None:
    """The judge is left to say so."""
    assert search.find(nothing).known_share == 0.0


def test_the_matter_stands_out_of_a_long_story(search: Search) -> None:
    """Most of a story is how it came about."""
    story = (
        "Hôm qua cháu nhà tôi đi chơi bến phà với mấy đứa bạn, tối về mới hay là đã làm rơi đồ ở cầu phao. "
        "Giờ tôi muốn xin cấp lại thẻ đọc sách cho cháu, làm lại thẻ mượn sách thì ra đâu?"
    )

    assert search.find(story).hits[0].procedure.code == LOST_CARD.code


def test_two_addresses_of_one_matter_are_offered_once() -> None:
    """The better one stands among the hits, the other among the rejected."""
    search = make_search([READING_CARD, PROVINCE_CARD, BEEKEEPING])
    result = search.find("làm thẻ đọc sách")

    assert {hit.procedure.code for hit in result.hits} & {READING_CARD.code, PROVINCE_CARD.code} == {READING_CARD.code}
    assert PROVINCE_CARD.code in {hit.procedure.code for hit in result.rejected}


def test_a_life_event_is_found_beside_the_procedures(search: Search) -> None:
    """ "con vào lớp một" is no procedure."""
    assert search.find("con vào lớp một").life_events[0].item == GOING_TO_SCHOOL


def test_what_another_office_does_is_found_beside_ours(tmp_path: Path) -> None:
    """ "đổi thẻ" of theirs is ahead for who asks for it, and behind for who asks for ours."""
    one = make_elsewhere("3.000001", ("đổi bằng lái xe hết hạn", "bằng lái sắp hết hạn"))
    (tmp_path / "theirs.yml").write_text(yaml.safe_dump([one.model_dump(mode="json")]), encoding="utf8")
    search = make_search(elsewhere=tmp_path)

    theirs, ours = search.find("bằng lái xe hết hạn").rival, search.find("làm thẻ đọc sách").rival

    assert theirs is not None and theirs.entry == one and theirs.ahead > 0 and theirs.covered > 0.9
    assert ours is None or ours.ahead < 0


def test_without_other_offices_there_is_no_rival(search: Search) -> None:
    """A province may start without the list."""
    assert search.find("bằng lái xe hết hạn").rival is None
