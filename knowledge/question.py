"""A citizen's question made ready for search: the words that count, the words added, the text to encode."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import yaml

from knowledge.vietnamese import classic_tones, fold, folded_syllables, has_diacritics, nfc, syllables

WORDS = Path(__file__).parent / "words.yml"
_CODE = re.compile(r"\S*\d{4,}\S*")
MAX_SYLLABLES = 60
#: Folded syllables that name no matter by themselves; a message of only these goes on about what was said before.
LIGHT_SYLLABLES = frozenset(
    """
    a ai anh ay ba bac bao bay bi bo cac cai can chac chang chau chi chinh cho chu chua co con cu cua cung da dang
    day de dem den di do duoc em gap gi giai gio giup ha het ho hoac hoi khac khi khong kia la lai lam lan len
    loai luon ma may me minh mot nao nay neu nguoi nha nhan nhanh nhe nhieu nhu nhung no noi nop nua o oi phai phi
    qua ra roi sao se tai the them theo tien thi thoi thu toi tuc tra trong tu va vay ve vi viec voi xin xong y
    """.split()  # noqa: SIM905
)


#: Folded syllables of acts and papers in general: "cấp lại giấy chứng nhận" does not say of what.
GENERIC_SYLLABLES = frozenset(
    """
    ban cap chinh chung dang dieu doi dong gia giay han huy ky lai moi ngung nhan phep sua sung tam thay the to xoa
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Question:
    """A question as the two channels see it.

    terms: folded syllables that name the matter, frame words left out.
    added: folded syllables of other names of the same matter, to be weighed less.
    text: the matter with marks as typed and abbreviations written out; what is encoded after restoring marks.
    marked: whether the person typed diacritics.
    only_frame: nothing but frame words ("nộp ở đâu"); then `terms` holds those.
    """

    raw: str
    terms: tuple[str, ...]
    added: tuple[str, ...]
    text: str
    marked: bool
    only_frame: bool = False


class Match(Enum):
    """How the words of a list are compared with what was typed.

    EXACT: only as written.  FRAME: also without marks when it is two words or more ("nha" may be "nhà").
    ANY: without marks, and a key written without marks also with any marks ("so do" is "sổ đỏ").
    """

    EXACT = "exact"
    FRAME = "frame"
    ANY = "any"


@dataclass(frozen=True)
class _Phrase:
    """A phrase of the word lists."""

    typed: tuple[str, ...]
    folded: tuple[str, ...]
    value: tuple[str, ...]
    match: Match

    def matches(self, typed: tuple[str, ...], folded: tuple[str, ...]) -> bool:
        if typed == self.typed or self.match is Match.EXACT:
            return typed == self.typed
        unmarked = typed == folded
        if self.match is Match.FRAME:
            return unmarked and folded == self.folded and len(folded) > 1
        return folded == self.folded and (unmarked or self.typed == self.folded)


class QuestionReader:
    """Turns text into a `Question` with the word lists of `words.yml`."""

    def __init__(self, words: Path = WORDS) -> None:
        lists = yaml.safe_load(words.read_text(encoding="utf8"))
        self._short = _by_first(lists["short"], Match.EXACT)
        self._also = _by_first(lists["also"], Match.ANY)
        self._frame = _by_first(dict.fromkeys(lists["frame"], ""), Match.FRAME)
        # Typed without marks, one syllable may be another word: "nha" is also "nhà", "the" is also "thẻ".
        longer = [phrase for phrase in lists["frame"] if " " in phrase]
        self._frame_unmarked = _by_first(dict.fromkeys(longer, ""), Match.FRAME)

    def read(self, text: str) -> Question:
        """Return the question; a text of frame words alone keeps its words."""
        clean = _CODE.sub(" ", classic_tones(nfc(text)))
        tokens = syllables(clean)[:MAX_SYLLABLES]
        written_out = _rewrite(tokens, self._short)
        matter = _rewrite(written_out, self._frame if has_diacritics(clean) else self._frame_unmarked)
        only_frame = not any(len(token) > 1 for token in matter)
        if only_frame:
            matter = written_out
        added: list[str] = []
        _rewrite(written_out, self._also, added)
        terms = tuple(folded_syllables(" ".join(matter)))
        extra = tuple(token for token in map(fold, added) if token not in terms)
        return Question(text, terms, extra, " ".join(matter), has_diacritics(clean), only_frame)


def _by_first(entries: Mapping[str, str], match: Match) -> dict[str, list[_Phrase]]:
    """Return the phrases by their first folded syllable, longest first."""
    grouped: dict[str, list[_Phrase]] = {}
    for key, value in entries.items():
        phrase = _Phrase(
            tuple(syllables(str(key))), tuple(folded_syllables(str(key))), tuple(syllables(str(value))), match
        )
        grouped.setdefault(phrase.folded[0], []).append(phrase)
    for phrases in grouped.values():
        phrases.sort(key=lambda phrase: -len(phrase.folded))
    return grouped


def _rewrite(
    tokens: Sequence[str], table: Mapping[str, list[_Phrase]], collected: list[str] | None = None
) -> list[str]:
    """Replace the longest phrases from left to right; with `collected`, values go there and tokens stay."""
    result: list[str] = []
    folded = [fold(token) for token in tokens]
    position = 0
    while position < len(tokens):
        found = _longest(table.get(folded[position], ()), tokens, folded, position)
        length = len(found.folded) if found else 1
        if found is None or collected is not None:
            result.extend(tokens[position : position + length])
        else:
            result.extend(found.value)
        if found and collected is not None:
            collected.extend(found.value)
        position += length
    return result


def _longest(phrases: Sequence[_Phrase], tokens: Sequence[str], folded: Sequence[str], start: int) -> _Phrase | None:
    for phrase in phrases:
        end = start + len(phrase.folded)
        if phrase.matches(tuple(tokens[start:end]), tuple(folded[start:end])):
            return phrase
    return None
