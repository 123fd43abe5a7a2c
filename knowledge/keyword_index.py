"""The keyword channel: BM25 and tf-idf cosine over folded syllables and syllable pairs.

Folding makes a question without diacritics as good as one with; pairs bring back the order of words.
BM25 after Robertson and Zaragoza (2009), with the usual k1 and b.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.errors import IndexFault
from knowledge.vietnamese import folded_syllables

K1, B = 1.2, 0.4
PAIR_WEIGHT = 0.7


def features(syllables: Sequence[str]) -> list[str]:
    """Return the syllables and their adjacent pairs: ["khai", "sinh"] → ["khai", "sinh", "khai_sinh"]."""
    pairs = [f"{first}_{second}" for first, second in pairwise(syllables)]
    return [*syllables, *pairs]


class KeywordIndex:
    """Two weighted term matrices over the same passages; scores come out between 0 and 1."""

    def __init__(
        self, vocabulary: Mapping[str, int], idf: NDArray[np.float32], bm25: sparse.csc_array, tfidf: sparse.csc_array
    ) -> None:
        self._vocabulary = vocabulary
        self._idf = idf
        self._bm25 = bm25
        self._tfidf = tfidf
        self._unknown_idf = float(idf.max(initial=1.0))

    @classmethod
    def build(cls, passages: Sequence[str]) -> KeywordIndex:
        """Index the passages; their numbers are their places in the sequence."""
        counted = [Counter(features(folded_syllables(passage))) for passage in passages]
        vocabulary = {term: n for n, term in enumerate(sorted({t for counts in counted for t in counts}))}
        rows = np.repeat(np.arange(len(counted)), [len(counts) for counts in counted])
        columns = np.fromiter((vocabulary[t] for counts in counted for t in counts), dtype=np.int64)
        tf = np.fromiter((n for counts in counted for n in counts.values()), dtype=np.float32)
        frequency = np.bincount(columns, minlength=len(vocabulary))
        idf = np.log1p((len(counted) - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        for term, column in vocabulary.items():
            if "_" in term:
                idf[column] *= PAIR_WEIGHT
        lengths = np.bincount(rows, weights=tf, minlength=len(counted))
        norm = K1 * (1 - B + B * lengths / max(lengths.mean(), 1.0))
        shape = (len(counted), len(vocabulary))
        weights = idf[columns] * tf * (K1 + 1) / (tf + norm[rows])
        cosine = idf[columns] * (1 + np.log(tf))
        cosine /= np.sqrt(np.bincount(rows, weights=cosine**2, minlength=len(counted)))[rows]
        place = (rows, columns)
        return cls(
            vocabulary,
            idf,
            sparse.csc_array((weights.astype(np.float32), place), shape=shape),
            sparse.csc_array((cosine.astype(np.float32), place), shape=shape),
        )

    @property
    def size(self) -> int:
        return int(self._bm25.shape[0])

    def scores(
        self, terms: Sequence[str], added: Sequence[str] = (), added_weight: float = 0.3
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return (BM25, cosine) for every passage, each (n_passages,) float32.

        BM25 is divided by what a passage of just the question's terms would score, so 1 means "says all of it".
        """
        bm25 = np.zeros(self.size, np.float32)
        cosine = np.zeros(self.size, np.float32)
        weights: dict[str, float] = dict.fromkeys(features(added), added_weight)
        weights.update(dict.fromkeys(features(terms), 1.0))
        full, squares = 1e-9, 1e-9
        for term, weight in weights.items():
            column = self._vocabulary.get(term)
            idf = self._unknown_idf if column is None and "_" not in term else 0.0
            if column is not None:
                idf = float(self._idf[column])
                start, end = self._bm25.indptr[column], self._bm25.indptr[column + 1]
                bm25[self._bm25.indices[start:end]] += weight * self._bm25.data[start:end]
                start, end = self._tfidf.indptr[column], self._tfidf.indptr[column + 1]
                cosine[self._tfidf.indices[start:end]] += weight * idf * self._tfidf.data[start:end]
            if weight == 1.0:
                full += idf * (K1 + 1) / (1 + K1)
                squares += idf**2
        return bm25 / np.float32(full), cosine / np.float32(squares**0.5)

    def known_share(self, terms: Sequence[str]) -> float:
        """Return which share of the question's syllables any passage knows, 0 to 1."""
        return sum(term in self._vocabulary for term in terms) / max(len(terms), 1)

    def coverage(self, passage: int, terms: Sequence[str]) -> tuple[float, float]:
        """Return (share of the terms' weight that the passage says, rarity of the rarest term it does not say).

        Both are 0 to 1; a term that no passage knows is as rare as can be.
        """
        total, said, rarest = 1e-9, 0.0, 0.0
        for term in dict.fromkeys(terms):
            column = self._vocabulary.get(term)
            idf = self._unknown_idf if column is None else float(self._idf[column])
            total += idf
            if column is not None and passage in self._rows_of(column):
                said += idf
            else:
                rarest = max(rarest, idf / self._unknown_idf)
        return said / total, rarest

    def holding_all(self, terms: Sequence[str]) -> NDArray[np.int32]:
        """Return the passages that hold every one of the terms; terms that no passage knows do not count."""
        columns = [self._vocabulary[term] for term in dict.fromkeys(terms) if term in self._vocabulary]
        holding = sorted((self._rows_of(column) for column in columns), key=len)
        rows = holding[0] if holding else np.zeros(0, np.int32)
        for others in holding[1:]:  # each in order, and few are left after the rarest term
            rows = rows[others[np.minimum(np.searchsorted(others, rows), len(others) - 1)] == rows]
        return rows

    def _rows_of(self, column: int) -> NDArray[np.int32]:
        rows: NDArray[np.int32] = self._bm25.indices[self._bm25.indptr[column] : self._bm25.indptr[column + 1]]
        return rows

    def rarity(self, term: str) -> float:
        """Return the idf of a syllable; that of the rarest one when it is unknown."""
        column = self._vocabulary.get(term)
        return self._unknown_idf if column is None else float(self._idf[column])

    def save(self, path: Path) -> None:
        ordered = sorted(self._vocabulary, key=lambda term: self._vocabulary[term])
        np.savez(
            path,
            vocabulary=np.array("\n".join(ordered)),
            idf=self._idf,
            indptr=self._bm25.indptr,
            indices=self._bm25.indices,
            bm25=self._bm25.data,
            tfidf=self._tfidf.data,
            n_passages=np.array(self.size),
        )

    @classmethod
    def load(cls, path: Path) -> KeywordIndex:
        """Load a saved index; raises IndexFault when the file is missing or cut."""
        try:
            with np.load(path) as stored:
                terms = str(stored["vocabulary"]).split("\n")
                shape = (int(stored["n_passages"]), len(terms))
                places = stored["indices"], stored["indptr"]  # read once: both matrices stand on the same ones
                bm25 = sparse.csc_array((stored["bm25"], *places), shape=shape)
                tfidf = sparse.csc_array((stored["tfidf"], *places), shape=shape)
                return cls({term: n for n, term in enumerate(terms)}, stored["idf"], bm25, tfidf)
        except (OSError, EOFError, KeyError, ValueError, BadZipFile) as error:
            raise IndexFault(f"{path.name} cannot be read: {error}") from error
