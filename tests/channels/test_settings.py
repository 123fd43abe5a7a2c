"""Settings of the app: what is refused, what is made when nothing is given."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from channels.settings import AppSettings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the person who runs the tests."""
    import os

    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("MOT_CUA_")]:
        monkeypatch.delenv(name)


def test_without_settings_it_listens_on_this_machine_only() -> None:
    """Opening to the network is a decision."""
    settings = AppSettings()

    assert settings.host == "localhost"
    assert settings.database_url == "sqlite:///var/app.db"
    assert settings.rasa.startswith("unix:")


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """And those of other programs are left alone."""
    monkeypatch.setenv("MOT_CUA_PORT", "8200")
    monkeypatch.setenv("MOT_CUA_RASA_REDIS_URL", "redis://somewhere")
    monkeypatch.setenv("MOT_CUA_DB_URL", "postgresql+psycopg://app@db/mot_cua")
    settings = AppSettings()

    assert settings.port == 8200
    assert settings.database_url.startswith("postgresql")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"),
        ("PORT", "eighty"),
        ("RASA_TIMEOUT_S", "0"),
        ("MAX_TEXT", "5000"),
        ("MAX_TEXT", "10"),
        ("RETENTION_DAYS", "0"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """At the start, not at night."""
    monkeypatch.setenv(f"MOT_CUA_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        AppSettings()


def test_the_identity_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    """Another key would make strangers of all citizens after a restart."""
    settings = AppSettings(var_dir=tmp_path / "var")
    key = settings.identity_key_bytes

    assert len(key) == 32
    assert AppSettings(var_dir=tmp_path / "var").identity_key_bytes == key
    assert stat.S_IMODE((tmp_path / "var" / "identity.key").stat().st_mode) == 0o600


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings end up in logs."""
    monkeypatch.setenv("MOT_CUA_ACTION_SECRET", "very-secret")
    monkeypatch.setenv("MOT_CUA_IDENTITY_KEY", "very-secret")

    assert "very-secret" not in repr(AppSettings())
    assert AppSettings().identity_key_bytes == b"very-secret"
