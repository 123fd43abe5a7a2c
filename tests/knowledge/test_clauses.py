"""Long stories cut into clauses."""

from __future__ import annotations

import pytest

from knowledge.clauses import LONGEST, MOST_CLAUSES, STORY_WORDS, clauses

STORY = (
    "Em làm công ty da giày bốn năm rồi, nghỉ về quê nuôi con đã mười ba tháng. "
    "Giờ khó khăn quá nên em muốn lấy hết tiền bảo hiểm xã hội ra một lần. Em nộp giấy tờ gì?"
)


@pytest.mark.parametrize("short", ["", "mất sổ đỏ", " ".join(["từ"] * (STORY_WORDS - 1))])
def test_a_short_message_is_no_story(short: str) -> None:
    """Ordinary questions cost one search."""
    assert clauses(short) == []


def test_a_story_is_cut_where_it_pauses() -> None:
    """No word is lost, and each piece is long enough to say something."""
    cut = clauses(STORY)

    assert len(cut) > 1
    for word in ("giày", "bảo", "hiểm", "giấy"):
        assert any(word in piece for piece in cut)


def test_a_dictated_story_without_punctuation_is_cut_into_windows() -> None:
    """Voice typing sets no commas."""
    cut = clauses(" ".join(f"w{number}" for number in range(70)))

    assert len(cut) > 1 and all(len(piece.split()) <= LONGEST for piece in cut)
    assert {word for piece in cut for word in piece.split()} == {f"w{number}" for number in range(70)}


def test_a_pasted_page_is_not_searched_without_end() -> None:
    """A thousand words are eight searches, not a hundred."""
    assert len(clauses("một hai ba bốn năm sáu bảy tám. " * 200)) == MOST_CLAUSES
