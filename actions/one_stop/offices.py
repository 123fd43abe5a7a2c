"""When an office is open (giờ làm việc), where that is known; read from offices.yml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from knowledge.vietnamese import fold

DATA_FILE = Path(__file__).with_name("offices.yml")


class Office(BaseModel):
    """An office and its hours. is_demo: invented, and shown as such."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=3)
    hours: str = Field(min_length=3)
    source: str = Field(min_length=10)
    is_demo: bool = False

    @property
    def shown_hours(self) -> str:
        """Return the hours as the citizen reads them."""
        return f"{self.hours} (dữ liệu mẫu)" if self.is_demo else self.hours


@cache
def load_offices(file: Path = DATA_FILE) -> dict[str, Office]:
    """Return the offices by their folded name.

    Raises:
        pydantic.ValidationError: a field is missing, unknown or of the wrong kind.
    """
    rows = yaml.safe_load(file.read_text(encoding="utf8"))["offices"] or []
    return {fold(office.name): office for office in map(Office.model_validate, rows)}


def find_office(name: str | None) -> Office | None:
    """Return what is known of an office; None for most of them."""
    return load_offices().get(fold(name)) if name else None
