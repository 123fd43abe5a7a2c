"""Sentences to vectors, through sentence-transformers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from knowledge.errors import EncoderUnavailable
from knowledge.fingerprints import fingerprint_of

QUERY_PROMPT = "query: "
PASSAGE_PROMPT = "passage: "


#: Texts of like length at a time; larger batches were slower on two processors.
BATCH = 16


class Encoder:
    """Encodes questions and passages as unit vectors; both sides must use the same encoder (`fingerprint`)."""

    def __init__(self, model: SentenceTransformer, fingerprint: str) -> None:
        self._model = model
        self.fingerprint = fingerprint
        self.dimension = int(model.get_embedding_dimension() or 0)

    def encode_question(self, text: str) -> NDArray[np.float32]:
        """Return one vector, (dimension,) float32, length 1."""
        vector: NDArray[np.float32] = self._encode([QUERY_PROMPT + text], batch_size=1)[0]
        return vector

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimension) float32, rows of length 1, in the order given; quicker than one by one."""
        rows = self._encode([QUERY_PROMPT + text for text in texts], BATCH)
        return rows.reshape(len(texts), self.dimension)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimension) float32, rows of length 1, in the order given."""
        return self._encode([PASSAGE_PROMPT + text for text in texts], BATCH)

    def _encode(self, texts: list[str], batch_size: int) -> NDArray[np.float32]:
        vectors = self._model.encode(
            texts, batch_size=batch_size, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, dtype=np.float32)


def load_encoder(model: str | Path, threads: int | None = None) -> Encoder:
    """Load an encoder folder made by `python -m knowledge encoder`, or any sentence-transformers model.

    A folder with `onnx_module.json` is ours and runs on onnxruntime. Anything else (a local folder, or a hub name
    for those who have one) is loaded by sentence-transformers as it stands, without executing foreign code.
    threads: of our own encoder; one is best for questions, all processors for many passages.

    Raises:
        EncoderUnavailable: nothing there, or it does not load.
    """
    folder = Path(model)
    try:
        if (folder / "onnx_module.json").exists():
            from knowledge.onnx_module import OnnxModule

            loaded = SentenceTransformer(modules=[OnnxModule.load(str(folder), threads=threads)], device="cpu")
        elif folder.is_absolute() and not folder.exists():
            raise EncoderUnavailable(f"no encoder at {folder}: run `make setup`")
        else:
            loaded = SentenceTransformer(str(model), device="cpu")
    except EncoderUnavailable:
        raise
    except Exception as error:
        raise EncoderUnavailable(f"the encoder {model} does not load: {error}") from error
    return Encoder(loaded, fingerprint_of(model))
