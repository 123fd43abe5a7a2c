"""What several commands need: the search over the built index."""

from __future__ import annotations

from knowledge.commands.paths import encoder_model, index_folder
from knowledge.encoder import load_encoder
from knowledge.index import load_index
from knowledge.search import Search


def load_search() -> Search:
    """Return the search over the built index.

    Raises:
        EncoderUnavailable: no encoder yet.  IndexFault: no index yet, or that of another encoder.
    """
    encoder = load_encoder(encoder_model())
    return Search(load_index(index_folder(), encoder.fingerprint), encoder)
