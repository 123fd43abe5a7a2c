"""Runs an import: reads the whole source first, plans every change, and only then writes, file by file."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.catalogue import load_catalogue
from knowledge.errors import ImportFault
from knowledge.importer.legal import LegalRegistry
from knowledge.importer.source import SourceProcedure
from knowledge.importer.update import Change, gone, new_procedure, updated
from knowledge.model import Procedure
from knowledge.procedure_file import CODE, field_folder, slug, write_yaml

KINDS = {
    "new": "thủ tục mới",
    "gone": "không còn trong nguồn",
    "title": "đổi tên",
    "field": "đổi lĩnh vực",
    "time": "đổi thời hạn",
    "fee": "đổi phí, lệ phí",
    "papers": "đổi thành phần hồ sơ",
    "result": "đổi kết quả",
    "conditions": "đổi điều kiện",
    "legal_basis": "đổi căn cứ pháp lý",
    "other": "đổi nơi làm, cấp, cách nộp, đối tượng",
}


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do: the files to write (path → text) and the changes, by procedure."""

    files: Mapping[Path, str]
    changes: tuple[Change, ...]

    def lines(self) -> list[str]:
        """Return the diff by procedure and a summary, in the words of the office."""
        told = [str(change) for change in self.changes]
        counts = Counter(change.kind for change in self.changes)
        told += [f"  {KINDS[kind]}: {counts[kind]}" for kind in KINDS if counts[kind]]
        review = len({change.code for change in self.changes if change.review})
        told.append(f"{len(self.changes)} thay đổi, {len(self.files)} tệp cần ghi, {review} thủ tục cần người đọc lại")
        return told


def read_codes(path: Path) -> frozenset[str]:
    """Return the procedure codes of a file, one a line; blank lines and # remarks are skipped.

    Raises:
        ImportFault: naming the line that holds no code, or one that repeats.
    """
    codes: set[str] = set()
    try:
        lines = path.read_text(encoding="utf8").splitlines()
    except UnicodeDecodeError as error:
        raise ImportFault(f"{path.name}: không phải UTF-8, hãy lưu lại bằng Unicode UTF-8") from error
    for number, line in enumerate(lines, 1):
        code = line.split("#")[0].strip()
        if not code:
            continue
        if not CODE.match(code):
            raise ImportFault(f"{path.name}:{number}: {code!r} không phải mã thủ tục, viết dạng 1.001193")
        if code in codes:
            raise ImportFault(f"{path.name}:{number}: mã {code} ghi hai lần, bỏ bớt một dòng")
        codes.add(code)
    return frozenset(codes)


def plan_import(
    sources: Sequence[SourceProcedure],
    out: Path,
    codes: frozenset[str] | None = None,
    citations: Iterable[str] | None = None,
    whole: bool = True,
) -> ImportPlan:
    """Return what importing `sources` into the catalogue folder `out` would change; nothing is written.

    codes: only these procedures; None = every one of the source.  whole: the source is complete, so that a
    procedure it lacks is gone.  citations: all legal citations of the source, when `sources` is only a part.

    Raises:
        CatalogueError: the present files have faults; mend them first, or they would be lost.
    """
    present = load_catalogue(out, out / "life_events").procedures if out.exists() else {}
    paths = {path.name[:8]: path for path in out.rglob("*.yml")}
    if citations is None:
        citations = (citation for source in sources for citation in source.legal_basis or [])
    registry = LegalRegistry(citations)
    files: dict[Path, str] = {}
    changes: list[Change] = []
    wanted = {source.code: source for source in sources if codes is None or source.code in codes}
    for code, source in sorted(wanted.items()):
        old = present.get(code)
        if old is None:
            new, found = new_procedure(source, registry), [Change(code, "new", source.name, review=True)]
        else:
            new, found = updated(old, source, registry)
        changes += found
        if new != old:
            files[_path_of(new, paths, out)] = write_yaml(new)
    if whole:
        changes += gone(present, set(wanted))
    return ImportPlan(files, tuple(changes))


def _path_of(procedure: Procedure, paths: Mapping[str, Path], out: Path) -> Path:
    known = paths.get(procedure.code)
    return known or out / field_folder(procedure.field) / f"{procedure.code}-{slug(procedure.title)}.yml"


def write_files(files: Mapping[Path, str]) -> None:
    """Write the files, each by one rename: a crash leaves old or new files, never half a file."""
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.new")
        try:
            with open(aside, "w", encoding="utf8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
