"""Prints how well personal data is hidden: `python -m channels.masking evaluate [--misses]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from channels.masking.evaluation import FORMS, NUMBERS, Score, measure, read_examples

CASES = Path(__file__).parents[2] / "tests" / "channels"
FILES = {"building": CASES / "masking_cases.yml", "untouched": CASES / "masking_cases_untouched.yml"}


def line_of(score: Score) -> str:
    """Return the figures of one run as one line."""
    recalls = (score.recall(*NUMBERS), score.recall("name"), score.recall("house"), score.recall("code"))
    return (
        "  ".join(f"{recall:.3f}" for recall in recalls)
        + f"  precision {score.precision:.3f}  questions unchanged {score.kept}/{score.questions}"
    )


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m channels.masking", description=__doc__)
    parser.add_argument("command", choices=["evaluate"])
    parser.add_argument("--misses", choices=sorted(FILES), help="also list what went wrong in one file")
    arguments = parser.parse_args()
    print("recall: numbers  names  house numbers  application codes (all examples are invented)")
    for name, path in FILES.items():
        examples = read_examples(path)
        for form in FORMS:
            score = measure(examples, form)
            print(f"{name:9} {len(examples):4} {form:14} {line_of(score)}")
            if arguments.misses == name:
                print("".join(f"    {miss}\n" for miss in score.misses), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
