"""The catalogue among all procedures of a national export, to measure how the search holds out in a crowd."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from knowledge.catalogue import Catalogue
from knowledge.importer.legal import LegalRegistry
from knowledge.importer.source import read_export
from knowledge.importer.update import new_procedure


def widened(catalogue: Catalogue, export: Path) -> Catalogue:
    """Return the catalogue with every other procedure of the export as a first version: a title, no aliases.

    Raises:
        ImportFault: the export cannot be read.
    """
    registry = LegalRegistry(())
    others = {
        source.code: replace(new_procedure(source, registry), legal_basis=())
        for source in read_export(export)
        if source.code not in catalogue.procedures
    }
    return Catalogue(dict(sorted({**catalogue.procedures, **others}.items())), catalogue.life_events)
