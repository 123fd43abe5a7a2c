"""Tells what trained models take texts for: `python -m bot.guess TEXTS.json OUT.json MODEL …`.

TEXTS.json: a list of texts.  OUT.json: for every model, in the order given, the intents in the order of the texts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
from collections.abc import Sequence
from pathlib import Path

from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog


async def guess(model: Path, texts: Sequence[str]) -> list[str]:
    """Return the intent of every text."""
    agent = Agent.load(model)
    return [str((await agent.parse_message(text))["intent"]["name"]) for text in texts]


def main(arguments: list[str] | None = None) -> int:
    """Read, guess, write."""
    parser = argparse.ArgumentParser(prog="python -m bot.guess", description=__doc__)
    parser.add_argument("texts", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("models", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    configure_structlog(logging.ERROR)
    logging.getLogger("rasa").setLevel(logging.ERROR)
    texts = json.loads(options.texts.read_text(encoding="utf-8"))
    guessed = [asyncio.run(guess(model, texts)) for model in options.models]
    options.out.write_text(json.dumps(guessed, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
