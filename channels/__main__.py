"""The commands of the app: `python -m channels staff …` (accounts), `store …` (database), `citizen-data …`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dotenv import load_dotenv

from channels.citizen_data_command import citizen_data_command
from channels.staff.commands import staff_command
from channels.store.commands import store_command

ROOT = Path(__file__).parents[1]
COMMANDS: Mapping[str, Callable[[Sequence[str]], int]] = {
    "staff": staff_command,
    "store": store_command,
    "citizen-data": citizen_data_command,
}


def main(arguments: Sequence[str]) -> int:
    """Run one command and return the exit code."""
    if not arguments or arguments[0] not in COMMANDS:
        print(f"Cách dùng: python -m channels {{{','.join(COMMANDS)}}} …", file=sys.stderr)
        return 2
    load_dotenv(ROOT / ".env")  # the same settings as the launcher
    return COMMANDS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
