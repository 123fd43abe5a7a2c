"""Words the news of an application (hồ sơ): what changed, and what to do, without names, papers or reasons."""

from __future__ import annotations

from pathlib import Path

from actions import wording
from actions.following import stop_button
from actions.one_stop.status_view import StatusView
from channels.messages import Reply, ReplyButton
from channels.sentences import Sentences

FOLLOWING = Path(__file__).parents[2] / "bot" / "domain" / "responses" / "following.yml"
#: More buttons than this are no choice; Zalo takes five.
_MOST_BUTTONS = 4


class News:
    """Makes the messages; they wait in the outbox and may light up on a locked phone, so they say little."""

    def __init__(self, sentences: Sentences | None = None) -> None:
        self._sentences = sentences or Sentences(FOLLOWING)

    def of(self, view: StatusView, is_final: bool) -> Reply:
        """Return what those who follow are told."""
        name = view.status.name.lower() if view.status is not None else "as_received"
        text = self._sentences.say(
            f"utter_news_{name}",
            code=view.code,
            status=view.status_text,
            due_on=wording.day(view.due_at) if view.due_at else "chưa ghi",
            papers_due_on=wording.day(view.papers_due_at) if view.papers_due_at else "chưa ghi",
        )
        buttons = [ReplyButton(title="Xem chi tiết", payload=f'/ask_status{{"application_code": "{view.code}"}}')]
        if not is_final:
            buttons.append(ReplyButton(**stop_button(view.code).plain()))
        return Reply(text=text, buttons=buttons)

    def over(self, code: str) -> Reply:
        """Return the last word when a subscription's time is over."""
        again = ReplyButton(title="Tra hồ sơ", payload=f'/ask_status{{"application_code": "{code}"}}')
        return Reply(text=self._sentences.say("utter_news_over", code=code), buttons=[again])

    def together(self, replies: list[Reply], maybe_again: bool) -> Reply:
        """Return one message for several.

        maybe_again: a first try of some of it may have arrived; then that is said.
        """
        texts = [self._sentences.say("utter_news_maybe_again")] if maybe_again else []
        texts += [reply.text for reply in replies]
        buttons = {button.payload: button for reply in replies for button in reply.buttons}
        links = [link for reply in replies for link in reply.links]
        return Reply(text="\n\n".join(texts), buttons=list(buttons.values())[-_MOST_BUTTONS:], links=links)
