"""Where built things stand: read from the environment, with the defaults of a fresh clone."""

from __future__ import annotations

import os
from pathlib import Path

ENCODER_NAME = "e5-small-vi"


def var_dir() -> Path:
    """Return the folder of everything built (MOT_CUA_VAR_DIR, default var)."""
    return Path(os.environ.get("MOT_CUA_VAR_DIR") or "var")


def encoder_model() -> str:
    """Return the encoder's folder, or a model name (MOT_CUA_ENCODER, default var/encoder/e5-small-vi)."""
    return os.environ.get("MOT_CUA_ENCODER") or str(var_dir() / "encoder" / ENCODER_NAME)


def own_encoder_folder() -> Path:
    """Return where `python -m knowledge encoder` puts the encoder it builds."""
    return var_dir() / "encoder" / ENCODER_NAME


def index_folder() -> Path:
    return var_dir() / "index"
