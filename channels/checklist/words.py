"""The words printed on checklists, from bot/domain/responses/checklist.yml."""

from __future__ import annotations

from pathlib import Path

from channels.sentences import GATEWAY, Sentences

CHECKLIST = Path(GATEWAY).with_name("checklist.yml")


class Words(Sentences):
    """The sentences and headings of checklists by response name."""

    @classmethod
    def load(cls) -> Words:
        """Read them from their file."""
        return cls(CHECKLIST)
