"""The dialogue server follows the release in service, and goes on with what it has when that is broken."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.releases import LIVE, follow, model_in_service
from bot.train import code_hash


class FakeAgent:
    """Loads files whose content is not "broken"."""

    def __init__(self) -> None:
        self.processor = SimpleNamespace(model="old")
        self.domain = "old"
        self.parsed: list[str] = []

    def load_model(self, path: Path) -> None:
        """Take a model, as `rasa.core.agent.Agent` does: the processor first."""
        self.processor = SimpleNamespace(model=path.read_text())
        self.domain = path.read_text()

    async def parse_message(self, text: str) -> None:
        """Fail as a broken model would at its first message."""
        if self.processor.model == "broken":
            raise RuntimeError("no graph")
        self.parsed.append(text)


def put(folder: Path, content: str, code: str | None = None) -> Path:
    """Put a release into service; return its model."""
    model = folder / f"{content}.tar.gz"
    model.write_text(content)
    (folder / "new.json").write_text(json.dumps({"model": str(model), "code": code or code_hash()}))
    (folder / "new.json").replace(folder / LIVE)
    return model


def test_the_release_in_service_names_the_model(tmp_path: Path):
    """Without one, set-up's model is used."""
    assert model_in_service(tmp_path) is None
    model = put(tmp_path, "new")
    assert model_in_service(tmp_path) == model


@pytest.mark.parametrize("content", ["", "{", "[]", '{"model": "gone.tar.gz", "code": "x"}'])
def test_a_file_that_says_nothing_is_no_release(tmp_path: Path, content: str):
    """Whatever happened to it, the server starts."""
    (tmp_path / LIVE).write_text(content)
    assert model_in_service(tmp_path) is None


def test_a_release_of_another_program_is_not_used(tmp_path: Path):
    """After an update of the program its own model counts: the old one may not fit its actions."""
    put(tmp_path, "new", code="another program")
    assert model_in_service(tmp_path) is None


async def _followed(folder: Path, agent: FakeAgent, steps: list[str]) -> list[str]:
    """Put releases into service one after the other; return what the agent worked with after each."""
    following = asyncio.create_task(follow(agent, folder, folder / "old.tar.gz", every_s=0.01))  # type: ignore[arg-type]
    await asyncio.sleep(0.05)
    seen = []
    for step in steps:
        put(folder, step)
        await asyncio.sleep(0.5)
        seen.append(agent.processor.model)
    following.cancel()
    return seen


def test_every_release_is_followed_and_a_broken_one_is_not(tmp_path: Path):
    """The broken one leaves the one before at work, with its own domain; going back works too."""
    agent = FakeAgent()
    seen = asyncio.run(_followed(tmp_path, agent, ["one", "broken", "two", "one"]))

    assert seen == ["one", "one", "two", "one"]
    assert agent.domain == "one"


def test_data_do_not_change_what_the_program_is(tmp_path: Path):
    """Otherwise every taught example would make the former release useless."""
    for name in ("bot/domain", "nlu_data"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "a.yml").write_text("one")
    before = code_hash(tmp_path)
    (tmp_path / "nlu_data" / "a.yml").write_text("two")
    assert code_hash(tmp_path) == before
    (tmp_path / "bot" / "domain" / "a.yml").write_text("two")
    assert code_hash(tmp_path) != before
