"""The catalogue among all procedures of an export."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.catalogue import Catalogue
from knowledge.errors import ImportFault
from knowledge.importer.widened import widened
from tests.fakes.tiny_search import READING_CARD
from tests.knowledge.builders import make_export_entry, write_export


def test_ours_keep_what_the_project_added_and_the_others_come_with_their_titles(tmp_path: Path) -> None:
    """The crowd is measured against, not imported."""
    export = write_export(tmp_path / "e.jsonl", [make_export_entry("1.000001"), make_export_entry("1.000007")])
    crowd = widened(Catalogue({READING_CARD.code: READING_CARD}, {}), export)

    assert list(crowd.procedures) == ["1.000001", "1.000007"]
    assert crowd.procedures["1.000001"] == READING_CARD
    assert crowd.procedures["1.000007"].also_called == ()


def test_a_broken_export_is_told(tmp_path: Path) -> None:
    """A figure over half a crowd would be too kind."""
    export = tmp_path / "e.jsonl"
    export.write_text('{"code": "1.0000', encoding="utf8")

    with pytest.raises(ImportFault):
        widened(Catalogue({}, {}), export)
