"""Follows the release in service: loads its model beside the one at work, then lets it take the next messages.

The app writes `live.json` when a release goes into service (channels/teaching/releases.py). Turns under way end on
the model they began with; conversations, locks and the address stay, so no message is lost. A model that does not
load leaves the former one at work.
"""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path

from rasa.core.agent import Agent

from bot.train import code_hash

LIVE = "live.json"
EVERY_S = 1.0
log = logging.getLogger("bot.releases")


def model_in_service(folder: Path, root: Path = Path()) -> Path | None:
    """Return the model of the release in service.

    None: there is no release, its file is gone, or it was trained for another program than this one.
    """
    try:
        live = json.loads((folder / LIVE).read_text(encoding="utf-8"))
        model, code = Path(live["model"]), live["code"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return model if model.is_file() and code == code_hash(root) else None


async def follow(agent: Agent, folder: Path, current: Path, every_s: float = EVERY_S) -> None:
    """Give the agent every model that goes into service; never returns."""
    seen = _stamp(folder)
    while True:
        await asyncio.sleep(every_s)
        stamp = _stamp(folder)
        if stamp == seen:
            continue
        seen = stamp
        model = await asyncio.to_thread(model_in_service, folder)
        if model is None or model == current:
            continue
        former = agent.processor, agent.domain
        try:
            await asyncio.to_thread(agent.load_model, model)
            await agent.parse_message("khởi động")
        except Exception:  # whatever is wrong with it, the one at work goes on
            agent.processor, agent.domain = former
            log.exception("the model %s does not load; %s goes on", model.name, current.name)
            continue
        current = model
        log.warning("the model %s is in service", model.name)


def _stamp(folder: Path) -> tuple[int, int] | None:
    try:
        seen = (folder / LIVE).stat()
    except OSError:
        return None
    return seen.st_ino, seen.st_mtime_ns
