"""What the actions need, built once at the edge and handed inward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rasa_sdk import Action

from actions.applications import AskApplicationCode, AskDigits, ShowStatusAction, ValidateStatusForm
from actions.desk import Desk, NoDesk, desk_actions
from actions.digits import DigitVault
from actions.following import Subscriptions, following_actions
from actions.life_events import LifeEventAction
from actions.one_stop.lookup import StatusLookup
from actions.outright import UnlessNamedOutright
from actions.people import people_actions
from actions.procedures import AnswerAction
from actions.safety import SafetyFirstAction
from actions.subject import SubjectFinder
from knowledge.search import Search
from knowledge.verdict import Judge

#: What sentences that name a procedure are sometimes taken for.
OFTEN_MISHEARD = frozenset(
    {
        "action_cancelled",
        "action_complaint",
        "action_deny",
        "action_follow",
        "action_privacy",
        "action_unfollow",
    }
)


@dataclass(frozen=True)
class Services:
    """The search over the catalogue, the verdict on it, the look-up of applications, digits in memory, news, clerks.

    public_url: what links to the app's own pages begin with; empty = they are relative.
    """

    search: Search
    judge: Judge
    lookup: StatusLookup
    vault: DigitVault
    public_url: str = ""
    subscriptions: Subscriptions = field(kw_only=True)
    desk: Desk = field(default_factory=NoDesk, kw_only=True)


def build_actions(services: Services) -> Sequence[Action]:
    """Return every action that the domain names."""
    finder = SubjectFinder(services.search, services.judge)
    answer = AnswerAction(finder, services.public_url)
    other = [*following_actions(services.subscriptions), *desk_actions(services.desk), *people_actions()]
    return [
        answer,
        SafetyFirstAction("action_emergency", "utter_emergency", finder, answer),
        SafetyFirstAction("action_scam_or_secret", "utter_scam_or_secret", finder, answer),
        LifeEventAction(services.search, answer),
        ValidateStatusForm(services.subscriptions),
        AskApplicationCode(),
        AskDigits(),
        ShowStatusAction(
            services.lookup, services.vault, services.subscriptions, services.search.index.catalogue.procedures
        ),
        *(
            UnlessNamedOutright(action, finder, answer) if action.name() in OFTEN_MISHEARD else action
            for action in other
        ),
    ]
