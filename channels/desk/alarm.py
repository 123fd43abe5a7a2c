"""Hears a cry for help while a clerk has the conversation, who may not be reading at this moment."""

from __future__ import annotations

import logging

from channels.errors import DialogueUnavailable
from channels.rasa_client import RasaClient

log = logging.getLogger(__name__)
EMERGENCY = "emergency"
#: A look takes a few milliseconds. The clerk's conversation waits no longer than this for one that hangs.
WAITS_S = 1.0


class Alarm:
    """Judges words as the dialogue does when it is alone: it cries where the machine would have spoken of 113.

    No threshold and no list of its own: a false alarm costs one sentence ("nếu đang nguy hiểm …"), a missed one more.
    """

    def __init__(self, rasa: RasaClient) -> None:
        self._rasa = rasa

    async def is_emergency(self, words: str) -> bool:
        """Tell whether somebody is in danger; without the dialogue nobody can tell, and the clerk has the words."""
        try:
            return await self._rasa.intent(words, WAITS_S) == EMERGENCY
        except DialogueUnavailable as error:
            log.warning("nobody listens for cries for help: %s", error)
            return False
