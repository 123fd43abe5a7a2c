"""Builds the one-stop system (hệ thống một cửa) and the look-up from the settings."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable

from actions.one_stop.attempts import AttemptStore, MemoryAttempts
from actions.one_stop.errors import OneStopMisconfigured
from actions.one_stop.identity import DigitProof
from actions.one_stop.igate import IgateAccess, IgateOneStop
from actions.one_stop.last_known import LastKnownStore, MemoryLastKnown
from actions.one_stop.lgsp import LgspAccess, LgspOneStop
from actions.one_stop.lookup import StatusLookup
from actions.one_stop.port import OneStop
from actions.one_stop.settings import OneStopSettings
from actions.one_stop.upstream import Upstream


def build_digit_proof(settings: OneStopSettings) -> DigitProof:
    """Return the proof of digits; without a key in the settings it lives as long as the process."""
    key = settings.identity_key
    return DigitProof(key.get_secret_value().encode() if key else None)


def build_one_stop(
    settings: OneStopSettings, proof: DigitProof, pace: Callable[[], Awaitable[None]] | None = None
) -> OneStop:
    """Return the adapter that the settings name; nothing is sent yet.

    pace: awaited before every request.

    Raises:
        OneStopMisconfigured: no address, or the certificate file cannot be read.
    """
    if settings.url is None:
        raise OneStopMisconfigured("MOT_CUA_ONE_STOP_URL is not set")
    upstream = Upstream(settings.url, settings.limits(), tls=_tls(settings), pace=pace)
    if settings.adapter == "igate":
        igate = IgateAccess(
            client_id=settings.client_id,
            client_secret=settings.client_secret.get_secret_value(),
            token_url=settings.token_url,
            search_path=settings.search_path,
        )
        return IgateOneStop(upstream, igate, proof)
    lgsp = LgspAccess(
        username=settings.username,
        password=settings.password.get_secret_value(),
        agency_code=settings.agency_code,
        destination=settings.destination_code,
        auth_path=settings.auth_path,
        integration_path=settings.integration_path,
    )
    return LgspOneStop(upstream, lgsp, proof)


def build_status_lookup(
    settings: OneStopSettings,
    one_stop: OneStop,
    proof: DigitProof,
    attempts: AttemptStore | None = None,
    last_known: LastKnownStore | None = None,
) -> StatusLookup:
    """Return the look-up over a one-stop system; stores default to this process's memory."""
    return StatusLookup(
        one_stop,
        proof,
        attempts or MemoryAttempts(),
        last_known or MemoryLastKnown(),
        settings.lookup_policy(),
    )


def _tls(settings: OneStopSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:
        raise OneStopMisconfigured("MOT_CUA_ONE_STOP_CA_FILE cannot be read") from error
