"""Sends many invented requests to the whole app: `python -m tests.bench.fuzz --examples 1000`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.channels.fuzzing import by_addresses, by_noise, by_the_schema
from tests.fakes.rasa import FakeRasa
from tests.fakes.whole_app import running_app


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=500, help="of each route")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_app(Path(folder), FakeRasa()) as (url, app):
        found = by_the_schema(url, app, options.examples) + by_noise(url, app, options.examples)
        found += by_addresses(url, 10 * options.examples)
    for line in found:
        print(line)
    print(f"{len(found)} lỗi")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
