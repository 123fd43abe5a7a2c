"""Signing the account in: the token comes from standard input and is exchanged at once."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlalchemy import Engine

from channels.settings import AppSettings
from channels.store.zalo_tokens import TokenState, ZaloTokenStore
from channels.zalo.__main__ import main
from channels.zalo.settings import ZaloSettings
from tests.fakes.zalo import FakeZalo, environment


@pytest.fixture
def told(zalo: FakeZalo, zalo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings in the environment, as the launcher leaves them."""
    for name, value in environment(zalo, zalo_url).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MOT_CUA_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("MOT_CUA_DB_URL", f"sqlite:///{tmp_path / 'app.db'}")
    return tmp_path


def test_a_typed_token_signs_the_account_in(
    told: Path, zalo: FakeZalo, database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a loss, and without the token in the history of the shell."""
    zalo.lose()
    refresh = zalo.sign_in_anew()

    assert main(["login-token"], io.StringIO(refresh + "\n")) == 0
    said = capsys.readouterr().out
    assert said.startswith("Đã đăng nhập") and refresh not in said
    key = AppSettings().identity_key_bytes
    assert ZaloTokenStore(database, key, zalo.app_id).read().state is TokenState.READY


def test_a_used_token_is_told_at_once(told: Path, zalo: FakeZalo, capsys: pytest.CaptureFixture[str]) -> None:
    """Not in the night, when the first answer is due."""
    assert main(["login-token"], io.StringIO("used-before\n")) == 1
    assert "đã được dùng" in capsys.readouterr().out


def test_a_token_among_the_arguments_is_not_taken(told: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It would stand in the list of processes."""
    with pytest.raises(SystemExit):
        main(["login-token", "secret"], io.StringIO(""))


@pytest.mark.parametrize("typed", ["", "\n"])
def test_nothing_typed_is_told(told: Path, typed: str) -> None:
    """And keeps what was there."""
    assert main(["login-token"], io.StringIO(typed)) == 2


def test_the_settings_come_first(
    told: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half a configuration says which half is missing."""
    monkeypatch.setenv("MOT_CUA_ZALO_APP_SECRET", "")

    assert main(["login-token"], io.StringIO("x\n")) == 2
    assert "MOT_CUA_ZALO_APP_SECRET" in capsys.readouterr().err


def test_the_channel_is_off_unless_all_is_set() -> None:
    """An empty .env must not open a door."""
    assert not ZaloSettings().is_on
    assert not ZaloSettings(app_id="1").is_on
    assert ZaloSettings(app_id="1").missing == ["MOT_CUA_ZALO_APP_SECRET", "MOT_CUA_ZALO_OA_SECRET"]
    assert ZaloSettings().missing == []
