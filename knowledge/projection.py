"""The encoder's space, turned so that what people say about one procedure stands together.

The encoder knows Vietnamese in general; which differences between two questions matter to an office ("cấp lại" or
"cấp đổi") it does not know.  One linear map, learned from the catalogue's own names and told questions, says so: the
metric of a nearest-centre classifier (Mensink et al. 2013, "Distance-Based Image Classification: Generalizing to New
Classes at Near-Zero Cost", IEEE TPAMI 35).  It is learned by `python -m knowledge fit`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import IndexFault
from knowledge.fingerprints import PROJECTION

#: Sentences by whose vectors an encoder is known again; another encoder needs a map of its own.
PROBES = ("xin cấp lại giấy khai sinh bị mất", "đăng ký hộ kinh doanh ở phường", "trợ cấp cho người cao tuổi")
#: Conversions of the same weights differ by rounding only.
SAME_ENCODER = 0.98
#: The cosine of two texts that have nothing in common, as the encoder gives it.
FLOOR = 0.75


class QuestionEncoder(Protocol):
    """What turns sentences into vectors of length 1."""

    def encode_questions(self, texts: tuple[str, ...], /) -> NDArray[np.float32]: ...


@dataclass(frozen=True)
class Projection:
    """A linear map of vectors; without a matrix it leaves them as they are.

    matrix: (dimension, dimension) float32.  floor: the cosine of two mapped texts that have nothing in common.
    probes: the encoder's vectors of PROBES, (n, dimension).
    """

    matrix: NDArray[np.float32] | None = None
    floor: float = FLOOR
    probes: NDArray[np.float32] | None = None

    def __call__(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the mapped vectors, (dimension,) or (n, dimension), of length 1 again."""
        if self.matrix is None:
            return vectors
        turned = vectors @ self.matrix.T
        turned /= np.linalg.norm(turned, axis=-1, keepdims=True)
        return np.asarray(turned, dtype=np.float32)

    @classmethod
    def for_encoder(cls, encoder: QuestionEncoder, path: Path = PROJECTION) -> Projection:
        """Return the learned map when it was learned with this encoder, else the one that changes nothing.

        Raises:
            IndexFault: the file is there but cannot be read.
        """
        if not path.exists():
            return cls()
        stored = cls.load(path)
        now = encoder.encode_questions(PROBES)
        if stored.probes is None or now.shape != stored.probes.shape:
            return cls()
        return stored if float((now * stored.probes).sum(axis=1).min()) >= SAME_ENCODER else cls()

    def save(self, path: Path) -> None:
        """Write it; half precision is enough."""
        parts: dict[str, Any] = {"floor": np.array(self.floor)}
        for name, part in (("matrix", self.matrix), ("probes", self.probes)):
            if part is not None:
                parts[name] = part.astype(np.float16)
        with path.open("wb") as file:
            np.savez_compressed(file, **parts)

    @classmethod
    def load(cls, path: Path) -> Projection:
        """Read what `save` wrote; raises IndexFault when the file is missing or cut."""
        try:
            with np.load(path) as stored:
                parts = {n: stored[n].astype(np.float32) for n in ("matrix", "probes") if n in stored}
                return cls(parts.get("matrix"), float(stored["floor"]), parts.get("probes"))
        except (OSError, EOFError, KeyError, ValueError, BadZipFile) as error:
            raise IndexFault(f"{path.name} cannot be read: {error}") from error
