"""`supportkit` and `python -m supportkit`: the first file that runs, in which Ctrl-C is quiet while the others load."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # `signal` loads modules for milliseconds, in which Ctrl-C is not quiet
import gc
import os


def start() -> None:
    """Run the command line. Garbage is looked for after 100,000 objects: while modules load there is none."""
    _signal.signal(_signal.SIGINT, _leave)
    if not os.environ.get("SUPPORTKIT_DEBUG"):
        gc.set_threshold(100_000, 20, 50)
    from supportkit.cli import main

    main()


def _leave(number: int, frame: object) -> None:
    """Nothing has begun that would have to be closed."""
    os.write(2, b"interrupted\n")
    os._exit(130)


if __name__ == "__main__":
    start()
