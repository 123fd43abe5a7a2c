"""What several commands need: the search over the built index."""

from __future__ import annotations

import tempfile
from pathlib import Path

from knowledge.catalogue import load_catalogue
from knowledge.commands.paths import encoder_model, index_folder
from knowledge.encoder import load_encoder
from knowledge.importer.widened import widened
from knowledge.index import build_index, load_index
from knowledge.search import Search


def load_search(among: Path | None = None) -> Search:
    """Return the search over the built index.

    among: a national export; then an index of the catalogue among all its procedures is built for this once.

    Raises:
        EncoderUnavailable: no encoder yet.  IndexFault: no index yet, or that of another encoder.
    """
    encoder = load_encoder(encoder_model())
    if among is None:
        return Search(load_index(index_folder(), encoder.fingerprint), encoder)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "index"
        build_index(folder, encoder, catalogue=widened(load_catalogue(), among))
        return Search(load_index(folder, encoder.fingerprint), encoder)
