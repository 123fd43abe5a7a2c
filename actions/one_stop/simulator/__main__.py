"""Starts the simulator: python -m actions.one_stop.simulator --port 8100 [--speed 1440]."""

from __future__ import annotations

import argparse
from contextlib import suppress

from actions.one_stop.simulator.server import address, bind, build_server


def main() -> None:
    """Serve until stopped; the first line printed tells the address."""
    parser = argparse.ArgumentParser(prog="python -m actions.one_stop.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument(
        "--speed",
        type=float,
        default=1.0,
        help="days of an application's life that pass in one real day (1440: a day a minute)",
    )
    arguments = parser.parse_args()
    if arguments.speed <= 0:
        parser.error("--speed must be above 0")
    listener = bind(arguments.port)
    print(f"one-stop simulator (invented data) on {address(listener)}", flush=True)
    with suppress(KeyboardInterrupt):
        build_server(arguments.speed).run(sockets=[listener])


if __name__ == "__main__":
    main()
