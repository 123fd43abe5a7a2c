"""Bold words, codes to copy, long texts in pieces: nothing lost, nothing broken in the middle."""

from __future__ import annotations

import random

import pytest
import yaml

from channels.sentences import GATEWAY
from channels.telegram.markup import MAX_UNITS, Styled, styled, units
from tests.fakes.telegram_rules import check_entities, check_text


def bold(one: Styled) -> list[str]:
    """Return what Telegram would show in bold."""
    encoded = one.text.encode("utf-16-le")
    return [encoded[e.offset * 2 : (e.offset + e.length) * 2].decode("utf-16-le") for e in one.entities]


@pytest.mark.parametrize(
    ("text", "plain", "marked"),
    [
        ("**Đăng ký khai sinh** cần:", "Đăng ký khai sinh cần:", ["Đăng ký khai sinh"]),
        ("**Nơi nhận:** UBND xã", "Nơi nhận: UBND xã", ["Nơi nhận:"]),
        ("Người nộp: N*** V** M**", "Người nộp: N*** V** M**", []),
        ("2 ** 3 và **", "2 ** 3 và **", []),
        ("🙂 **hai** 🙂🙂 **ba**", "🙂 hai 🙂🙂 ba", ["hai", "ba"]),
        ("<b>&amp; _x_ [y](z)", "<b>&amp; _x_ [y](z)", []),
        ("Hồ sơ H50.05-261102-0001: **xong**", "Hồ sơ H50.05-261102-0001: xong", ["H50.05-261102-0001", "xong"]),
    ],
)
def test_marks_become_entities(text: str, plain: str, marked: list[str]) -> None:
    """As in the widget; entities need no escaping, so no name of a paper can break them."""
    (one,) = styled(text)

    assert one.text == plain
    assert bold(one) == marked


def test_a_code_can_be_copied_by_a_touch() -> None:
    """Typing H50.05-261102-0001 on a phone is no joy; in bold words Telegram allows no second entity."""
    (one,) = styled("Mã H50.05-261102-0001, **mã H50.05-261102-0002**")

    assert [entity.type for entity in one.entities] == ["code", "bold"]


def test_a_long_text_breaks_between_paragraphs_first() -> None:
    """A paragraph is read as a whole."""
    first, second = styled("\n\n".join(["a " * 30 + "a", "b " * 30 + "b"]), limit=100)

    assert (set(first.text), set(second.text)) == ({"a", " "}, {"b", " "})


def test_a_list_breaks_between_items_and_a_heading_stays_with_its_list() -> None:
    """Half an item is no item, and "thêm:" at the end of a message promises nothing."""
    text = "\n".join(["1. " + "a" * 40, "2. " + "a" * 30, "Thêm:", "• " + "b" * 40, "• " + "b" * 40])
    pieces = [one.text for one in styled(text, limit=100)]

    assert pieces[0].endswith("a" * 30)
    assert pieces[1].startswith("Thêm:\n• b")


def test_a_sentence_is_kept_whole_and_a_word_too() -> None:
    """Without lines there are still sentences, without sentences words."""
    sentences = [one.text for one in styled("Một hai ba bốn năm sáu. " * 8, limit=100)]
    words = [one.text for one in styled("chữ " * 60, limit=50)]

    assert all(text.endswith(".") for text in sentences)
    assert set(" ".join(words).split()) == {"chữ"}


def test_pieces_hold_everything_and_their_entities_are_taken() -> None:
    """Whatever the text: no letter lost, no letter of two units cut, no entity that Telegram refuses."""
    chance = random.Random(3)
    letters = ["a", "ễ", "🙂", " ", " ", "\n", "\n\n", "**", "**x y**", ". ", "• ", "H50.05-261102-0001 ", "ab" * 9]
    for _ in range(300):
        text = "".join(chance.choice(letters) for _ in range(chance.randrange(1, 120)))
        limit = chance.randrange(20, 90)
        pieces = styled(text, limit)
        whole = styled(text, 10**6)
        assert "".join("".join(one.text for one in pieces).split()) == "".join("".join(o.text for o in whole).split())
        for one in pieces:
            assert 0 < one.units <= limit
            check_entities(check_text(one.text), [entity.to_dict() for entity in one.entities])


def test_a_text_of_the_very_limit_stays_one_message() -> None:
    """Emoji count twice."""
    assert units("🙂ễ") == 3
    assert len(styled("🙂" * (MAX_UNITS // 2))) == 1
    assert len(styled("🙂" * (MAX_UNITS // 2) + "a")) == 2


def test_every_sentence_that_is_spoken_can_be_sent() -> None:
    """All responses pass through here; none may be refused."""
    for path in GATEWAY.parent.glob("*.yml"):
        for variants in yaml.safe_load(path.read_text(encoding="utf8"))["responses"].values():
            for one in styled(variants[0].get("text", "x")):
                check_entities(check_text(one.text), [entity.to_dict() for entity in one.entities])
                assert "**" not in one.text
