"""Measures the masking on invented examples: how much of what must go is gone, how much else was hidden.

Every example is tried as written, in small letters, and without marks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from actions.digits import DigitVault
from channels.masking import hide_for_statistics
from channels.masking.spans import HIDDEN, Span
from channels.privacy import mask_numbers
from knowledge.vietnamese import fold

NUMBERS = ("number", "phone", "mail", "account")
#: The ways in which an example is typed.
FORMS: Mapping[str, Callable[[str], str]] = {"as written": str, "small letters": str.lower, "without marks": fold}
_MARK = re.compile(r"\[(name|number|phone|mail|account|house|code):([^\]]*)\]")
_PIN = re.compile(r"pin_[0-9a-f]{12}")


@dataclass(frozen=True)
class Secret:
    """A stretch that must be hidden."""

    kind: str
    span: Span


@dataclass(frozen=True)
class Example:
    """A text and what must go."""

    text: str
    secrets: tuple[Secret, ...]


@dataclass
class Score:
    """Counts by kind.  hidden_rightly, hidden_wrongly: hidden stretches that touch a secret, and that touch none.

    questions, kept: texts without secrets, and how many of them were left as they are.
    """

    secrets: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    hidden_rightly: int = 0
    hidden_wrongly: int = 0
    questions: int = 0
    kept: int = 0
    misses: list[str] = field(default_factory=list)

    def recall(self, *kinds: str) -> float:
        """Return the share of secrets of these kinds that are hidden to the last letter."""
        return sum(self.hidden[kind] for kind in kinds) / max(1, sum(self.secrets[kind] for kind in kinds))

    @property
    def precision(self) -> float:
        """Return the share of hidden stretches that had something to hide."""
        return self.hidden_rightly / max(1, self.hidden_rightly + self.hidden_wrongly)


def read_examples(path: Path) -> list[Example]:
    """Read a file of examples; what must go stands as [kind:words]."""
    return [read_example(line) for line in yaml.safe_load(path.read_text(encoding="utf8"))]


def read_example(line: str) -> Example:
    """Read one example.

    >>> read_example("gọi [phone:0912345678] nhé").text
    'gọi 0912345678 nhé'
    """
    text, secrets, position = "", [], 0
    for match in _MARK.finditer(line):
        text += line[position : match.start()]
        secrets.append(Secret(match[1], Span(len(text), len(text) + len(match[2].rstrip()))))
        text += match[2]
        position = match.end()
    return Example(text + line[position:], tuple(secrets))


def kept_text(text: str) -> str:
    """Return a text as statistics keep it, by the gateway's whole way."""
    return hide_for_statistics(_PIN.sub(HIDDEN, mask_numbers(text, DigitVault(), False)))


def measure(examples: Sequence[Example], typed: str = "as written") -> Score:
    """Return how well the examples do when typed in a way of FORMS."""
    score = Score()
    for example in examples:
        text = FORMS[typed](example.text)
        seen = kept_text(text)
        spans = list(hidden_spans(text, seen))
        for secret in example.secrets:
            score.secrets[secret.kind] += 1
            gone = _is_hidden(secret, spans, text)
            score.hidden[secret.kind] += gone
            if not gone:
                score.misses.append(f"{secret.kind} not hidden: {text}  →  {seen}")
        for span in spans:
            right = any(span.touches(secret.span) for secret in example.secrets)
            score.hidden_rightly += right
            score.hidden_wrongly += not right
            if not right:
                score.misses.append(f"hidden for nothing: {text}  →  {seen}")
        if not example.secrets:
            score.questions += 1
            score.kept += text == seen
    return score


def hidden_spans(text: str, seen: str) -> Iterator[Span]:
    """Yield the stretches of a text that "•••" stands for in what is kept of it."""
    pieces = [re.escape(piece) for piece in seen.split(HIDDEN)]
    match = re.fullmatch("(.+?)".join(pieces), text, re.DOTALL)
    assert match is not None, f"masking changed more than it hid: {text!r} → {seen!r}"
    for number in range(1, len(pieces)):
        yield Span(match.start(number), match.end(number))


def _is_hidden(secret: Secret, spans: Sequence[Span], text: str) -> bool:
    """Tell whether nothing is left: of numbers no digit, of everything else no letter either."""
    covered = {place for span in spans for place in range(span.start, span.end)}
    counts = (
        str.isdigit if any(letter.isdigit() for letter in _of(secret, text)) and secret.kind != "mail" else str.isalnum
    )
    return all(place in covered or not counts(text[place]) for place in range(secret.span.start, secret.span.end))


def _of(secret: Secret, text: str) -> str:
    return text[secret.span.start : secret.span.end]
