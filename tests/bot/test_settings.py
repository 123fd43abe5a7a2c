"""What the environment may say to the dialogue server."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import RasaSettings, SettingsError, read_settings


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.vn", "", "8.8.8.8"])
def test_public_hosts_are_refused(host: str):
    """The webhook has no login."""
    with pytest.raises(SettingsError, match="loopback"):
        RasaSettings(host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost", "unix:/run/motcua/rasa.sock"])
def test_private_hosts_are_taken(host: str):
    """The launcher and a container's socket."""
    assert RasaSettings(host=host).host == host


def test_every_setting_has_its_variable():
    """MOT_CUA_RASA_… and nothing else."""
    given = {
        "MOT_CUA_RASA_HOST": "::1",
        "MOT_CUA_RASA_PORT": "6000",
        "MOT_CUA_RASA_MODEL": "var/models/a.tar.gz",
        "MOT_CUA_RASA_RELEASES": "var/releases",
        "MOT_CUA_RASA_DB_URL": "postgresql://a/b",
        "MOT_CUA_RASA_REDIS_URL": "redis://a",
        "MOT_CUA_RASA_ACTION_URL": "http://127.0.0.1:1/actions/webhook",
        "MOT_CUA_RASA_ACTION_SECRET": "s",
        "MOT_CUA_RASA_ACTION_TIMEOUT_S": "3.5",
        "MOT_CUA_RASA_RETENTION_DAYS": "30",
        "UNRELATED": "x",
    }
    assert read_settings(given) == RasaSettings(
        "::1",
        6000,
        Path("var/models/a.tar.gz"),
        Path("var/releases"),
        "postgresql://a/b",
        "redis://a",
        "http://127.0.0.1:1/actions/webhook",
        "s",
        3.5,
        30,
    )


def test_empty_means_default():
    """A template of an .env file leaves lines empty."""
    assert read_settings({"MOT_CUA_RASA_PORT": ""}) == RasaSettings()


@pytest.mark.parametrize(("name", "value"), [("PORT", "abc"), ("PORT", "70000"), ("ACTION_TIMEOUT_S", "0")])
def test_nonsense_is_refused(name: str, value: str):
    """A clear sentence at start instead of a fault at night."""
    with pytest.raises(SettingsError):
        read_settings({f"MOT_CUA_RASA_{name}": value})
