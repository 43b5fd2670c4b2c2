"""`supportkit` and `python -m supportkit`: the first file that runs, in which Ctrl-C is quiet while the others load."""

from __future__ import annotations

import os
import signal


def start() -> None:
    """Run the command line."""
    signal.signal(signal.SIGINT, _leave)
    from supportkit.cli import main

    main()


def _leave(number: int, frame: object) -> None:
    """Nothing has begun that would have to be closed."""
    os.write(2, b"interrupted\n")
    os._exit(130)


if __name__ == "__main__":
    start()
