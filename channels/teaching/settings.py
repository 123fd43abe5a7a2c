"""Settings of teaching and rebuilding, read from MOT_CUA_TEACHING_* variables."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parents[2]


class TeachingSettings(BaseSettings):
    """Where the data files stand, what a rebuild is measured by, and what is shown.

    root: the project's folder, whose data files approved changes go into.  rasa_python: trains the model; below `root`
    unless absolute.  search_cases, intent_cases: what a rebuild is measured on; below `root` unless absolute.
    tolerance: so much a figure may fall.  keep: releases whose files are kept for rolling back.
    days, most: how far back questions are shown, and how many.  likeness: from this (mean, centred) cosine on
    questions stand together.
    """

    model_config = SettingsConfigDict(env_prefix="MOT_CUA_TEACHING_", extra="ignore")

    root: Path = ROOT
    rasa_python: Path = Path(".venv-rasa/bin/python")
    search_cases: Path = Path("tests/search_cases/untouched")
    intent_cases: Path = Path("tests/bot/intent_cases.yml")
    tolerance: float = Field(default=0.005, ge=0, le=1)
    keep: int = Field(default=5, ge=2)
    days: int = Field(default=30, ge=1)
    most: int = Field(default=500, ge=1, le=2000)
    likeness: float = Field(default=0.33, gt=0, lt=1)

    def below_root(self, path: Path) -> Path:
        """Return a path of the settings as an absolute one."""
        return (self.root / path).absolute()
