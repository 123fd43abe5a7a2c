"""Names: official titles, short titles, the ways people say it, names of papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from knowledge.checks.records import Context, Finding, Record, error, warning
from knowledge.model import Procedure
from knowledge.vietnamese import folded_syllables, syllables

MIN_ALIASES = 4
MAX_ALIAS, MAX_QUESTION = 120, 300
NEAR = 0.8
MAX_CASE = 120


def check_aliases(records: Sequence[Record], context: Context) -> Iterator[Finding]:
    """Find procedures that people could not call by enough names, and names that lead nowhere new."""
    owners: dict[str, list[tuple[Record, str, str, int]]] = defaultdict(list)
    for record in records:
        procedure = record.procedure
        own: set[str] = set()
        names = [("also_called", MAX_ALIAS, place, alias) for place, alias in enumerate(procedure.also_called)]
        asked = [("asked_as", MAX_QUESTION, place, question) for place, question in enumerate(procedure.asked_as)]
        for list_name, most, place, alias in (*names, *asked):
            key, where = _key(alias), (list_name, place)
            if key == _key(procedure.title):
                yield error(record, f'"{alias}" chép lại tên thủ tục: viết cách người dân hay nói', *where)
            if len(alias) > most:
                yield error(record, f"cách gọi dài {len(alias)} ký tự, nhiều nhất {most}: viết ngắn lại", *where)
            if key in own:
                yield error(record, f'"{alias}" ghi hai lần: bỏ bớt một dòng', *where)
            elif key:
                owners[key].append((record, alias, *where))
            own.add(key)
        called = {_key(alias) for alias in procedure.also_called}
        if len(called) < MIN_ALIASES:
            say = f"mới có {len(called)} cách gọi, cần ít nhất {MIN_ALIASES}: thêm cách người dân nói vào also_called"
            yield error(record, say, "also_called")
    for shared in owners.values():
        for record, alias, list_name, place in shared[1:]:
            first = shared[0][0].procedure
            say = f'"{alias}" đã là cách gọi của {first.code} ({first.short_title})'
            yield error(record, f"{say}: thêm điều khác nhau, hoặc bỏ ở một bên", list_name, place)


def check_titles(records: Sequence[Record], context: Context) -> Iterator[Finding]:
    """Find titles that are not readable, and near twins that one question could not tell apart."""
    by_short: dict[str, Record] = {}
    by_field: dict[str, list[tuple[Record, frozenset[str]]]] = defaultdict(list)
    for record in records:
        procedure = record.procedure
        if procedure.title.isupper():
            yield error(record, "tên viết toàn chữ hoa: viết hoa chữ đầu như câu thường", "title")
        if procedure.title.lower().startswith("thủ tục "):
            yield error(record, 'tên bắt đầu bằng "Thủ tục": bỏ hai chữ ấy', "title")
        twin = by_short.setdefault(_key(procedure.short_title), record)
        if twin is not record:
            other = twin.procedure
            say = f'"{procedure.short_title}" cũng là tên gọn của {other.code}: thêm điều khác nhau vào ngoặc'
            yield error(record, say, "short_title")
        by_field[procedure.field].append((record, frozenset(folded_syllables(procedure.title))))
    for group in by_field.values():
        for (one, words), (two, others) in combinations(group, 2):
            if _overlap(words, others) >= NEAR and not _told_apart(one.procedure, two.procedure):
                other = one.procedure
                say = f'tên gần giống {other.code} ("{other.short_title}") mà facets như nhau'
                yield error(two, f"{say}: ghi điều khác vào facets.special", "facets")


def _key(text: str) -> str:
    return " ".join(syllables(text))


def _overlap(one: frozenset[str], two: frozenset[str]) -> float:
    return len(one & two) / max(len(one | two), 1)


def _told_apart(one: Procedure, two: Procedure) -> bool:
    """Tell whether one question (the facets, or the level) separates two near twins."""
    return (one.facets, one.levels) != (two.facets, two.levels)


def check_papers(records: Sequence[Record], context: Context) -> Iterator[Finding]:
    """Find papers that no person has named, or that are no short noun phrase."""
    for record in records:
        for place, paper in enumerate(record.procedure.documents):
            where = ("documents", place)
            if paper.draft:
                say = f'"{paper.name}" là tên tạm của máy: đặt lại tên ngắn gọn rồi xoá dòng draft'
                yield error(record, say, *where)
            if paper.name.rstrip().endswith((":", ";")):
                yield error(record, f'"{paper.name}" còn dấu cuối câu: bỏ dấu, viết một cụm danh từ', *where)
            if paper.case and len(paper.case) > MAX_CASE:
                yield warning(record, f"trường hợp dài {len(paper.case)} ký tự: rút gọn dưới {MAX_CASE}", *where)
