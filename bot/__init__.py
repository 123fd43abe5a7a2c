"""What the assistant decides and every sentence it speaks: the dialogue server's side.

Importing it makes the libraries beneath quiet: no telemetry, no chatter on start, no cache beside the sources.
"""

from __future__ import annotations

import logging
import os

for _name, _value in {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "RASA_CACHE_DIRECTORY": "var/rasa_cache",
    "RASA_MAX_CACHE_SIZE": "0",
}.items():
    os.environ.setdefault(_name, _value)

# Old libraries beneath warn about their own future; none of it is ours to change.
# `python -m bot.validate` shows the warnings about the project's own words.
logging.captureWarnings(True)
logging.getLogger("py.warnings").setLevel(logging.ERROR)
