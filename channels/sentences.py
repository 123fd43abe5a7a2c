"""The few sentences the gateway speaks itself: the notice, faults, limits. They stand with all the others."""

from __future__ import annotations

from pathlib import Path

import yaml

GATEWAY = Path(__file__).parents[1] / "bot" / "domain" / "responses" / "gateway.yml"


class Sentences:
    """Texts of gateway.yml by response name."""

    def __init__(self, path: Path = GATEWAY) -> None:
        stored = yaml.safe_load(path.read_text(encoding="utf8"))["responses"]
        self._texts = {name: str(variants[0]["text"]) for name, variants in stored.items()}

    def say(self, name: str, **values: object) -> str:
        """Return a sentence with its values; an unknown name or a missing value raises KeyError."""
        return self._texts[name].format(**values)
