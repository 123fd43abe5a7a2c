"""Signs in a message of whether it goes on about what is talked about: "… có cần không", "… thì sao", "muốn …".

The words are in nlu_data/details.yml and nlu_data/question_kinds.yml.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.phrases import PhraseBook, PhraseMatch, split_syllables

NLU_DATA = Path(__file__).parents[1] / "nlu_data"
DETAILS, KINDS = NLU_DATA / "details.yml", NLU_DATA / "question_kinds.yml"
#: What is looked for; the file must have each of them and no other.
LABELS = frozenset(
    {"must", "no", "may", "then_what", "done_then_what", "courtesy", "wants", "befalls", "if", "and_also", "filler"}
)
#: Where two are written alike without marks the earlier wins; look-alikes ("") stand before all.
_FIRST = ("", "courtesy", "filler")


class DetailWordsFaulty(ValueError):
    """The file of words cannot be used; the message is for the person who wrote it."""


@dataclass(frozen=True)
class TalkSigns:
    """What a message shows.

    labels: groups of details.yml that it holds a phrase of.  opening, ending: the group of its first and its last
    phrase, fillers and courtesies left out; "" when that is nothing known.  kinds: the kinds of fact it asks for.
    beside: how many syllables stand beside the phrases that ask for them.  syllables: all of them, without marks.
    """

    labels: frozenset[str]
    opening: str
    ending: str
    kinds: frozenset[str]
    beside: int
    syllables: tuple[str, ...]


def read_signs(text: str) -> TalkSigns:
    """Return what a message shows."""
    details, kinds = _books()
    found, asked = details.find(text), kinds.find(text)
    syllables = split_syllables(text)
    return TalkSigns(
        frozenset(match.label for match in found),
        _opening(text, found),
        _ending(text, found, max((syllable.end for syllable in syllables), default=0)),
        frozenset(match.label for match in asked),
        len(syllables) - sum(match.length for match in asked),
        tuple(syllable.folded for syllable in syllables),
    )


def read_words(path: Path = DETAILS) -> PhraseBook:
    """Return the phrases of details, look-alikes first.

    Raises:
        DetailWordsFaulty: a group is missing, unknown or empty, or a phrase stands in two.
    """
    try:
        written = yaml.safe_load(path.read_text(encoding="utf8"))
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise DetailWordsFaulty(f"{path.name}: không đọc được: {fault}") from fault
    groups = written.get("details") if isinstance(written, dict) else None
    if not isinstance(groups, dict):
        raise DetailWordsFaulty(f"{path.name}: thiếu mục details")
    faults = [f"thiếu nhóm {label}" for label in sorted(LABELS - groups.keys())]
    faults += [f"không có nhóm {label}" for label in sorted(groups.keys() - LABELS, key=str)]
    labelled = {"": written.get("not_a_sign") or [], **groups}
    no_list = [label for label, phrases in labelled.items() if not isinstance(phrases, list) or (label and not phrases)]
    faults += [f"nhóm {label or 'not_a_sign'}: ghi một danh sách [cụm, cụm], không để trống" for label in no_list]
    faults += [] if no_list else _twice(labelled)
    if faults:
        raise DetailWordsFaulty(f"{path.name}: {'; '.join(faults)}")
    order = [*_FIRST, *sorted(LABELS.difference(_FIRST))]
    return PhraseBook({label: labelled[label] for label in order})


def _twice(labelled: Mapping[str, Sequence[Any]]) -> list[str]:
    faults, owner = [], dict[str, str]()
    for label, phrases in labelled.items():
        for phrase in phrases:
            if not isinstance(phrase, str):
                faults.append(f"{phrase!r} trong nhóm {label}: đặt trong dấu ngoặc kép")
            elif owner.setdefault(phrase, label) != label:
                faults.append(f"'{phrase}' đứng trong hai nhóm: {owner[phrase] or 'not_a_sign'} và {label}")
    return faults


@cache
def _books() -> tuple[PhraseBook, PhraseBook]:
    written = yaml.safe_load(KINDS.read_text(encoding="utf8"))
    return read_words(), PhraseBook({"": written["not_a_question"], **written["kinds"]})


def _opening(text: str, found: Sequence[PhraseMatch]) -> str:
    begin = 0
    for match in found:
        if split_syllables(text[begin : match.start]):
            return ""
        if match.label not in {"filler", "courtesy"}:
            return match.label
        begin = match.end
    return ""


def _ending(text: str, found: Sequence[PhraseMatch], end: int) -> str:
    for match in reversed(found):
        if split_syllables(text[match.end : end]):
            return ""
        if match.label != "courtesy":
            return match.label
        end = match.start
    return ""


def main() -> int:
    """Check the words that a clerk edits; part of `make data`."""
    try:
        read_words()
    except DetailWordsFaulty as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
