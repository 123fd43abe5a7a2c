"""A question made ready for search: what names the matter stays, the frame goes."""

from __future__ import annotations

import pytest

from knowledge.question import QuestionReader

READER = QuestionReader()


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("cho em hỏi làm giấy khai sinh cần giấy tờ gì ạ", "lam giay khai sinh"),
        ("tôi muốn đăng ký kết hôn", "dang ky ket hon"),
        ("mat so do", "mat so do"),
    ],
)
def test_politeness_and_kinds_of_question_are_left_out(typed: str, left: str) -> None:
    """ "cho em hỏi" says nothing about the matter."""
    assert " ".join(READER.read(typed).terms) == left


def test_abbreviations_are_written_out() -> None:
    """People write CCCD and GPLX, titles do not."""
    assert "can cuoc" in " ".join(READER.read("làm lại CCCD").terms)


def test_dialect_is_read() -> None:
    """ "mần" is làm, "răng" is sao."""
    assert READER.read("mần giấy khai sinh răng").terms[0] == "lam"


def test_frame_words_alone_are_kept_and_said_to_be_frame() -> None:
    """ "nộp ở đâu" is a question, but about nothing new."""
    question = READER.read("nộp ở đâu")

    assert question.only_frame and question.terms


@pytest.mark.parametrize("empty", ["", "   ", "???", "😀"])
def test_a_text_that_says_nothing_gives_no_terms(empty: str) -> None:
    """Nothing is searched for then."""
    assert READER.read(empty).terms == ()


def test_codes_are_no_words() -> None:
    """Digits of a receipt must not match a decree."""
    assert "0975" not in " ".join(READER.read("hồ sơ H50-261108-0975 khai sinh").terms)


def test_a_very_long_text_is_cut() -> None:
    """A page pasted into the chat costs no minute."""
    assert len(READER.read("khai sinh " * 500).terms) <= 60
