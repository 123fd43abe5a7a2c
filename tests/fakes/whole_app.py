"""The whole app with every channel on, over HTTP in this process, with a fake dialogue server behind it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI
from pydantic import SecretStr

from actions.one_stop.settings import OneStopSettings
from channels.app import build_parts, create_app
from channels.settings import AppSettings
from tests.fakes.rasa import FakeRasa, running_rasa
from tests.serving import serving

TELEGRAM_SECRET, ONE_STOP_SECRET, ACTION_SECRET = "a-secret-of-telegram", "a-secret-of-the-one-stop", "made-at-start"
#: Nothing listens there: no call to a platform gets out.
NOWHERE = "http://127.0.0.1:9"
CHANNELS = {
    "MOT_CUA_TELEGRAM_TOKEN": "123456:" + "x" * 35,
    "MOT_CUA_TELEGRAM_API_URL": NOWHERE,
    "MOT_CUA_TELEGRAM_WEBHOOK_SECRET": TELEGRAM_SECRET,
    "MOT_CUA_ZALO_APP_ID": "4711",
    "MOT_CUA_ZALO_APP_SECRET": "an app secret",
    "MOT_CUA_ZALO_OA_SECRET": "an oa secret",
    "MOT_CUA_ZALO_API_URL": NOWHERE,
    "MOT_CUA_ZALO_OAUTH_URL": NOWHERE,
    "MOT_CUA_FOLLOWING_WEBHOOK_SECRET": ONE_STOP_SECRET,
}


@contextmanager
def running_app(folder: Path, rasa: FakeRasa) -> Iterator[tuple[str, FastAPI]]:
    """Serve the app without its background work and give (address, application).

    Raises:
        KnowledgeError: encoder or index are missing.
    """
    before = {name: os.environ.get(name) for name in CHANNELS}
    os.environ.update(CHANNELS)
    try:
        with running_rasa(rasa) as rasa_url:
            settings = AppSettings(
                db_url=f"sqlite:///{folder / 'app.db'}",
                rasa=rasa_url,
                identity_key=SecretStr("a key for tests"),
                action_secret=SecretStr(ACTION_SECRET),
            )
            app = create_app(build_parts(settings, OneStopSettings(url=NOWHERE)))
            with serving(app) as url:
                yield url, app
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
