"""Bringing a file up to date: facts follow the source, what people wrote stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from knowledge.importer.legal import LegalRegistry
from knowledge.importer.source import SourceProcedure, mark
from knowledge.importer.update import Change, gone, new_procedure, source_marks, updated
from knowledge.model import Duration, Fee, LegalText, Level, Paper, Procedure, TimeUnit
from tests.knowledge.builders import EVERY_WAY, make_procedure, make_source

REGISTRY = LegalRegistry()


def _read(**changed: Any) -> tuple[Procedure, SourceProcedure]:
    """Return a procedure that a person has read against its source, and that source."""
    source = make_source()
    return make_procedure(source_marks=source_marks(source), **changed), source


def _kinds(changes: list[Change]) -> list[str]:
    return [change.kind for change in changes]


def test_an_unchanged_source_changes_nothing() -> None:
    """A second import leaves every file byte for byte."""
    old, source = _read()

    assert updated(old, source, REGISTRY) == (old, [])


def test_what_people_mended_stays_while_the_source_stays() -> None:
    """The source's own faults must not come back with every import."""
    mended = {
        "levels": (Level.PROVINCE,),
        "authority": "Sở Diều",
        "durations": (Duration(EVERY_WAY, 3, TimeUnit.DAY),),
        "fees": (Fee(EVERY_WAY, amount_vnd=50_000),),
        "legal_basis": (LegalText("1/2026/NĐ-CP", "Nghị định mới"),),
        "documents": (Paper("Tờ khai", originals=3, source=(mark("Tờ khai thả diều"),)),),
        "as_of": date(2026, 11, 20),
    }
    old, source = _read(**mended)

    assert updated(old, source, REGISTRY) == (old, [])


def test_a_new_plain_time_and_fee_replace_the_old() -> None:
    """This is what the importer is for."""
    old, _ = _read()
    modes = [{"mode": "Trực tuyến", "time": "2 ngày", "fee": ""}]

    new, changes = updated(old, make_source(modes=modes), REGISTRY)

    assert [(d.amount, d.unit) for d in new.durations] == [(2, TimeUnit.DAY)]
    assert new.fees == ()
    assert _kinds(changes) == ["time", "fee"]
    assert not any(change.review for change in changes)


def test_a_fee_that_no_rule_can_read_is_reported_and_the_old_one_stays() -> None:
    """Better an old fact with its date than a guess."""
    old, _ = _read()
    modes = [{"mode": "Trực tuyến", "time": "05 ngày làm việc", "fee": "Theo nghị quyết của HĐND tỉnh"}]

    new, changes = updated(old, make_source(modes=modes), REGISTRY)

    assert new.fees == old.fees
    assert [change.review for change in changes if change.kind == "fee"] == [True]


def test_the_projects_own_additions_survive() -> None:
    """Aliases and facets are hours of work that no export carries."""
    old, _ = _read()

    new, _ = updated(old, make_source(name="Tên khác hẳn", conditions="Khác", result="Khác"), REGISTRY)

    assert (new.also_called, new.facets, new.short_title) == (old.also_called, old.facets, old.short_title)
    assert (new.title, new.conditions, new.result) == (old.title, old.conditions, old.result)


def test_changed_texts_are_reported_for_reading() -> None:
    """A person compares; the file waits."""
    old, _ = _read()

    _, changes = updated(old, make_source(name="Tên khác hẳn", result="Khác"), REGISTRY)

    assert [(change.kind, change.review) for change in changes] == [("result", True), ("title", True)]


def test_a_new_paper_comes_as_a_draft_and_a_dropped_one_goes() -> None:
    """The check then asks a person to name it."""
    old, _ = _read()

    new, changes = updated(old, make_source(documents=[{"name": "Ảnh con diều", "original": 2}]), REGISTRY)

    assert [(p.name, p.originals, p.draft) for p in new.documents] == [("Ảnh con diều", 2, True)]
    assert [change.detail for change in changes] == ["bỏ: Tờ khai thả diều", "thêm: Ảnh con diều"]


def test_a_new_count_is_taken_and_told() -> None:
    """Two originals instead of one is a second trip for the citizen."""
    old, _ = _read()

    new, changes = updated(old, make_source(documents=[{"name": "Tờ khai thả diều", "original": 2}]), REGISTRY)

    assert new.documents[0].originals == 2
    assert "1 bản chính 0 bản sao → 2 bản chính 0 bản sao" in changes[0].detail


def test_a_new_remark_becomes_no_paper() -> None:
    """Rows that count nothing are notes."""
    old, _ = _read()
    rows = [{"name": "Tờ khai thả diều", "original": 1}, {"name": "Trường hợp khác thì xem dưới"}]

    new, changes = updated(old, make_source(documents=rows), REGISTRY)

    assert new.documents == old.documents
    assert new.source_notes == (mark("Trường hợp khác thì xem dưới"),)
    assert changes == []


def test_known_legal_texts_keep_the_date_that_a_person_added() -> None:
    """Only what is new comes from the source."""
    old, _ = _read()
    cited = ["12/2024/NĐ-CP", "Thông tư số 7/2026/TT-BVH ngày 01/5/2026 quy định về sáo"]

    new, changes = updated(old, make_source(legal_basis=cited), REGISTRY)

    assert new.legal_basis[0] == old.legal_basis[0]
    assert new.legal_basis[1].number == "7/2026/TT-BVH"
    assert [str(change) for change in changes] == ["1.000001 legal_basis: thêm: 7/2026/TT-BVH"]


def test_a_source_that_is_silent_on_a_fact_does_not_erase_it() -> None:
    """The one-stop system's answer knows nothing of levels or audience."""
    old, _ = _read()
    silent = make_source(level=[], audience=[], unstated=frozenset({"levels", "audience", "vertical", "online"}))

    new, changes = updated(old, silent, REGISTRY)

    assert (new.levels, new.audience, new.online) == (old.levels, old.audience, old.online)
    assert changes == []


def test_a_changed_level_is_told_as_the_file_writes_it() -> None:
    """A clerk reads "[xa] → [tinh]", not the name of a class."""
    old, _ = _read()

    _, changes = updated(old, make_source(level=["province"]), REGISTRY)

    assert [change.detail for change in changes] == ["levels: [xa] → [tinh]"]


def test_a_first_version_holds_what_rules_can_read() -> None:
    """Papers are drafts, aliases are missing: the check will say so."""
    rows = [{"name": "Tờ khai", "original": 1}, {"name": "Tờ khai", "original": 2}, {"name": "Lưu ý"}]

    new = new_procedure(make_source(documents=rows), REGISTRY)

    assert [(paper.name, paper.originals, paper.draft) for paper in new.documents] == [("Tờ khai", 2, True)]
    assert new.source_notes == (mark("Lưu ý"),)
    assert new.also_called == ()
    assert replace(new, documents=()).levels == (Level.COMMUNE,)


def test_what_the_export_lost_is_told_not_deleted() -> None:
    """A procedure may be missing for one night only."""
    assert _kinds(gone({"1.000001": make_procedure()}, set())) == ["gone"]
