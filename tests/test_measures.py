"""The measures of whole turns: shares counted by hand, and a strict stand-in for the web API that is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actions.bearing_fitting import NONE, STAY, TalkCase
from actions.turn import Outcome
from channels.messages import IncomingMessage, Reply, TurnResult
from knowledge.cases import Case, load_cases
from knowledge.evaluation import Outcomes, Ranks, Report
from tests.measures.__main__ import (
    KINDS,
    METHODS,
    UNTOUCHED,
    chart,
    follow_up_lines,
    miss_lines,
    outcome_lines,
    ranks_table,
    sections,
)
from tests.measures.asking import ANSWERS, REFUSALS, Asked, Shares, ask_all, shares
from tests.measures.following_up import PER_TALK, FollowUp, ask_follow_ups
from tests.measures.talking import Talked, talk_lines
from tests.serving import serving

CARD, LOST, BEES = "1.000001", "1.000002", "1.000005"


@dataclass
class FakeSystem:
    """The web API as the measures see it; whatever the real one would refuse is a violation.

    answer: what is told after these messages of one conversation.  refusals: how often each message gets 429 first.
    delay_s: how long the first question takes.  talks: what was taken, by conversation.  posts: everything that came.
    """

    answer: Callable[[Sequence[str]], TurnResult]
    refusals: int = 0
    delay_s: float = 0.0
    talks: dict[str, list[str]] = field(default_factory=dict)
    posts: list[tuple[str, str]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    _taken: set[tuple[str, str]] = field(default_factory=set)

    async def receive(self, request: Request) -> Response:
        """Take one message by the contract of POST /api/v1/messages."""
        try:
            message = IncomingMessage.model_validate_json(await request.body())
        except ValidationError as error:
            self.violations.append(str(error))
            return JSONResponse({"detail": "sai dạng"}, 422)
        key = (message.conversation_id, message.message_id)
        if key in self._taken or not (message.text or "").strip():
            self.violations.append(f"said twice, or nothing: {message}")
        self.posts.append(key)
        if len(self.posts) == 1:
            await asyncio.sleep(self.delay_s)
        if self.posts.count(key) <= self.refusals:
            return JSONResponse({"detail": "chậm lại"}, 429, headers={"Retry-After": "1"})
        self._taken.add(key)
        said = self.talks.setdefault(message.conversation_id, [])
        said.append(message.text or "")
        return JSONResponse(self.answer(said).model_dump(mode="json"))


@contextmanager
def running(system: FakeSystem) -> Iterator[str]:
    """Serve it and give its address.

    Raises:
        AssertionError: it got what the real system does not take.
    """
    app = Starlette(routes=[Route("/api/v1/messages", system.receive, methods=["POST"])])
    with serving(app, abrupt=True) as url:
        yield url
    assert system.violations == []


def turn(outcome: Outcome, *codes: str, candidates: Sequence[str] = (), text: str = "Dạ.") -> TurnResult:
    """Return a turn as the real system tells it: the first code alone, and all when there are several."""
    return TurnResult(
        replies=[Reply(text=text)],
        outcome=outcome,
        procedure_code=codes[0] if codes else None,
        procedure_codes=list(codes) if len(codes) > 1 else [],
        candidates=list(candidates),
    )


def case(question: str, *codes: str, ambiguous: bool = False) -> Case:
    return Case(question, frozenset(codes), ambiguous)


def asked(one: Case, outcome: str, codes: Sequence[str] = (), candidates: Sequence[str] = ()) -> Asked:
    return Asked(one, outcome, tuple(codes), tuple(candidates), "Dạ.")


# Scoring


@pytest.mark.parametrize(
    ("one", "befell"),
    [
        (asked(case("thẻ", CARD), "answered", [CARD]), {"right"}),
        (asked(case("thẻ", CARD), "answered", [LOST, CARD]), {"right"}),
        (asked(case("đi học", CARD), "life_event_shown", [BEES, CARD]), {"right"}),
        (asked(case("thẻ", CARD), "answered", [LOST]), {"wrong"}),
        (asked(case("thẻ", CARD), "life_event_shown"), {"wrong"}),
        (asked(case("thẻ", CARD), "asked_back", candidates=[CARD, LOST]), {"right", "needless"}),
        (asked(case("thẻ", CARD, LOST, ambiguous=True), "asked_back", candidates=[CARD, LOST]), {"right"}),
        (asked(case("thẻ", LOST), "asked_back", candidates=[CARD, LOST]), {"right"}),
        (asked(case("thẻ", BEES), "asked_back", candidates=[CARD, LOST]), set()),
        (asked(case("thẻ", BEES), "asked_back"), set()),
        (asked(case("thẻ", CARD), "nothing_found"), {"refused"}),
        (asked(case("thẻ", CARD), "handed_over"), {"refused"}),
        (asked(case("thẻ", CARD), "failed"), set()),
        (asked(case("thẻ", CARD), "status_asked"), set()),
        (asked(case("giá vàng"), "out_of_scope"), {"right"}),
        (asked(case("chào em"), "small_talk"), {"right"}),
        (asked(case("giá vàng"), "asked_back", candidates=[CARD]), set()),
        (asked(case("giá vàng"), "failed"), set()),
        (asked(case("giá vàng"), "answered", [CARD]), {"invented"}),
        (asked(case("giá vàng"), "life_event_shown", [CARD]), {"invented"}),
    ],
    ids=lambda value: f"{value.case.question} {value.outcome}" if isinstance(value, Asked) else None,
)
def test_how_one_turn_counts(one: Asked, befell: set[str]) -> None:
    """A turn that failed is neither an answer nor an honest refusal."""
    counted = shares([one])

    assert {name for name in ("right", "needless", "wrong", "refused", "invented") if getattr(counted, name)} == befell


def test_shares_are_of_the_questions_they_can_befall() -> None:
    """Five questions of ours, three of the others; right is a share of all eight."""
    ours = [
        asked(case("một", CARD), "answered", [CARD]),
        asked(case("hai", CARD), "answered", [LOST]),
        asked(case("ba", CARD), "asked_back", candidates=[CARD, LOST]),
        asked(case("bốn", BEES), "asked_back", candidates=[CARD, LOST]),
        asked(case("năm", CARD), "nothing_found"),
    ]
    others = [
        asked(case("sáu"), "out_of_scope"),
        asked(case("bảy"), "answered", [CARD]),
        asked(case("tám"), "asked_back", candidates=[CARD]),
    ]

    assert shares([*ours, *others]) == Shares(
        n=8, right=3 / 8, needless=1 / 5, wrong=1 / 5, refused=1 / 5, invented=1 / 3, misses=(*ours[1:], *others[1:])
    )


@pytest.mark.parametrize("only", [[], [asked(case("giá vàng"), "out_of_scope")], [asked(case("thẻ", CARD), "failed")]])
def test_a_list_of_one_kind_only_has_shares(only: list[Asked]) -> None:
    """Nothing is divided by zero."""
    counted = shares(only)

    assert (counted.n, counted.wrong, counted.invented) == (len(only), 0.0, 0.0)


def test_the_outcomes_that_count_are_outcomes_of_a_turn() -> None:
    """One that was renamed would count as neither, without a word."""
    assert {outcome.value for outcome in Outcome} >= ANSWERS | REFUSALS
    assert not ANSWERS & REFUSALS


# Asking


def test_every_question_is_asked_in_a_conversation_of_its_own() -> None:
    """What was said before must not help; the answers come in the order of the cases, whoever was faster."""
    cases = [case(f"câu {number}", CARD) for number in range(9)]
    system = FakeSystem(lambda said: turn(Outcome.ANSWERED, CARD, text=f"« {said[-1]} »"), delay_s=0.1)
    with running(system) as url:
        answered = ask_all(url, cases)

    assert [(one.case, one.replies) for one in answered] == [(one, f"« {one.question} »") for one in cases]
    assert sorted(system.talks.values()) == [[one.question] for one in cases]


@pytest.mark.parametrize(
    ("told", "codes", "candidates"),
    [
        (turn(Outcome.ANSWERED, CARD), (CARD,), ()),
        (turn(Outcome.LIFE_EVENT_SHOWN, CARD, BEES), (CARD, BEES), ()),
        (turn(Outcome.ASKED_BACK, candidates=[CARD, LOST]), (), (CARD, LOST)),
        (turn(Outcome.NOTHING_FOUND), (), ()),
    ],
    ids=["one procedure", "several", "a question back", "none"],
)
def test_what_a_turn_tells_is_kept(told: TurnResult, codes: tuple[str, ...], candidates: tuple[str, ...]) -> None:
    """One procedure or several, choices, words."""
    one = case("thẻ", CARD)
    with running(FakeSystem(lambda said: told)) as url:
        assert ask_all(url, [one]) == [Asked(one, told.outcome.value, codes, candidates, "Dạ.")]


def test_bubbles_are_read_together() -> None:
    """Two messages on the phone, one answer."""
    told = turn(Outcome.ANSWERED, CARD).model_copy(update={"replies": [Reply(text="Thẻ"), Reply(text="Nguồn")]})
    with running(FakeSystem(lambda said: told)) as url:
        assert ask_all(url, [case("thẻ", CARD)])[0].replies == "Thẻ\nNguồn"


def test_a_message_that_came_too_soon_is_sent_again() -> None:
    """The same message under the same number: it was not taken, and it is not a second turn."""
    system = FakeSystem(lambda said: turn(Outcome.ANSWERED, CARD), refusals=2)
    with running(system) as url:
        answered = ask_all(url, [case("một", CARD), case("hai", CARD)])

    assert [one.is_right for one in answered] == [True, True]
    assert len(system.posts) == 6 and len(set(system.posts)) == 2


def test_a_system_that_refuses_for_good_ends_the_measure() -> None:
    """A refused message is no answer of the assistant; it must not count as one."""
    system = FakeSystem(lambda said: turn(Outcome.ANSWERED, CARD), refusals=1000)
    with running(system) as url, pytest.raises(httpx.HTTPStatusError, match="429"):
        ask_all(url, [case("một", CARD)])
    assert 1 < len(system.posts) < 20


def test_a_system_that_breaks_ends_the_measure() -> None:
    """Half a measure is worse than none; other faults than 429 are not asked again."""
    came: list[str] = []

    def broken(request: Request) -> Response:
        came.append(request.url.path)
        return JSONResponse({"detail": "hỏng"}, 500)

    with (
        serving(Starlette(routes=[Route("/api/v1/messages", broken, methods=["POST"])]), abrupt=True) as url,
        pytest.raises(httpx.HTTPStatusError, match="500"),
    ):
        ask_all(url, [case("một", CARD)])
    assert came == ["/api/v1/messages"]


def test_progress_is_told_every_hundred_questions() -> None:
    """Six hundred questions take minutes."""
    told: list[int] = []
    with running(FakeSystem(lambda said: turn(Outcome.NOTHING_FOUND))) as url:
        ask_all(url, [case(f"câu {number}") for number in range(101)], told.append)

    assert told == [100]


# Following up

START: dict[str, Any] = {"says": "làm thẻ đọc sách", "code": CARD}
FEE: dict[str, Any] = {"says": "hết nhiêu tiền rứa", "shows": ["lệ phí"]}
TIME: dict[str, Any] = {"says": "bao lâu có", "shows": ["thời hạn", "mấy ngày"]}


def write_follow_ups(folder: Path, *follow_ups: dict[str, Any], starts: Sequence[dict[str, Any]] = (START,)) -> Path:
    path = folder / "follow_ups.yml"
    path.write_text(yaml.safe_dump({"starts": list(starts), "follow_ups": list(follow_ups)}), encoding="utf8")
    return path


def helpful(said: Sequence[str]) -> TurnResult:
    """Answer the start with the procedure, and the follow-ups with the fact asked for."""
    texts = {FEE["says"]: "LỆ PHÍ của thẻ: 0 đồng", TIME["says"]: "Mất mấy ngày: 3"}
    return turn(Outcome.ANSWERED, CARD, text=texts.get(said[-1], "Thẻ đọc sách"))


def follow(folder: Path, answer: Callable[[Sequence[str]], TurnResult], *follow_ups: dict[str, Any]) -> list[FollowUp]:
    with running(FakeSystem(answer)) as url:
        return ask_follow_ups(url, write_follow_ups(folder, *follow_ups))


def test_the_fact_asked_for_about_the_same_procedure_is_right(tmp_path: Path) -> None:
    """Compared without marks and case; any of the words will do."""
    assert follow(tmp_path, helpful, FEE, TIME) == [
        FollowUp(START["says"], FEE["says"], ""),
        FollowUp(START["says"], TIME["says"], ""),
    ]


def test_another_procedure_is_wrong(tmp_path: Path) -> None:
    """The subject was lost, however well the fee is told."""

    def forgetful(said: Sequence[str]) -> TurnResult:
        return turn(Outcome.ANSWERED, CARD if len(said) == 1 else LOST, text="Lệ phí: 0 đồng")

    (one,) = follow(tmp_path, forgetful, FEE)

    assert one.fault == f"answered about {LOST}"


def test_another_fact_is_wrong(tmp_path: Path) -> None:
    """The fault says what was told instead."""
    (one,) = follow(tmp_path, lambda said: turn(Outcome.ANSWERED, CARD, text="Kết quả: một tấm thẻ"), FEE)

    assert one.fault == "another kind of fact: ket qua: mot tam the"


def test_the_whole_overview_again_answers_no_follow_up(tmp_path: Path) -> None:
    """It names the fee, and everything else: whoever asked for the fee reads it all again."""
    overview = "Thời hạn giải quyết: 1 ngày. Lệ phí: 0 đồng. Nơi giải quyết: xã. Cách nộp: trực tiếp."
    (one,) = follow(tmp_path, lambda said: turn(Outcome.ANSWERED, CARD, text=overview), FEE)

    assert one.fault == "the whole overview again"


@pytest.mark.parametrize(
    ("opened", "fault"),
    [
        (turn(Outcome.ANSWERED, LOST), f"the talk began with {LOST}"),
        (turn(Outcome.NOTHING_FOUND), "the talk began with nothing_found"),
        (turn(Outcome.ASKED_BACK, candidates=[LOST, BEES]), "the talk began with asked_back"),
    ],
    ids=["another procedure", "nothing", "choices without the right one"],
)
def test_a_talk_that_began_wrong_makes_its_follow_ups_wrong(tmp_path: Path, opened: TurnResult, fault: str) -> None:
    """Also where the follow-up by itself found its way back."""
    (one,) = follow(tmp_path, lambda said: opened if len(said) == 1 else helpful(said), FEE)

    assert one.fault == fault


def test_a_question_back_is_answered_with_the_number_of_the_right_choice(tmp_path: Path) -> None:
    """As a citizen does; then the talk goes on."""

    def asks_first(said: Sequence[str]) -> TurnResult:
        return turn(Outcome.ASKED_BACK, candidates=[LOST, CARD]) if len(said) == 1 else helpful(said)

    system = FakeSystem(asks_first)
    with running(system) as url:
        (one,) = ask_follow_ups(url, write_follow_ups(tmp_path, FEE))

    assert one.fault == ""
    assert list(system.talks.values()) == [[START["says"], "2", FEE["says"]]]


def test_a_conversation_takes_a_few_follow_ups_before_the_next_begins(tmp_path: Path) -> None:
    """Nobody asks twenty; every start is followed by every follow-up all the same."""
    follow_ups = [FEE | {"says": f"tiền {number}"} for number in range(PER_TALK + 1)]
    starts = [START, {"says": "nuôi ong", "code": BEES}]
    codes = {START["says"]: CARD, "nuôi ong": BEES}
    system = FakeSystem(lambda said: turn(Outcome.ANSWERED, codes[said[0]], text="Lệ phí: 0 đồng"))
    with running(system) as url:
        asked = ask_follow_ups(url, write_follow_ups(tmp_path, *follow_ups, starts=starts))

    assert [len(said) for said in system.talks.values()] == [1 + PER_TALK, 2] * 2
    assert [(one.start, one.said) for one in asked] == [
        (start["says"], one["says"]) for start in starts for one in follow_ups
    ]
    assert not any(one.fault for one in asked)


# The page

RANKS = Ranks(4, 0.75, 1.0, 1.0, 0.875)
REPORT = Report(
    {method: {"all": RANKS, "typo": replace(RANKS, n=1, r1=0.0)} for method in METHODS}, Outcomes(1, 0, 0, 0, 0)
)
MISSES = (
    asked(case("nuôi ong", BEES), "answered", [CARD, LOST]),
    asked(case("làm thẻ", CARD, LOST), "asked_back", candidates=[BEES]),
    asked(case("đò ngang", BEES), "nothing_found"),
    asked(case("giá vàng"), "answered", [CARD]),
)
SHARES = Shares(n=40, right=0.9, needless=0.05, wrong=0.025, refused=0.0125, invented=0.1, misses=MISSES)
TALKED = [
    Talked(TalkCase(CARD, "cần ảnh không", (STAY,)), "answered", CARD, ()),
    Talked(TalkCase(CARD, "mất thì sao", (STAY,)), "asked_back", None, (LOST, CARD)),
    Talked(TalkCase(CARD, "nuôi ong", (BEES,)), "answered", BEES, ()),
    Talked(TalkCase(CARD, "còn ong", (BEES,)), "answered", CARD, ()),
    Talked(TalkCase(CARD, "thôi để mai", (NONE,)), "small_talk", None, ()),
    Talked(TalkCase(CARD, "giá vàng", (NONE,)), "answered", BEES, ()),
]
FOLLOWED = [
    FollowUp("làm thẻ", "phí", ""),
    FollowUp("làm thẻ", "bao lâu", f"answered about {LOST}"),
    FollowUp("làm thẻ", "nộp đâu", ""),
    FollowUp("làm thẻ", "giấy gì", ""),
]


def test_ranks_stand_in_a_table_by_method_and_kind() -> None:
    """In the words of whoever decides about it."""
    rows = ranks_table(REPORT)

    assert len(rows) == 2 + 2 * len(METHODS)
    assert rows[2:4] == ["| Một Cửa | tất cả | 4 | 0.750 | 1.000 |", "| Một Cửa | gõ sai | 1 | 0.000 | 1.000 |"]


def test_every_share_stands_on_a_line_of_its_own() -> None:
    """No two are mixed up."""
    assert [line.rsplit(": ")[-1] for line in outcome_lines(SHARES)] == [
        "40",
        "**0.900**",
        "0.050",
        "0.025",
        "0.013",
        "0.100",
    ]


def test_misses_say_what_came_and_what_was_wanted() -> None:
    """Enough to make a case of it."""
    assert miss_lines(MISSES) == [
        f"- nuôi ong → answered ({CARD}, {LOST}); cần {BEES}",
        f"- làm thẻ → asked_back ({BEES}); cần {CARD}, {LOST}",
        f"- đò ngang → nothing_found (không thủ tục nào); cần {BEES}",
        f"- giá vàng → answered ({CARD}); cần ngoài phạm vi",
    ]


def test_follow_ups_are_a_share_and_the_wrong_ones() -> None:
    """Three of four."""
    assert follow_up_lines(FOLLOWED) == [
        "- câu hỏi tiếp trả lời đúng: **0.750** (4 câu)",
        f"  - làm thẻ / bao lâu: answered about {LOST}",
    ]


def test_what_was_said_next_is_counted_by_what_was_meant() -> None:
    """Who stays, who moves, who wants nothing of ours; a good question back is told apart."""
    assert talk_lines(TALKED)[2:] == [
        "| vẫn thủ tục đang nói | 2 | **0.500** | 0.500 |",
        "| chuyển sang thủ tục khác | 2 | **0.500** | 0.000 |",
        "| không phải việc của mình | 2 | **0.500** | 0.000 |",
    ]


def test_the_page_holds_every_measure() -> None:
    """Under a heading each, the misses last: they are the longest."""
    lines = sections(REPORT, SHARES, FOLLOWED, TALKED, ["```", "558 câu", "```"])
    page = "\n".join(lines)

    assert lines[0].startswith("# ")
    parts = (ranks_table(REPORT), outcome_lines(SHARES), follow_up_lines(FOLLOWED), talk_lines(TALKED))
    for part in (*parts, ["```", "558 câu", "```"]):
        assert "\n".join(part) in page
    assert page.endswith("\n".join(miss_lines(MISSES)))
    assert "(evaluation/right-first.svg)" in page


def test_the_chart_names_every_method_and_kind(tmp_path: Path) -> None:
    """It stands alone on a slide; it loads no script from elsewhere."""
    path = tmp_path / "evaluation" / "right-first.svg"
    chart(REPORT, path)
    drawn = path.read_text(encoding="utf8")

    assert all(name in drawn for name in METHODS.values())
    assert "tất cả (4)" in drawn and "gõ sai (1)" in drawn and "kể dài" not in drawn
    assert "<script xlink" not in drawn and 'src="http' not in drawn


def test_every_mark_of_the_measured_questions_has_its_words() -> None:
    """A kind without words would be missing from the chart."""
    marks = {mark for one in load_cases(UNTOUCHED) for mark in one.marks}

    assert marks - {"no_diacritics"} <= set(KINDS)
