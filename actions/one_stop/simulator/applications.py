"""Reads the invented applications (hồ sơ) from applications.yml."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from actions.one_stop.port import Status

DATA_FILE = Path(__file__).with_name("applications.yml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fee(_Strict):
    """What the invented office wants to be paid."""

    name: str
    amount_vnd: int | None = None


class LifeStep(_Strict):
    """A status that the application reaches by itself, counted from the start of the simulator."""

    after_days: float = Field(gt=0)
    status: Status


class InventedApplication(_Strict):
    """One application; days count from the day the simulator starts, negative ones lie in the past.

    status: one of the ten, or other words that some office might use.
    """

    code: str
    procedure: str
    procedure_title: str
    owner: str
    id_number: str | None = Field(default=None, pattern=r"^0000[0-9]{8}$")
    phone: str | None = Field(default=None, pattern=r"^0000[0-9]{6}$")
    office: str
    status: Status | str
    received: int = Field(le=0)
    due: int | None = None
    finished: int | None = None
    returned: int | None = None
    reason: str | None = None
    papers: tuple[str, ...] = ()
    papers_due: int | None = None
    fee: Fee | None = None
    life: tuple[LifeStep, ...] = ()

    @property
    def digits(self) -> tuple[str, ...]:
        """Return the four digits that open this application, of the ID number first."""
        return tuple(number[-4:] for number in (self.id_number, self.phone) if number)


def load_applications(file: Path = DATA_FILE) -> tuple[InventedApplication, ...]:
    """Return the invented applications in file order.

    Raises:
        pydantic.ValidationError: a field is missing, unknown or of the wrong kind.
    """
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    titles: dict[str, str] = content["procedures"]
    return tuple(
        InventedApplication.model_validate({**row, "procedure_title": titles[row["procedure"]]})
        for row in content["applications"]
    )
