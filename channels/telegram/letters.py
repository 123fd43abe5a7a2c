"""What a turn's replies become on Telegram: few messages, the keyboard under the last of each group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from actions.turn import Outcome
from channels.messages import Reply, ReplyLink, TurnResult
from channels.telegram.keyboard import Rows, checklist_row, choice_rows, link_rows, markup, thumb_row
from channels.telegram.markup import Styled, styled

#: As in the widget: what can be rated.
RATED = {Outcome.ANSWERED, Outcome.LIFE_EVENT_SHOWN, Outcome.STATUS_SHOWN, Outcome.NOTHING_FOUND}


@dataclass(frozen=True)
class Letter:
    """One message to send."""

    body: Styled
    keyboard: InlineKeyboardMarkup | None = None


@dataclass(frozen=True)
class Composer:
    """Makes messages of replies.

    own_url: our public address or "".  checklist_title: what its button says; None without a checklist.
    """

    own_url: str = ""
    checklist_title: str | None = None

    def answer(self, result: TurnResult) -> list[Letter]:
        """Return the messages of a turn, with the checklist and the thumbs under the last one."""
        extra: Rows = []
        if self.checklist_title and result.outcome is Outcome.ANSWERED:
            codes = result.procedure_codes or [code for code in (result.procedure_code,) if code]
            for code in codes:
                title = self.checklist_title if len(codes) == 1 else f"{self.checklist_title} {code}"
                extra += checklist_row(title, code)
        if result.outcome in RATED:
            extra += thumb_row()
        return self.replies(result.replies, extra)

    def replies(self, replies: Sequence[Reply], extra: Rows | None = None) -> list[Letter]:
        """Return messages: bubbles without buttons join the one that follows, so that a phone rings once."""
        letters: list[Letter] = []
        waiting: list[str] = []
        for place, reply in enumerate(replies):
            is_last = place == len(replies) - 1
            rows, unlinked = link_rows(reply.links, self.own_url)
            rows = choice_rows(reply.buttons) + rows + ((extra or []) if is_last else [])
            waiting.append(_with_links(reply.text, unlinked))
            if rows or is_last:
                letters += _letters("\n\n".join(waiting), markup(rows))
                waiting = []
        return letters


def _with_links(text: str, links: Sequence[ReplyLink]) -> str:
    return "\n".join([text, *(f"{link.title}: {link.url}" for link in links)])


def _letters(text: str, keyboard: InlineKeyboardMarkup | None) -> list[Letter]:
    pieces = styled(text)
    return [*(Letter(piece) for piece in pieces[:-1]), *(Letter(piece, keyboard) for piece in pieces[-1:])]
