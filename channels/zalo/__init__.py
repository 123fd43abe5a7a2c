"""The Zalo channel: an Official Account that talks to citizens."""

from __future__ import annotations

import logging

from sqlalchemy import Engine

from channels.zalo.channel import ZaloChannel
from channels.zalo.settings import ZaloSettings

__all__ = ["ZaloChannel", "build_zalo"]
log = logging.getLogger(__name__)


def build_zalo(settings: ZaloSettings, engine: Engine, identity_key: bytes) -> ZaloChannel | None:
    """Return the channel; None when nothing is set. Half a configuration is told and counts as nothing."""
    if settings.missing:
        log.error("Zalo is off, for these settings are missing: %s", ", ".join(settings.missing))
    return ZaloChannel(settings, engine, identity_key) if settings.is_on else None
