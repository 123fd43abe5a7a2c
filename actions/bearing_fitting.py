"""Fits the weights of `actions.bearing` to told talks: `python -m actions.bearing_fitting tests/talk_cases/tuning`."""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression

from actions.bearing import COEFFICIENTS, BearingModel, features
from actions.talk import Talk
from knowledge.cases import Case, load_cases
from knowledge.commands.services import load_search
from knowledge.search import Search
from knowledge.verdict import Judge

STAY, NONE = "stay", "none"
FREEDOM = 1.0
#: A syllable is weighed by itself when so many messages hold it.
OFTEN = 12
#: Few strangers' messages name a new matter as plainly as a first question does; so many of those are added.
PLAIN, SEED = 600, 7
_HEAD = "# How a message bears on what is talked about; fitted by `python -m actions.bearing_fitting` on {} messages.\n"


@dataclass(frozen=True)
class TalkCase:
    """What somebody said after being told about a procedure.

    wants: codes of another procedure; (STAY,) = the same one; (NONE,) = none of ours.
    """

    about: str
    says: str
    wants: tuple[str, ...]


def load_talks(path: Path) -> list[TalkCase]:
    """Return the cases of a folder or file; those that answer a question back are left out."""
    files = sorted(path.glob("*.yml")) if path.is_dir() else [path]
    written = [case for file in files for case in yaml.safe_load(file.read_text(encoding="utf8"))]
    return [TalkCase(case["about"], case["says"], _codes(case["wants"])) for case in written if "about" in case]


def _codes(wants: str | list[str]) -> tuple[str, ...]:
    return (wants,) if isinstance(wants, str) else tuple(wants)


def plain_switches(questions: Sequence[Case], codes: Sequence[str]) -> list[TalkCase]:
    """Return whole questions as people begin with them, each after a procedure drawn at random: all are new matters."""
    chance = random.Random(SEED)
    asked = [one for one in questions if one.in_scope and not one.ambiguous]
    drawn = [(chance.choice(codes), one) for one in chance.sample(asked, min(PLAIN, len(asked)))]
    return [TalkCase(about, one.question, tuple(one.codes)) for about, one in drawn if about not in one.codes]


def fit(cases: Sequence[TalkCase], search: Search, judge: Judge) -> BearingModel:
    """Return the model that tells who stays; messages that are none of ours are left out."""
    told, talk = [case for case in cases if case.wants != (NONE,)], Talk(search, judge, BearingModel(0.0, {}))
    known = search.index.catalogue.procedures
    rows = [features(talk.heard(case.says, known[case.about]), case.about) for case in told]
    often = Counter(name for row in rows for name in row if name.startswith("says_"))
    names = sorted(
        name for name in {name for row in rows for name in row} if not name.startswith("says_") or often[name] >= OFTEN
    )
    table = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    model = LogisticRegression(C=FREEDOM, max_iter=5000).fit(table, [case.wants == (STAY,) for case in told])
    weights = {name: round(float(weight), 3) for name, weight in zip(names, model.coef_[0], strict=True)}
    return BearingModel(round(float(model.intercept_[0]), 3), weights)


def main(arguments: list[str] | None = None) -> int:
    """Fit and write."""
    parser = argparse.ArgumentParser(prog="python -m actions.bearing_fitting", description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--questions", type=Path, required=True, help="first questions, as new matters in a talk")
    given = parser.parse_args(arguments)
    search = load_search()
    cases = load_talks(given.cases)
    cases += plain_switches(load_cases(given.questions), sorted(search.index.catalogue.procedures))
    model = fit(cases, search, Judge.load())
    content = yaml.safe_dump({"bias": model.bias, "weights": dict(model.weights)}, allow_unicode=True)
    COEFFICIENTS.write_text(_HEAD.format(len(cases)) + content, encoding="utf8")
    print(f"Đã ghi {COEFFICIENTS.name} từ {len(cases)} câu")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
