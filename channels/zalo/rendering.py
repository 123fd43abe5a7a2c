"""Makes Zalo messages of replies: few messages, at most five buttons in each, longer choices as a numbered list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels.messages import Reply, ReplyButton, ReplyLink
from channels.zalo.text import MAX_LETTERS, letters, plain, split

MAX_BUTTONS = 5
#: Zalo's own limit is not in its notes for integrators that we have; integrators name 100 letters.
MAX_TITLE = 100


@dataclass(frozen=True)
class ZaloMessage:
    """One message: its text and its buttons as the API wants them."""

    text: str
    buttons: tuple[dict[str, Any], ...] = field(default=())

    def body(self) -> dict[str, Any]:
        """Return the `message` of a request."""
        if not self.buttons:
            return {"text": self.text}
        template = {"type": "template", "payload": {"buttons": list(self.buttons)}}
        return {"text": self.text, "attachment": template}


def render(
    replies: Sequence[Reply], seal: Callable[[str], str], extra: Sequence[ReplyButton] = (), hint: str = ""
) -> list[ZaloMessage]:
    """Return the messages for some replies.

    seal: makes a payload into the text that a button sends.
    extra: buttons for the last message, if there is room for all of them.
    hint: stands below choices of which not all are buttons; `{number}` is the number of the first that is none.
    """
    messages: list[ZaloMessage] = []
    joined = _join(replies)
    for number, reply in enumerate(joined, 1):
        text, buttons, links = _fit(plain(reply.text), reply.buttons, reply.links, hint)
        if number == len(joined) and len(buttons) + len(links) + len(extra) <= MAX_BUTTONS:
            buttons = [*buttons, *extra]
        made = [_query(button, seal) for button in buttons] + [_open(link) for link in links]
        *first, last = split(text) or [""]
        messages += [ZaloMessage(piece) for piece in first]
        if last or made:
            messages.append(ZaloMessage(last or "…", tuple(made)))
    return messages


def _join(replies: Sequence[Reply]) -> list[Reply]:
    """Put neighbours together as long as no buttons come between: each message counts against the eight."""
    joined: list[Reply] = []
    for reply in replies:
        before = joined[-1] if joined else None
        if before and not before.buttons and not before.links and _fits_below(before, reply):
            joined[-1] = reply.model_copy(update={"text": f"{before.text}\n\n{reply.text}"})
        else:
            joined.append(reply)
    return joined


def _fits_below(before: Reply, reply: Reply) -> bool:
    return letters(plain(before.text)) + letters(plain(reply.text)) + 2 <= MAX_LETTERS


def _fit(
    text: str, buttons: Sequence[ReplyButton], links: Sequence[ReplyLink], hint: str
) -> tuple[str, list[ReplyButton], list[ReplyLink]]:
    """Return text, buttons and links that fit together; what is no button any more stands in the text.

    Too many choices become numbers, which the dialogue understands ("số 2"); as many as fit stay buttons too. Of
    choices and links together the choices come first.
    """
    wanted = [link for link in links if link.url.startswith(("https://", "http://"))]
    kept = list(buttons)
    if len(kept) > MAX_BUTTONS:
        choices = [button for button in kept if _is_choice(button)]
        others = [button for button in kept if not _is_choice(button)][:MAX_BUTTONS]
        shown = choices[: MAX_BUTTONS - len(others)]
        text = _numbered(text, choices, hint.format(number=len(shown) + 1) if len(shown) < len(choices) else "")
        kept = [*shown, *others]
    room = MAX_BUTTONS - len(kept)
    lines = [f"{link.title}: {link.url}" for link in wanted[room:] if link.url not in text]
    return "\n".join([text, *lines]), kept, wanted[:room]


def _numbered(text: str, choices: Sequence[ReplyButton], hint: str) -> str:
    """Return the text with the choices as a list, unless it lists them by itself, and the hint below."""
    lines = [f"{number}. {plain(choice.title)}" for number, choice in enumerate(choices, 1)]
    if all(line in text for line in lines):
        lines = []
    return "\n".join([text, *lines, *([hint] if hint else [])])


def _is_choice(button: ReplyButton) -> bool:
    return button.payload.startswith("/choose_procedure")


def _query(button: ReplyButton, seal: Callable[[str], str]) -> dict[str, Any]:
    return {"title": _title(button.title), "type": "oa.query.hide", "payload": seal(button.payload)}


def _open(link: ReplyLink) -> dict[str, Any]:
    return {"title": _title(link.title), "type": "oa.open.url", "payload": {"url": link.url}}


def _title(title: str) -> str:
    short = plain(title)
    return short if letters(short) <= MAX_TITLE else short[: MAX_TITLE - 1 - (letters(short) - len(short))] + "…"
