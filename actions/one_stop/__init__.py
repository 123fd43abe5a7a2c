"""Where an application (hồ sơ) stands: port, adapters, identity check and a simulator."""

from __future__ import annotations

from actions.one_stop.errors import (
    ApplicationNotFound,
    LockedOut,
    LookupRefused,
    OneStopError,
    OneStopMisconfigured,
    OneStopUnavailable,
    StatusRefused,
)
from actions.one_stop.factory import build_digit_proof, build_one_stop, build_status_lookup
from actions.one_stop.lookup import StatusLookup
from actions.one_stop.port import ApplicationRecord, OneStop, Payment, Status
from actions.one_stop.settings import OneStopSettings
from actions.one_stop.status_view import StatusView, status_view

__all__ = [
    "ApplicationNotFound",
    "ApplicationRecord",
    "LockedOut",
    "LookupRefused",
    "OneStop",
    "OneStopError",
    "OneStopMisconfigured",
    "OneStopSettings",
    "OneStopUnavailable",
    "Payment",
    "Status",
    "StatusLookup",
    "StatusRefused",
    "StatusView",
    "build_digit_proof",
    "build_one_stop",
    "build_status_lookup",
    "status_view",
]
