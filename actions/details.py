"""Questions about a detail of what is being talked about: "có cần mang hộ khẩu không", "con 10 tuổi thì sao".

Their words name papers, people and chances that other procedures are called by; said in the middle of a talk they ask
about its procedure. Whoever wants something else says what they want to do ("có phải xin giấy phép không"). The words
are in nlu_data/details.yml.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

from knowledge.phrases import PhraseBook, PhraseMatch, split_syllables

WORDS = Path(__file__).parents[1] / "nlu_data" / "details.yml"
#: What the rules below look for; the file must have each of them and no other.
LABELS = frozenset({"must", "no", "may", "then_what", "done_then_what", "courtesy", "wants", "befalls"})


class DetailWordsFaulty(ValueError):
    """The file of words cannot be used; the message is for the person who wrote it."""


def read_words(path: Path = WORDS) -> PhraseBook:
    """Return the phrases of details, look-alikes first: where two are written alike without marks, they win.

    Raises:
        DetailWordsFaulty: a group is missing, unknown or empty, or a phrase stands in two.
    """
    written = yaml.safe_load(path.read_text(encoding="utf8"))
    groups = written.get("details", {})
    faults = [f"thiếu nhóm {label}" for label in sorted(LABELS - groups.keys())]
    faults += [f"không có nhóm {label}" for label in sorted(groups.keys() - LABELS, key=str)]
    labelled = {"": written.get("not_a_sign", []), **groups}
    owner: dict[str, str] = {}
    for label, phrases in labelled.items():
        for phrase in phrases:
            if not isinstance(phrase, str):
                faults.append(f"{phrase!r} trong nhóm {label}: đặt trong dấu ngoặc kép")
            elif owner.setdefault(phrase, label) != label:
                faults.append(f"'{phrase}' đứng trong hai nhóm: {owner[phrase] or 'not_a_sign'} và {label}")
    if faults:
        raise DetailWordsFaulty(f"{path.name}: {'; '.join(faults)}")
    order = ["", "courtesy", *sorted(LABELS - {"courtesy"})]
    return PhraseBook({label: labelled[label] for label in order})


@cache
def _book() -> PhraseBook:
    return read_words()


def asks_a_detail(text: str) -> bool:
    """Tell whether a message asks a detail of the procedure under discussion: must I, may I, and if."""
    found = _book().find(text)
    labels = {match.label for match in found}
    end = _ending(text, found)
    befalls = "befalls" in labels
    if "wants" in labels:
        return end == "done_then_what" and not befalls  # "công ty giải thể rồi thì sao"
    if end in {"then_what", "done_then_what"}:
        return not befalls
    return end == "may" or (end == "no" and "must" in labels)


def wants_something(text: str) -> bool:
    """Tell whether a message holds a word for what people come to an office to do."""
    return any(match.label == "wants" for match in _book().find(text))


def _ending(text: str, found: Sequence[PhraseMatch]) -> str:
    """Return the label of what a message ends in, words of courtesy left out; "" when it is nothing known."""
    end = max((syllable.end for syllable in split_syllables(text)), default=0)
    for match in reversed(found):
        if text[match.end : end].strip(" \t\n,.;:!?…") != "":
            return ""
        if match.label != "courtesy":
            return match.label
        end = match.start
    return ""
