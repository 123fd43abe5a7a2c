"""The desk in a citizen's turn: silence while a clerk has it (not in danger), the way out, the offer of a person."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import uuid4

from actions.desk import Place, Reach, outcome_of
from actions.turn import Outcome
from channels.desk.queue import MISSES, Bell, WaitingQueue
from channels.desk.sentences import HANDOVER, LEAVE_PAYLOAD, DeskSentences
from channels.hooks import Heard
from channels.messages import Reply, TurnResult
from channels.store.desk import Tickets
from channels.store.moments import utc_now
from channels.store.tickets import Ended, Reason, Said, State, Ticket
from channels.store.transcripts import Line, Transcripts, Who
from knowledge.vietnamese import fold

_BEFORE = r"(?:(?:da|vang|thoi|a|u|toi|em|minh|chau) )*"
_AFTER = r"(?: (?:nua|dau|di|a|nhe|nha|em|anh|chi|luon|cam on.*))*"
_SOMEBODY = r"(?:can bo|nhan vien|nguoi)"
#: The whole message says so: "thôi, không cần gặp nữa", "hủy gặp cán bộ", "kết thúc trò chuyện".
_LEAVES = re.compile(
    _BEFORE
    + rf"(?:(?:khong|khoi)(?: can| muon| phai)?(?: gap| cho| doi| noi chuyen(?: voi)?)(?: {_SOMEBODY})?"
    + rf"|(?:khong|khoi) can {_SOMEBODY}|huy (?:gap|cho)(?: {_SOMEBODY})?"
    + r"|ket thuc (?:tro chuyen|trao doi|noi chuyen)|(?:quay lai|noi chuyen)(?: voi)? (?:may|bot|tro ly))"
    + _AFTER
)
#: Without one of these words it may be an answer to what the clerk asked.
_MEANS_THE_DESK = re.compile(rf"\b(?:thoi|{_SOMEBODY}|ket thuc|may|bot|tro ly)\b")
#: While a code is asked for, "thôi, không cần" alone means the code.
_NAMES_THE_DESK = re.compile(rf"\b(?:gap|{_SOMEBODY})\b")
#: "thôi, không cần nữa" ends the waiting only.
_GIVES_UP = re.compile(_BEFORE + r"(?:khong can|khoi can|khoi)" + _AFTER)
_YES = re.compile(
    r"(?:(?:da|vang|u|a) )*(?:co|vang|dong y|ok|oke|okay|duoc|u|uh|muon|can|hoi di|cho gap|gap|chuyen di)" + _AFTER
)
_DELETES = re.compile(r"\bxoa (?:het |toan bo |moi |cac )*(?:du lieu|thong tin|cuoc tro chuyen|tin nhan)\b")
#: Buttons that the machine hears also while a clerk has the conversation.
_FOR_THE_MACHINE = ("/delete_my_data", "/feedback")
#: The note that holds the ticket of a turn's conversation, as it was at the beginning.
_TICKET = "ticket"
_PUNCTUATION = re.compile(r"[^\w\s]+")


class DeskInterceptor:
    """`Interceptor` and `Finisher`."""

    def __init__(
        self,
        tickets: Tickets,
        transcripts: Transcripts,
        queue: WaitingQueue,
        sentences: DeskSentences,
        bell: Bell,
        is_emergency: Callable[[str], Awaitable[bool]],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._tickets = tickets
        self._transcripts = transcripts
        self._queue = queue
        self._sentences = sentences
        self._bell = bell
        self._is_emergency = is_emergency
        self._now = now

    def look(self, conversation: str) -> dict[str, Ticket | None]:
        """Look up the ticket of a conversation."""
        return {_TICKET: self._tickets.of(conversation)}

    async def intercept(self, heard: Heard) -> TurnResult | None:
        """Answer in place of the dialogue, if the desk has to."""
        ticket: Ticket | None = heard.notes[_TICKET]
        if heard.words == LEAVE_PAYLOAD:
            return await self._leave(ticket)
        words = _said(heard)
        if ticket is None:
            return await self._accept(heard) if words and _YES.fullmatch(words) else None
        if await self._leaves(ticket, words):
            return await self._leave(ticket)
        if ticket.state is not State.TAKEN or heard.words.startswith(_FOR_THE_MACHINE) or _DELETES.search(words):
            return None
        if heard.words == HANDOVER:
            place = self._sentences.place(Place(Reach.WITH_OFFICER))
            return TurnResult(replies=[place], outcome=Outcome.HANDED_OVER)
        is_emergency = not heard.is_payload and await self._is_emergency(heard.words)
        replies = [self._sentences.emergency()] if is_emergency else []
        return TurnResult(replies=replies, outcome=Outcome.HANDED_OVER)

    async def finish(self, heard: Heard, result: TurnResult) -> TurnResult:
        """Add to the machine's answer: the place is kept, or the offer of a person."""
        if result.outcome is Outcome.HANDED_OVER or heard.words.startswith(_FOR_THE_MACHINE):
            return result
        # A ticket opened within the turn is told by its outcome; one from before may have been taken meanwhile.
        if heard.notes[_TICKET] and (ticket := await asyncio.to_thread(self._tickets.of, heard.conversation)):
            return self._kept(ticket, result)
        if result.outcome.value in MISSES and await self._is_second_miss(heard.conversation):
            return result.model_copy(update={"replies": [*result.replies, self._sentences.offer()]})
        return result

    def _kept(self, ticket: Ticket, result: TurnResult) -> TurnResult:
        if ticket.state is not State.WAITING or ticket.reason is Reason.COMPLAINT:
            return result
        was_answered = result.outcome.value not in MISSES
        kept = self._sentences.kept(self._now(), was_answered=was_answered)
        said = result.replies if was_answered else self._sentences.of_safety(result.replies)
        return result.model_copy(update={"replies": [*said, kept]})

    async def _is_second_miss(self, conversation: str) -> bool:
        """Tell whether the machine's answers before, in a row, were misses: one, three, five … of them."""
        before = await asyncio.to_thread(self._transcripts.latest, conversation, 6, Who.MACHINE)
        misses = 0
        for line in reversed(before):
            if line.outcome not in MISSES:
                break
            misses += 1
        return misses % 2 == 1 and await self._queue.is_staffed()

    async def _accept(self, heard: Heard) -> TurnResult | None:
        """Take a bare yes to the offer of a person."""
        last = await asyncio.to_thread(self._transcripts.latest, heard.conversation, 1, Who.MACHINE)
        if not last or not _offers(last[0]):
            return None
        place = await self._queue.ask(heard.conversation, "")
        return TurnResult(replies=[self._sentences.place(place)], outcome=outcome_of(place))

    async def _leaves(self, ticket: Ticket, words: str) -> bool:
        """Tell whether a message ends the waiting, or the talk with the clerk."""
        if ticket.state is State.TAKEN:
            return bool(_LEAVES.fullmatch(words) and _MEANS_THE_DESK.search(words))
        if ticket.reason is Reason.COMPLAINT or not (_LEAVES.fullmatch(words) or _GIVES_UP.fullmatch(words)):
            return False
        last = await asyncio.to_thread(self._transcripts.latest, ticket.conversation, 1, Who.MACHINE)
        is_asked_for_a_code = bool(last) and last[0].outcome == Outcome.STATUS_ASKED.value
        return not is_asked_for_a_code or bool(_NAMES_THE_DESK.search(words))

    async def _leave(self, ticket: Ticket | None) -> TurnResult:
        if ticket is None:
            return _talk(self._sentences.reply("utter_handover_not_waiting"))
        what = "thôi chờ cán bộ" if ticket.state is State.WAITING else "kết thúc trao đổi"
        said = Said(Who.DESK, f"Người dân {what}.", uuid4().hex)
        await asyncio.to_thread(self._tickets.close, ticket.id, Ended.CITIZEN, self._now(), said)
        await self._bell.ring("change", ticket.id)
        return _talk(self._sentences.reply("utter_handover_left"))


def _offers(line: Line) -> bool:
    return HANDOVER in line.buttons


def _said(heard: Heard) -> str:
    """Return typed words folded, without punctuation; a button has none."""
    if heard.is_payload:
        return ""
    return " ".join(_PUNCTUATION.sub(" ", fold(heard.words)).split())


def _talk(reply: Reply) -> TurnResult:
    return TurnResult(replies=[reply], outcome=Outcome.SMALL_TALK)
