"""Writes docs/evaluation.md: the search beside plain search, the running system's outcomes, follow-ups, intents.

`make evaluate`; the questions of tests/search_cases/untouched were never fitted to.
"""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pygal
from pygal.style import Style

from knowledge.cases import Case, load_cases
from knowledge.commands.services import load_search
from knowledge.evaluation import Report, dense_alone, evaluate, plain_bm25
from knowledge.verdict import Judge
from tests.journeys.system import RASA_PYTHON, ROOT, running_system
from tests.measures.asking import Asked, Shares, ask_all, shares
from tests.measures.following_up import FollowUp, ask_follow_ups
from tests.measures.talking import Talked, talk_all, talk_lines

DOCS = ROOT / "docs"
UNTOUCHED = ROOT / "tests" / "search_cases" / "untouched"
TALKS = ROOT / "tests" / "talk_cases" / "untouched"
METHODS = {"ours": "Một Cửa", "plain BM25": "BM25 trên tên thủ tục", "encoder alone": "chỉ bộ mã hóa câu"}
KINDS = {
    "all": "tất cả",
    "with diacritics": "có dấu",
    "without diacritics": "không dấu",
    "curt": "cộc lốc",
    "dialect": "phương ngữ",
    "life_situation": "tình huống đời sống",
    "long_story": "kể dài",
    "teencode": "viết tắt",
    "typo": "gõ sai",
}
STYLE = Style(
    background="white", plot_background="white", colors=("#1d5fa8", "#b9c4d0", "#8a97a6"), font_family="sans-serif"
)


def chart(report: Report, path: Path) -> None:
    """Draw the share of right first procedures by kind of question, one bar a method."""
    kinds = [kind for kind in KINDS if kind in report.ranks["ours"]]
    bars = pygal.Bar(style=STYLE, js=(), range=(0, 1), width=1000, height=420, legend_at_bottom=True, truncate_label=40)
    bars.title = "Thủ tục đúng đứng đầu, theo kiểu câu hỏi (câu chưa từng dùng để chỉnh)"
    bars.x_labels = [f"{KINDS[kind]} ({report.ranks['ours'][kind].n})" for kind in kinds]
    for method, name in METHODS.items():
        bars.add(name, [round(report.ranks[method][kind].r1, 3) for kind in kinds])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bars.render())


def ranks_table(report: Report) -> list[str]:
    """Return recall at 1 and 3 by method and kind as a Markdown table."""
    rows = ["| cách tìm | kiểu câu | số câu | đúng đầu tiên | trong ba |", "|---|---|---|---|---|"]
    for method, name in METHODS.items():
        for kind, ranks in report.ranks[method].items():
            rows.append(f"| {name} | {KINDS.get(kind, kind)} | {ranks.n} | {ranks.r1:.3f} | {ranks.r3:.3f} |")
    return rows


def outcome_lines(asked: Shares) -> list[str]:
    """Return how whole turns went."""
    return [
        f"- số câu: {asked.n}",
        f"- kết cục đúng (trả lời đúng, hỏi lại có lựa chọn đúng, hoặc từ chối đúng): **{asked.right:.3f}**",
        f"- hỏi lại khi không cần: {asked.needless:.3f}",
        f"- trả lời nhầm thủ tục: {asked.wrong:.3f}",
        f"- nói không có dù có: {asked.refused:.3f}",
        f"- ngoài phạm vi mà trả lời như trong phạm vi: {asked.invented:.3f}",
    ]


def miss_lines(misses: Sequence[Asked]) -> list[str]:
    """Return the misses of whole turns, one line each."""
    lines = []
    for one in misses:
        got = ", ".join(one.codes or one.candidates) or "không thủ tục nào"
        wanted = ", ".join(sorted(one.case.codes)) or "ngoài phạm vi"
        lines.append(f"- {one.case.question} → {one.outcome} ({got}); cần {wanted}")
    return lines


def follow_up_lines(asked: Sequence[FollowUp]) -> list[str]:
    """Return the share of right follow-ups and the wrong ones."""
    wrong = [one for one in asked if one.fault]
    share = 1 - len(wrong) / len(asked)
    lines = [f"- câu hỏi tiếp trả lời đúng: **{share:.3f}** ({len(asked)} câu)"]
    return lines + [f"  - {one.start} / {one.said}: {one.fault}" for one in wrong]


def intent_lines() -> list[str]:
    """Return what the dialogue side measures of its intents on sentences kept aside."""
    told = subprocess.run(
        [str(RASA_PYTHON), "-m", "bot.measure_intents"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return ["```", *told.stdout.strip().splitlines(), "```"]


def sections(
    report: Report, asked: Shares, followed: Sequence[FollowUp], talked: Sequence[Talked], intents: Sequence[str]
) -> list[str]:
    """Return the whole page."""
    parts: Mapping[str, Sequence[str]] = {
        "Tìm thủ tục": ["![đúng đầu tiên theo kiểu câu](evaluation/right-first.svg)", "", *ranks_table(report)],
        "Cả hệ thống, hỏi qua POST /api/v1/messages": outcome_lines(asked),
        "Câu hỏi tiếp": follow_up_lines(followed),
        "Câu nói tiếp do người lạ viết (tests/talk_cases/untouched)": talk_lines(talked),
        "Ý định của câu (câu để riêng)": intents,
        "Câu trượt": miss_lines(asked.misses),
    }
    lines = [
        "# Đo hiểu câu hỏi",
        "",
        f"Ghi bởi `make evaluate` ngày {date.today():%d/%m/%Y}, danh mục 1.175 thủ tục.",
        "Các câu đo không dùng để chỉnh.",
    ]
    for title, body in parts.items():
        lines += ["", f"## {title}", "", *body]
    return lines


def main() -> int:
    """Measure everything and write the page and its chart."""
    parser = argparse.ArgumentParser(prog="python -m tests.measures", description=__doc__)
    parser.add_argument("--cases", type=Path, default=UNTOUCHED)
    arguments = parser.parse_args()
    cases: list[Case] = load_cases(arguments.cases)
    search = load_search()
    baselines = {
        "plain BM25": plain_bm25(search.index),
        "encoder alone": dense_alone(search.index, search.encoder),
    }
    report = evaluate(search, Judge.load(), cases, baselines)
    with running_system() as system:
        asked = shares(ask_all(system.url, cases))
        followed = ask_follow_ups(system.url)
        talked = talk_all(system.url, TALKS)
    chart(report, DOCS / "evaluation" / "right-first.svg")
    page = "\n".join(sections(report, asked, followed, talked, intent_lines())) + "\n"
    (DOCS / "evaluation.md").write_text(page, encoding="utf8")
    print(
        "\n".join(
            [*ranks_table(report)[:6], *outcome_lines(asked), *follow_up_lines(followed)[:1], *talk_lines(talked)]
        )
    )
    print(f"Báo cáo: {DOCS / 'evaluation.md'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
