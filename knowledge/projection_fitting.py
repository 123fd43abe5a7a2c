"""Learns the map of projection.py from the names and told questions of the catalogue.

Every name is held against the centres of all procedures, its own without itself, so the map learns what a new name
would need. Softmax over the cosines, Adam (Kingma and Ba 2015) under one rising and falling rate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import normalize

from knowledge.encoder import Encoder
from knowledge.index import prepared_text
from knowledge.projection import PROBES, Projection
from knowledge.question import QuestionReader
from knowledge.search import Search

EPOCHS, BATCH = 8, 512
RATE, STAY = 2e-3, 1e-4
#: How sharply the softmax tells cosines apart; sharper maps know the names they learned by heart.
SHARPNESS = 20.0
SEED = 11


@dataclass(frozen=True)
class Names:
    """What there is to learn from.

    as_questions, as_passages: (n, dimension), the same texts encoded as a question and as a passage.  owners: (n,) the
    number of each text's procedure.  to_learn: the rows that are names, as a person would say them.  same_matter: for
    an owner the others that are as right.
    """

    as_questions: NDArray[np.float32]
    as_passages: NDArray[np.float32]
    owners: NDArray[np.int64]
    to_learn: NDArray[np.int64]
    same_matter: Mapping[int, Sequence[int]]


def learning_set(search: Search, raw: NDArray[np.float32]) -> Names:
    """Return the names of the catalogue in an index; raw: the encoder's vectors of the passages."""
    index, reader = search.index, QuestionReader()
    texts = [prepared_text(reader.read(passage.text), index.restorer) for passage in index.passages]
    first, count = index.owner_spans
    places = index.place_of
    return Names(
        search.encoder.encode_questions(texts),
        raw,
        np.repeat(np.arange(len(first)), count),
        np.array([n for n, passage in enumerate(index.passages) if passage.kind in ("alias", "question", "elsewhere")]),
        {place: [places[twin] for twin in search.same.twins_of(code)] for code, place in places.items()},
    )


def fit_projection(names: Names, encoder: Encoder) -> Projection:
    """Return the map learned from all names, with what tells its encoder."""
    matrix, floor = learn_projection(names)
    return Projection(matrix, floor, encoder.encode_questions(PROBES))


def learn_projection(names: Names) -> tuple[NDArray[np.float32], float]:
    """Return (matrix, floor): the map, and the middle cosine of a question with any procedure under it."""
    torch.manual_seed(SEED)
    questions, passages = torch.from_numpy(names.as_questions), torch.from_numpy(names.as_passages)
    owners, rows = torch.from_numpy(names.owners), torch.from_numpy(names.to_learn)
    right = _right(names)
    n_owners, dimension = len(right), passages.shape[1]
    change = torch.zeros(dimension, dimension, requires_grad=True)
    optimiser = torch.optim.Adam([change], lr=RATE)
    steps = EPOCHS * -(-len(rows) // BATCH)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=0.1)
    for _ in range(EPOCHS):
        for batch in torch.split(rows[torch.randperm(len(rows))], BATCH):
            turned = normalize(passages @ (torch.eye(dimension) + change).T, dim=1)
            sums = torch.zeros(n_owners, dimension).index_add(0, owners, turned)
            asked = normalize(questions[batch] @ (torch.eye(dimension) + change).T, dim=1)
            cosines = asked @ normalize(sums, dim=1).T
            own = owners[batch]
            without = (asked * normalize(sums[own] - turned[batch], dim=1)).sum(dim=1)
            logits = SHARPNESS * cosines.index_put((torch.arange(len(batch)), own), without)
            good = torch.logsumexp(logits.masked_fill(~right[own], -torch.inf), dim=1)
            loss = (torch.logsumexp(logits, dim=1) - good).mean() + STAY * (change**2).sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            rate.step()
    with torch.no_grad():
        matrix = torch.eye(dimension) + change
        turned = normalize(passages @ matrix.T, dim=1)
        centres = normalize(torch.zeros(n_owners, dimension).index_add(0, owners, turned), dim=1)
        asked = normalize(questions[rows] @ matrix.T, dim=1)
        floor = float((asked @ centres.T).median())
    return matrix.numpy().astype(np.float32), floor


def _right(names: Names) -> torch.Tensor:
    """Return which owners (columns) are right for the names of which (rows)."""
    n_owners = int(names.owners.max()) + 1
    right = torch.eye(n_owners, dtype=torch.bool)
    for owner, others in names.same_matter.items():
        right[owner, list(others)] = True
    return right
