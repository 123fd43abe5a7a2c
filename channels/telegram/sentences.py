"""The sentences of the Telegram channel; they stand with all the others."""

from __future__ import annotations

from channels.sentences import GATEWAY, Sentences

TELEGRAM = GATEWAY.with_name("telegram.yml")
#: The menu, in its order: command → name of its description.
COMMANDS = {
    "start": "utter_telegram_command_start",
    "tracuu": "utter_telegram_command_tracuu",
    "huongdan": "utter_telegram_command_huongdan",
    "xoadulieu": "utter_telegram_command_xoadulieu",
}


def telegram_sentences() -> Sentences:
    """Return the sentences of telegram.yml."""
    return Sentences(TELEGRAM)
