"""Settings become an adapter, and wrong settings a clear word."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from actions.one_stop.errors import OneStopMisconfigured
from actions.one_stop.factory import build_digit_proof, build_one_stop
from actions.one_stop.identity import DigitProof
from actions.one_stop.igate import IgateOneStop
from actions.one_stop.lgsp import LgspOneStop
from actions.one_stop.settings import OneStopSettings


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clerk who runs it edits one file of variables."""
    monkeypatch.setenv("MOT_CUA_ONE_STOP_ADAPTER", "igate")
    monkeypatch.setenv("MOT_CUA_ONE_STOP_URL", "https://gateway.test")
    monkeypatch.setenv("MOT_CUA_ONE_STOP_TIMEOUT_S", "4")
    monkeypatch.setenv("MOT_CUA_ONE_STOP_LOCKOUT_MINUTES", "30")

    settings = OneStopSettings()

    assert isinstance(build_one_stop(settings, DigitProof()), IgateOneStop)
    assert settings.limits().timeout_s == 4
    assert settings.lookup_policy().limit.window == timedelta(minutes=30)
    assert not settings.is_simulated


def test_the_national_platform_is_the_default() -> None:
    """One adapter fits every province that is connected to the platform."""
    settings = OneStopSettings(url="https://platform.test")

    assert isinstance(build_one_stop(settings, DigitProof()), LgspOneStop)


def test_without_an_address_the_simulator_is_wanted() -> None:
    """Nobody is told invented data by mistake: whoever starts the app must start the simulator too."""
    settings = OneStopSettings()

    assert settings.is_simulated
    with pytest.raises(OneStopMisconfigured):
        build_one_stop(settings, DigitProof())


def test_more_than_eight_seconds_is_not_allowed() -> None:
    """That is the promise to the citizen."""
    with pytest.raises(ValidationError):
        OneStopSettings(timeout_s=9)


def test_a_certificate_file_that_is_not_there_is_named() -> None:
    """The variable's name tells the clerk where to look."""
    settings = OneStopSettings(url="https://platform.test", ca_file=Path("nowhere.pem"))

    with pytest.raises(OneStopMisconfigured, match="MOT_CUA_ONE_STOP_CA_FILE"):
        build_one_stop(settings, DigitProof())


def test_secrets_are_not_printed() -> None:
    """Settings end up in bug reports."""
    settings = OneStopSettings.model_validate(
        {"password": "hidden-1", "client_secret": "hidden-2", "identity_key": "hidden-3"}
    )

    assert "hidden" not in repr(settings)


def test_workers_with_the_same_key_accept_the_same_digits() -> None:
    """Answers kept by one worker are checked by another."""
    settings = OneStopSettings.model_validate({"identity_key": "a long secret"})
    proofs = build_digit_proof(settings).of_numbers("H50-261120-0001", "000010001234")

    assert build_digit_proof(settings).matches(proofs, "H50-261120-0001", "1234")
