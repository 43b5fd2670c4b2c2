"""Pictures drawn by a process of their own, which starts up while the queries of a report still run.

To start costs as much as a dozen pictures. Where no process can be started, or it ends before its time, pictures are
drawn here, with the same bytes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any, Final

from supportkit.system.machine import is_limited

DRAWER: Final = """
import json, sys, vl_convert
vl_convert.vegalite_to_svg({"data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {}}, vl_version="5.20")
for line in sys.stdin:
    print(json.dumps(vl_convert.vegalite_to_svg(**json.loads(line))), flush=True)
"""
SECONDS: Final = 5.0
"""How long an idle process may take to end."""
_running: list[subprocess.Popen[str]] = []


@contextmanager
def drawing_beside() -> Iterator[None]:
    """Inside, pictures are drawn by a process that is started now, where memory is not scarce, and ended at the end."""
    if is_limited():
        yield
        return
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", DRAWER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
    except OSError:
        yield
        return
    _running.append(process)
    try:
        yield
    finally:
        _end(process)


def vegalite_to_svg(**asked: Any) -> str:
    """A picture as vl_convert draws it, by the process that runs beside, else here."""
    for process in _running:
        with suppress(OSError, ValueError):
            return _ask(process, asked)
        _end(process)
        break
    import vl_convert

    return str(vl_convert.vegalite_to_svg(**asked))


def _ask(process: subprocess.Popen[str], asked: dict[str, Any]) -> str:
    """The answer of the process. Raises OSError and ValueError where it gives none."""
    to_it, from_it = _pipes(process)
    to_it.write(json.dumps(asked) + "\n")
    to_it.flush()
    return str(json.loads(from_it.readline()))


def _end(process: subprocess.Popen[str]) -> None:
    """End a process that waits for the next picture, or that does not answer any more."""
    if process in _running:
        _running.remove(process)
    to_it, from_it = _pipes(process)
    with suppress(OSError):
        to_it.close()
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    from_it.close()


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout
