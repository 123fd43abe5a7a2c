"""Settings of the desk where clerks take conversations over, read from MOT_CUA_DESK_* variables."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

HOLIDAYS = Path(__file__).with_name("holidays.yml")
_OFFICE = "07:30-11:30, 13:30-17:00"


class DeskSettings(BaseSettings):
    """When clerks are there, and how long nobody may wait unseen.

    monday … sunday: working hours of the weekday, e.g. "07:30-11:30, 13:30-17:00"; empty = closed. The defaults are
    a sample; the clerks' page says so until they are set.
    holidays: a file of days on which the desk is closed (channels/desk/holidays.yml shows the form).
    remind_minutes, apologise_minutes: working time after which the clerks are reminded, and the citizen told.
    quiet_hours: after which a talk in which nobody writes any more is given back to the machine.
    """

    model_config = SettingsConfigDict(env_prefix="MOT_CUA_DESK_", extra="ignore")

    monday: str = _OFFICE
    tuesday: str = _OFFICE
    wednesday: str = _OFFICE
    thursday: str = _OFFICE
    friday: str = _OFFICE
    saturday: str = ""
    sunday: str = ""
    holidays: Path = HOLIDAYS
    remind_minutes: float = Field(default=5, gt=0)
    apologise_minutes: float = Field(default=20, gt=0)
    quiet_hours: float = Field(default=24, gt=0)

    @property
    def week(self) -> tuple[str, ...]:
        """Return the hours from Monday to Sunday."""
        return (
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        )

    @property
    def is_sample(self) -> bool:
        """Tell whether nobody has set any hours."""
        days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        return not self.model_fields_set.intersection(days)

    @property
    def remind_after(self) -> timedelta:
        return timedelta(minutes=self.remind_minutes)

    @property
    def apologise_after(self) -> timedelta:
        return timedelta(minutes=self.apologise_minutes)

    @property
    def quiet_after(self) -> timedelta:
        return timedelta(hours=self.quiet_hours)
