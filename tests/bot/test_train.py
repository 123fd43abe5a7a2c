"""When a model must be trained again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.train import TrainingFailed, content_hash, model_path, source_files, train


def sources(root: Path) -> Path:
    (root / "bot/domain").mkdir(parents=True)
    (root / "nlu_data").mkdir()
    (root / "config.yml").write_text("language: vi")
    (root / "bot/domain/domain.yml").write_text("intents: []")
    (root / "nlu_data/a.yml").write_text("a")
    return root


def test_the_hash_follows_every_source(tmp_path: Path):
    """A forgotten file would leave yesterday's model in service."""
    root = sources(tmp_path)
    seen = {content_hash(root)}
    (root / "nlu_data/a.yml").write_text("b")
    seen.add(content_hash(root))
    (root / "nlu_data/b.yml").write_text("a")
    seen.add(content_hash(root))
    (root / "nlu_data/notes.txt").write_text("not a source")
    seen.add(content_hash(root))

    assert len(seen) == 3
    assert model_path(root).name == f"{content_hash(root)}.tar.gz"


def test_the_projects_sources_are_found():
    """Config, domain, rules, components, sentences, and the two pure modules."""
    names = {path.as_posix() for path in source_files(Path())}

    assert {"config.yml", "bot/domain/domain.yml", "bot/components/features.py", "knowledge/codes.py"} <= names


def test_half_a_model_never_stands_under_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A server that starts meanwhile, or after training was broken off, would load it."""
    monkeypatch.chdir(sources(tmp_path))

    def breaks_off(path: Path) -> int:
        path.write_bytes(b"half")
        return 1

    def finishes(path: Path) -> int:
        path.write_bytes(b"whole")
        assert not model_path().exists()
        return 0

    with pytest.raises(TrainingFailed):
        train(make=breaks_off)
    assert list(model_path().parent.iterdir()) == []

    assert train(make=finishes).read_bytes() == b"whole"
    assert list(model_path().parent.iterdir()) == [model_path()]
