"""A small project to teach in: made-up procedures and examples as files, and a builder that is quick."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import yaml
from sqlalchemy import Engine

from channels.errors import DialogueUnavailable
from channels.live_search import LiveSearch
from channels.rasa_client import RasaClient
from channels.store.moments import utc_now
from channels.store.transcripts import Line, Transcripts, Who
from channels.teaching.rebuild import Paths
from channels.teaching.releases import ReleaseFolder
from channels.teaching.service import Teaching, build_teaching, search_in_service
from channels.teaching.settings import TeachingSettings
from knowledge.index import build_index
from knowledge.model import Procedure
from knowledge.procedure_file import field_folder, slug, write_yaml
from tests.fakes.builder import ROOT
from tests.fakes.tiny_search import GOING_TO_SCHOOL, PROCEDURES, CountingEncoder, FixedJudge

EXAMPLES = {
    "small_talk": """# Chào hỏi.
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - chào
      - xin chào
  - intent: handover
    examples: |
      - cho gặp cán bộ
""",
    "scope": """# Ngoài phạm vi.
version: "3.1"
nlu:
  - intent: out_of_scope
    examples: |
      - mai trời có mưa không
""",
}


class FakeDialogue(RasaClient):
    """A dialogue server of which only the model's name is asked; it follows the release in service at once."""

    def __init__(self, folder: ReleaseFolder) -> None:
        self._folder = folder
        self.is_up = True
        self.path: Path | None = None

    async def model(self) -> Path | None:
        if not self.is_up:
            raise DialogueUnavailable("down")
        if self.path is not None:
            return self.path
        live = self._folder.live()
        return Path(live.model) if live else self._folder.path.parent / "models" / "abc.tar.gz"


def make_project(root: Path, procedures: Iterable[Procedure] = PROCEDURES) -> Path:
    """Write the data files of a project, a stub of its other Python, and what set-up would have built."""
    knowledge = root / "knowledge"
    for one in procedures:
        folder = knowledge / "catalogue" / field_folder(one.field)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{one.code}-{slug(one.title)}.yml").write_text(write_yaml(one), encoding="utf8")
    (knowledge / "life_events").mkdir()
    plain = asdict(GOING_TO_SCHOOL)
    name = plain.pop("name")
    plain = {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}
    (knowledge / "life_events" / f"{name}.yml").write_text(yaml.safe_dump(plain, allow_unicode=True), encoding="utf8")
    (root / "nlu_data").mkdir()
    for name, text in EXAMPLES.items():
        (root / "nlu_data" / f"{name}.yml").write_text(text, encoding="utf8")
    python = root / "rasa-python"
    python.write_text("#!/bin/sh\necho c0de\n")
    python.chmod(0o755)
    var = root / "var"
    build_index(var / "index", CountingEncoder(), knowledge / "catalogue", knowledge / "life_events", lambda line: None)
    (var / "models").mkdir()
    (var / "models" / "abc.tar.gz").write_bytes(b"a model")
    return root


def quick_builder(folder: Path) -> Sequence[str]:
    """Return the command of the quick builder."""
    return [sys.executable, str(ROOT / "tests" / "fakes" / "builder.py"), str(folder)]


def make_teaching(
    engine: Engine, root: Path, command: Callable[[Path], Sequence[str]] = quick_builder, every_s: float = 0.05
) -> tuple[Teaching, LiveSearch, FakeDialogue]:
    """Return teaching over a project, as one worker of the app has it."""
    var = root / "var"
    search, number = search_in_service(var, var / "index", CountingEncoder())
    dialogue = FakeDialogue(ReleaseFolder(var))
    settings = TeachingSettings(root=root, rasa_python=Path("rasa-python"))
    paths = Paths(var, var / "index", "counting")
    teaching = build_teaching(
        engine, search, FixedJudge(), dialogue, paths, number, settings, command=command, every_s=every_s
    )
    return teaching, search, dialogue


def ask(engine: Engine, *words: str, outcome: str = "nothing_found") -> None:
    """Let citizens ask what the assistant could not answer."""
    now = utc_now()
    for place, text in enumerate(words):
        conversation = f"{place:032}"
        Transcripts(engine).add(
            Line(conversation, "web", now, Who.CITIZEN, text),
            Line(conversation, "web", now, Who.MACHINE, "Tôi chưa tìm thấy thủ tục này.", outcome),
        )


async def until_built(teaching: Teaching, within_s: float = 30.0) -> None:
    """Wait until no build is under way, as the watch of a worker would."""
    for _ in range(int(within_s / 0.05)):
        await teaching.watch.look()
        if await asyncio.to_thread(teaching.rebuilder.builds.running) is None:
            await teaching.watch.look()
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the build did not end in time")
