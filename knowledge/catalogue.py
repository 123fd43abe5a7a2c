"""The catalogue: all procedures and life events, loaded from their YAML files."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.errors import CatalogueError, Problem
from knowledge.model import LifeEvent, LifeEventStep, Procedure
from knowledge.procedure_file import Code, ProcedureFile, Text, to_plain

HOME = Path(__file__).parent
CATALOGUE = HOME / "catalogue"
LIFE_EVENTS = HOME / "life_events"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Catalogue:
    """Procedures by code (ascending) and life events by name."""

    procedures: Mapping[str, Procedure]
    life_events: Mapping[str, LifeEvent]

    def __iter__(self) -> Iterator[Procedure]:
        return iter(self.procedures.values())

    def __len__(self) -> int:
        return len(self.procedures)

    def get(self, code: str) -> Procedure | None:
        return self.procedures.get(code)


class _Step(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: Code
    line: Text
    optional: bool = False


class _LifeEventFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: Text
    also_called: list[Text]
    steps: Annotated[list[_Step], Field(min_length=1)]


def load_catalogue(folder: Path = CATALOGUE, life_events: Path = LIFE_EVENTS) -> Catalogue:
    """Load every file below the two folders.

    Raises:
        CatalogueError: with every fault of every file, each as file, line and advice.
    """
    problems: list[Problem] = []
    procedures: dict[str, Procedure] = {}
    for path in sorted(folder.rglob("*.yml")):
        loaded = read_checked(path, ProcedureFile, problems)
        if loaded is None:
            continue
        if loaded.code in procedures:
            problems.append(Problem(path, 1, f"mã {loaded.code} đã có ở một tệp khác: mỗi mã chỉ một tệp"))
        if not path.name.startswith(loaded.code):
            problems.append(Problem(path, 1, f'tên tệp phải bắt đầu bằng mã "{loaded.code}"'))
        procedures[loaded.code] = loaded.to_procedure()
    events: dict[str, LifeEvent] = {}
    for path in sorted(life_events.glob("*.yml")):
        event = read_checked(path, _LifeEventFile, problems)
        if event is not None:
            steps = tuple(LifeEventStep(step.code, step.line, step.optional) for step in event.steps)
            events[path.stem] = LifeEvent(path.stem, event.title, tuple(event.also_called), steps)
    if problems:
        raise CatalogueError(problems)
    return Catalogue(dict(sorted(procedures.items())), events)


def to_snapshot(catalogue: Catalogue) -> dict[str, Any]:
    """Return the catalogue as JSON-ready data: what the index keeps, so that the app reads one file."""
    return {
        "procedures": [
            ProcedureFile.model_validate(to_plain(procedure)).model_dump(mode="json") for procedure in catalogue
        ],
        "life_events": [asdict(event) for event in catalogue.life_events.values()],
    }


def from_snapshot(data: Mapping[str, Any]) -> Catalogue:
    """Return the catalogue of a snapshot; raises ValueError or KeyError when it is damaged."""
    procedures = (ProcedureFile.model_validate(entry).to_procedure() for entry in data["procedures"])
    events = (
        LifeEvent(e["name"], e["title"], tuple(e["also_called"]), tuple(LifeEventStep(**step) for step in e["steps"]))
        for e in data["life_events"]
    )
    return Catalogue({p.code: p for p in procedures}, {event.name: event for event in events})


def read_checked(path: Path, schema: type[Any], problems: list[Problem]) -> Any:
    """Return a data file as its schema has it; None, and every fault at its line in `problems`, when it has faults."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        problems.append(
            Problem(path, 1, f"tệp không phải UTF-8 (byte {error.start}): mở bằng Unicode UTF-8 rồi lưu lại")
        )
        return None
    try:
        content = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = str(getattr(error, "problem", None) or "không đọc được")
        told = next((words for english, words in _SYNTAX.items() if english in reason), f"sai cú pháp YAML: {reason}")
        problems.append(Problem(path, mark.line + 1 if mark else 1, told))
        return None
    try:
        return schema.model_validate(content)
    except ValidationError as error:
        for fault in error.errors():
            line = line_of(text, tuple(fault["loc"]))
            problems.append(Problem(path, line, _advice(dict(fault), schema)))
        return None


def line_of(text: str, location: tuple[int | str, ...]) -> int:
    """Return the 1-based line where a key or list item of a YAML text stands; the nearest parent when absent."""
    node = yaml.compose(text, Loader=_Loader)
    line = 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(step)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


#: What the parser says, in the words of the office.
_SYNTAX = {
    "tab": "có ký tự Tab ở đầu dòng: thay bằng dấu cách",
    "character that cannot start any token": "có ký tự lạ ở đầu dòng: xoá đi, thụt dòng bằng dấu cách",
    "mapping values are not allowed": "có dấu hai chấm giữa câu: đặt cả câu trong ngoặc kép",
    "expected <block end>": "thụt đầu dòng lệch với dòng trên: căn lại cho thẳng hàng",
    "could not find expected ':'": "thiếu dấu hai chấm sau tên mục",
    "found unexpected end of stream": "thiếu dấu ngoặc đóng",
    "expected ',' or": "thiếu dấu phẩy hoặc ngoặc đóng trong danh sách",
}

#: What to write instead, by the beginning of the fault's kind.
_WANTED = {
    "int": "một số nguyên, ví dụ 5",
    "float": "một số, ví dụ 0.1",
    "date": "một ngày dạng 2026-07-01",
    "bool": "true hoặc false",
    "list": "một danh sách, mỗi mục một dòng bắt đầu bằng dấu gạch",
    "string_too_short": "vài chữ, không để trống",
    "string": "chữ; nếu là số thì để trong ngoặc kép",
    "greater_than": "số không âm",
    "model": "các mục con viết thụt vào",
}


def _advice(fault: Mapping[str, Any], schema: type[BaseModel]) -> str:
    """Say a schema fault in the words of the office."""
    kind, where = fault["type"], ".".join(str(step) for step in fault["loc"])
    if kind == "extra_forbidden":
        key = str(fault["loc"][-1])
        close = difflib.get_close_matches(key, _known_keys(schema), n=1)
        return f'không có mục "{key}"' + (f': ý anh/chị là "{close[0]}"?' if close else "")
    if kind == "missing":
        return f'thiếu mục "{where}"'
    if "fee_kind" in str(fault.get("msg", "")):
        return f"{where}: mỗi lệ phí ghi đúng một trong amount_vnd, amount_usd, percent, set_by, per_law"
    if kind == "string_too_long":
        limit = fault["ctx"]["max_length"]
        return f"{where}: dài {len(fault['input'])} ký tự, nhiều nhất {limit}: rút thành một cụm danh từ ngắn"
    if kind == "string_pattern_mismatch":
        return f'{where}: mã viết dạng "1.001193", trong ngoặc kép'
    if kind == "string_type" and str(where).endswith("code"):
        return f'{where}: mã phải để trong ngoặc kép, ví dụ "1.001193" (không có ngoặc, 1.010 thành 1.01)'
    if kind in ("enum", "literal_error"):
        choices = str(fault["ctx"]["expected"]).replace(" or ", ", ").replace("'", "")
        return f"{where}: {fault['input']!r} không dùng được, chọn một trong: {choices}"
    wanted = next((words for start, words in _WANTED.items() if kind.startswith(start)), None)
    return f"{where}: giá trị {fault.get('input')!r} không dùng được" + (f", cần {wanted}" if wanted else "")


def _known_keys(schema: type[BaseModel]) -> list[str]:
    keys = set(schema.model_fields)
    for info in schema.model_fields.values():
        for part in getattr(info.annotation, "__args__", (info.annotation,)):
            if isinstance(part, type) and issubclass(part, BaseModel):
                keys |= set(part.model_fields)
    return sorted(keys)
