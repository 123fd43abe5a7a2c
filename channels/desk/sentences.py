"""What the desk says to citizens, from people.yml and safety.yml: the same words whoever speaks, dialogue or desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from actions import wording
from actions.desk import LEAVE, Place, sentence_of
from actions.turn import Button
from channels.desk.hours import Hours
from channels.messages import Reply, ReplyButton
from channels.sentences import GATEWAY, Sentences
from channels.store.addresses import WEB

PEOPLE, SAFETY = GATEWAY.with_name("people.yml"), GATEWAY.with_name("safety.yml")
HANDOVER = "/handover"
LEAVE_PAYLOAD = LEAVE.payload
Replies = Callable[[str], list[Reply]]


class DeskSentences:
    """Replies of the desk; `hotline`: whom to call, and who answers there, or None."""

    def __init__(self, hours: Hours, hotline: str | None = None) -> None:
        self._texts = Sentences(PEOPLE)
        safety = Sentences(SAFETY)
        self._emergency = safety.say("utter_emergency")
        self._of_safety = (self._emergency, safety.say("utter_scam_or_secret"))
        self._hours = hours
        self._hotline = hotline

    def place(self, place: Place) -> Reply:
        """Tell where somebody stands who asked for a person."""
        name, values = sentence_of(place)
        return self.reply(name, [LEAVE], **values)

    def offer(self) -> Reply:
        """Offer a person after two questions without an answer."""
        return self.reply("utter_handover_offer", [Button("Hỏi cán bộ", HANDOVER), Button("Không cần", "/deny")])

    def kept(self, now: datetime, *, was_answered: bool) -> Reply:
        """Tell somebody who waits that their place is kept; without an answer, that their words are noted."""
        opens = None if self._hours.is_open(now) else self._hours.next_opening(now)
        if was_answered:
            name = "utter_handover_kept_outside_hours" if opens else "utter_handover_kept"
        else:
            name = "utter_handover_noted_outside_hours" if opens else "utter_handover_noted"
        values = {"opens": wording.opening(opens)} if opens else {}
        return self.reply(name, [LEAVE], **values)

    def apology(self) -> Reply:
        """Say sorry that nobody came, and where else to ask."""
        if self._hotline:
            return self.reply("utter_handover_apology_hotline", hotline=self._hotline)
        return self.reply("utter_handover_apology")

    def emergency(self) -> Reply:
        """Tell somebody in danger whom to call."""
        return Reply(text=self._emergency)

    def tells_of_emergency(self, replies: Sequence[Reply]) -> bool:
        """Tell whether that is said, by the dialogue or by the desk."""
        return any(reply.text == self._emergency for reply in replies)

    def of_safety(self, replies: Sequence[Reply]) -> list[Reply]:
        """Return the replies that nothing may take the place of: danger, and warnings of fraud."""
        return [reply for reply in replies if reply.text in self._of_safety]

    def officer_says(self, text: str) -> Replies:
        """Return a clerk's words as each channel shows them: the web names the officer by itself."""
        own, named = Reply(text=text), self.reply("utter_officer_says", text=text)
        return lambda channel: [own if channel == WEB else named]

    def reply(self, name: str, buttons: Sequence[Button] = (), /, **values: object) -> Reply:
        """Return one sentence as a reply."""
        made = [ReplyButton(title=button.title, payload=button.payload) for button in buttons]
        return Reply(text=self._texts.say(name, **values), buttons=made)


def everywhere(reply: Reply) -> Replies:
    """Return the same reply for every channel."""
    return lambda channel: [reply]
