"""Turns a message into weighted n-grams: words as typed, folded words, and letters inside folded words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import scipy.sparse as sparse

from bot.components.kind_extractor import kinds_in
from bot.components.tokenizer import kept_spans, word_spans
from knowledge.phrases import PhraseBook
from knowledge.vietnamese import classic_tones, fold

Groups = tuple[Counter[str], Counter[str], Counter[str]]

#: How citizens write the commonest words in a hurry; only forms that mean one thing.
SHORTHAND = {
    "ko": "không", "k": "không", "kh": "không", "hok": "không", "hong": "không", "hông": "không", "khum": "không",
    "kg": "không", "khg": "không", "dc": "được", "đc": "được", "dk": "được", "đk": "đăng ký", "vs": "với", "z": "vậy",
    "v": "vậy", "vay": "vay", "j": "gì", "gi": "gì", "bn": "bao nhiêu", "bnh": "bao nhiêu", "bnhiu": "bao nhiêu",
    "bnhieu": "bao nhiêu", "nhiu": "nhiêu", "ntn": "như thế nào", "tn": "thế nào", "lm": "làm", "mk": "mình",
    "mik": "mình", "hs": "hồ sơ", "gt": "giấy tờ", "tt": "thủ tục", "ad": "ad", "cccd": "căn cước", "cmnd": "căn cước",
    "gplx": "bằng lái xe", "bhyt": "bảo hiểm y tế", "bhxh": "bảo hiểm xã hội", "lp": "lệ phí", "tg": "thời gian",
    "mún": "muốn", "bao lau": "bao lâu", "r": "rồi", "rùi": "rồi", "wa": "quá", "bik": "biết", "bít": "biết",
    "iem": "em", "onl": "online", "kq": "kết quả", "nd": "nội dung", "đt": "điện thoại", "sdt": "số điện thoại",
    "mô": "đâu", "chi": "gì", "răng": "sao", "rứa": "vậy", "mần": "làm", "nỏ": "không", "bây chừ": "bây giờ",
}  # fmt: skip
_SYLLABLE = re.compile(r"<\w+>|[^\W_]+")
_DIGITS = re.compile(r"\d{3,}")
_FOREIGN = re.compile(r"[^\W\d_a-zA-ZÀ-ɏḀ-ỹ]")
_PICTURE = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
_SIGN_WEIGHT = 2


def plain_words(text: str) -> tuple[list[str], list[str]]:
    """Return the segmented words and the syllables of a text, lower case, codes and numbers as placeholders."""
    lowered = classic_tones(text).lower()
    kept = kept_spans(lowered)
    words = [
        _code_placeholder(lowered[start:end]) if (start, end) in kept else _DIGITS.sub("<number>", lowered[start:end])
        for start, end in word_spans(lowered, kept)
    ]
    return words, [syllable for word in words for syllable in _SYLLABLE.findall(_spelled_out(word))]


class MessageReader:
    """Counts the n-grams of a text in three groups: words 1-3, folded syllables 1-2, letters 2-5.

    Signs stand among them: the kinds of question and the matters that written phrases give away, whether a message
    is only a word or two, letters of a foreign script, and a picture (👍) that stands alone.
    """

    def __init__(self, kinds: PhraseBook, signs: PhraseBook) -> None:
        self._kinds = kinds
        self._signs = signs

    def read(self, text: str) -> Groups:
        """Return the counts of a text."""
        words, syllables = plain_words(text)
        folded = [fold(syllable) for syllable in syllables]
        as_typed = Counter(_n_grams([_spelled_out(word) for word in words], 1, 3))
        as_typed[f"<length {min(len(syllables), 4)}>"] = 1
        bounded = Counter(_n_grams(["<s>", *folded, "</s>"], 1, 2))
        bounded.update({f"<kind {kind}>": _SIGN_WEIGHT for kind in kinds_in(self._kinds, text)})
        bounded.update({f"<sign {match.label}>": _SIGN_WEIGHT for match in self._signs.find(text)})
        if _FOREIGN.search(text):
            bounded["<foreign>"] = _SIGN_WEIGHT
        if not syllables:
            bounded.update(_PICTURE.findall(text))
        return as_typed, bounded, Counter(_letters(folded))


def _code_placeholder(code: str) -> str:
    if code.startswith("pin_"):
        return "<pin>"
    return "<code>" if "-" in code or " " in code or code[0].isalpha() else "<procedure>"


def _spelled_out(word: str) -> str:
    return SHORTHAND.get(word, word)


def _n_grams(words: Sequence[str], shortest: int, longest: int) -> Iterable[str]:
    for size in range(shortest, longest + 1):
        for first in range(len(words) - size + 1):
            yield " ".join(words[first : first + size])


def _letters(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        padded = f" {word} "
        for size in range(2, 6):
            for first in range(max(len(padded) - size + 1, 1)):
                yield padded[first : first + size]


class Vocabulary:
    """The n-grams known, with the weight of each (tf-idf); every group of a message has length one.

    idf: (n_features,) float32, in the order of the terms, group after group.
    """

    def __init__(self, terms: Sequence[Sequence[str]], idf: np.ndarray) -> None:
        self.terms = [list(group) for group in terms]
        self.idf = idf
        self._places: list[dict[str, int]] = []
        offset = 0
        for group in self.terms:
            self._places.append({term: offset + index for index, term in enumerate(group)})
            offset += len(group)

    @classmethod
    def learn(cls, messages: Sequence[Groups], min_count: int = 1) -> Vocabulary:
        """Return the vocabulary of some messages; rarer n-grams than `min_count` messages are dropped."""
        terms, idf = [], []
        for group in range(3):
            seen = Counter(term for message in messages for term in message[group])
            kept = sorted(term for term, count in seen.items() if count >= min_count)
            terms.append(kept)
            idf += [math.log((1 + len(messages)) / (1 + seen[term])) + 1 for term in kept]
        return cls(terms, np.asarray(idf, dtype=np.float32))

    def where(self, matters: np.ndarray) -> Vocabulary:
        """Return the vocabulary of the terms that matter, (n_features,) bool; single syllables always stay."""
        terms, kept, offset = [], [], 0
        for number, group in enumerate(self.terms):
            stays = [matters[offset + n] or (number == 1 and " " not in term) for n, term in enumerate(group)]
            terms.append([term for term, stay in zip(group, stays, strict=True) if stay])
            kept += stays
            offset += len(group)
        return Vocabulary(terms, self.idf[np.asarray(kept, dtype=bool)])

    def weigh(self, message: Groups) -> tuple[np.ndarray, np.ndarray]:
        """Return the places and the weights of a message's known n-grams."""
        places: list[int] = []
        weights: list[float] = []
        for group, known in zip(message, self._places, strict=True):
            found = [(known[term], count) for term, count in group.items() if term in known]
            values = [float(self.idf[place]) * (1 + math.log(count)) for place, count in found]
            norm = math.sqrt(sum(value * value for value in values)) or 1.0
            places += [place for place, _ in found]
            weights += [value / norm for value in values]
        return np.asarray(places, dtype=np.int32), np.asarray(weights, dtype=np.float32)

    def coverage(self, message: Groups) -> float:
        """Return the share of a message's folded syllables that are known, from 0 to 1; a sign is worth half."""
        if "<foreign>" in message[1]:
            return 1.0
        worth = 0.5 if any(term.startswith("<sign ") for term in message[1]) else 0.0
        syllables = [term for term in message[1] if " " not in term and term not in {"<s>", "</s>"}]
        known = sum(term in self._places[1] for term in syllables)
        return max(worth, known / len(syllables)) if syllables else worth

    def matrix(self, messages: Sequence[Groups]) -> sparse.csr_matrix:
        """Return the messages as a sparse matrix, one row each."""
        rows = [self.weigh(message) for message in messages]
        ends = np.cumsum([0] + [len(places) for places, _ in rows])
        places = np.concatenate([places for places, _ in rows])
        weights = np.concatenate([weights for _, weights in rows])
        return sparse.csr_matrix((weights, places, ends), shape=(len(messages), len(self.idf)))
