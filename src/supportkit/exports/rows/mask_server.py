"""What a process does that masks cells for another one: it reads what is asked, and writes what becomes of it."""

from __future__ import annotations

import pickle
import signal
import sys

from supportkit.exports.rows.personal_data import Protection


def serve() -> None:
    """Mask cells until no more are asked. Ctrl-C ends whoever asks, and that ends this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    protection = Protection("mask", None)
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            what, cells, columns = pickle.load(asked)
        except EOFError:
            return
        protection.know(columns)
        mask = protection.masker(what)
        pickle.dump([mask(*cell) for cell in cells], answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
