"""Which procedures are one matter for a citizen."""

from __future__ import annotations

from pathlib import Path

from knowledge.model import Act, Facets, Level
from knowledge.same_matter import SameMatter
from tests.fakes.tiny_search import make_procedure

COMMUNE = make_procedure("1.000001", "Cấp đổi thẻ đọc sách")
PROVINCE = make_procedure("1.000002", "Cấp đổi thẻ đọc sách (thực hiện tại cấp tỉnh)", levels=(Level.PROVINCE,))
REISSUE = make_procedure("1.000003", "Cấp lại thẻ đọc sách (thực hiện tại cấp tỉnh)", facets=Facets(Act.REISSUE))
SOCIETY, BIG_SOCIETY = (
    make_procedure("2.000001", "Thành lập hội"),
    make_procedure("2.000002", "Thành lập hội (cấp tỉnh)"),
)
ALL = (COMMUNE, PROVINCE, REISSUE, SOCIETY, BIG_SOCIETY)


def same(tmp_path: Path, text: str = "") -> SameMatter:
    (tmp_path / "same.yml").write_text(text or "[]", encoding="utf8")
    return SameMatter(ALL, tmp_path / "same.yml")


def test_the_same_at_commune_and_province_is_one_matter(tmp_path: Path) -> None:
    """ "Anh/chị làm ở xã hay ở tỉnh?" settles nothing."""
    assert same(tmp_path).twins_of("1.000001") == {"1.000002"}
    assert same(tmp_path).twins_of("1.000002") == {"1.000001"}


def test_another_act_is_another_matter(tmp_path: Path) -> None:
    """Exchanged is not reissued."""
    assert same(tmp_path).twins_of("1.000003") == frozenset()


def test_a_society_of_the_province_is_none_of_the_commune(tmp_path: Path) -> None:
    """There the level decides what is founded, not where one goes."""
    assert same(tmp_path).twins_of("2.000001") == frozenset()


def test_the_list_joins_an_old_code_with_the_new_ones_but_not_these_with_each_other(tmp_path: Path) -> None:
    """Maternity benefit in general covers births and adoptions, which are two."""
    text = '- {general: "1.000003", covers: ["2.000001", "2.000002"], why: thử}'
    found = same(tmp_path, text)

    assert found.twins_of("1.000003") == {"2.000001", "2.000002"}
    assert found.twins_of("2.000001") == {"1.000003"}
