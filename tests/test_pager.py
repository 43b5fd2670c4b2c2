"""On a terminal what is longer than the screen goes through a pager, and who waits for long sees a bar."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import time
from itertools import pairwise
from pathlib import Path

import pytest

from supportkit.commands.messages import keep_waiting, say, stop_waiting
from supportkit.commands.pager import is_longer_than_screen, page, pager_of
from supportkit.commands.progress import AFTER, moving, progress_bar

ROWS = "select 'row ' || i as name from range(60) t(i) order by i"


def on_terminal(words: list[str], folder: Path, lines: int = 24, after: str = "", **more: str) -> str:
    """What a command shows on a terminal of 80 columns and so many lines."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, 80, 0, 0))
    environment = {**os.environ, "TERM": "xterm", "PYTHONPATH": os.pathsep.join(sys.path), **more}
    for name in ("COLUMNS", "LINES", "PAGER", "LESS", "NO_COLOR"):
        if name not in more:
            environment.pop(name, None)
    code = f"import supportkit.commands.progress as p; {after}from supportkit.__main__ import start; start()"
    run = [sys.executable, "-c", code, *words]
    with subprocess.Popen(run, cwd=folder, env=environment, stdin=slave, stdout=slave, stderr=slave):
        os.close(slave)
        seen = b""
        while True:
            try:
                part = os.read(master, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            seen += part
    os.close(master)
    return seen.decode("utf-8", "replace")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "surveys.csv").write_text("kind,score,responded_at\nnps,9,2026-01-02\n", encoding="utf-8")
    return tmp_path


QUERY = ["sql", ROWS, "--data", "surveys.csv", "-q"]


def test_what_is_longer_than_the_screen_is_paged(folder: Path) -> None:
    shown = on_terminal(QUERY, folder, SUPPORTKIT_PAGER="sed 's/^/> /'")
    assert "> row 59" in shown
    assert "> Query" in shown.replace("\x1b[1m", "").replace("\x1b[0m", "")


def test_the_pager_is_the_users_and_ours_comes_first(folder: Path) -> None:
    assert "> row 59" in on_terminal(QUERY, folder, PAGER="sed 's/^/> /'")
    both = on_terminal(QUERY, folder, PAGER="sed 's/^/> /'", SUPPORTKIT_PAGER="sed 's/^/= /'")
    assert ("= row 59" in both, "> row" in both) == (True, False)


@pytest.mark.parametrize(
    ("words", "lines", "more"),
    [
        ([*QUERY, "--no-pager"], 24, {"PAGER": "sed 's/^/> /'"}),
        (QUERY, 100, {"PAGER": "sed 's/^/> /'"}),
        (QUERY, 24, {"PAGER": "cat"}),
        (QUERY, 24, {"PAGER": ""}),
        (QUERY, 24, {"PAGER": "no-such-pager-here"}),
    ],
    ids=["refused", "short", "cat", "none", "not there"],
)
def test_without_a_pager_it_is_all_there_at_once(
    words: list[str], lines: int, more: dict[str, str], folder: Path
) -> None:
    shown = on_terminal(words, folder, lines, **more)
    assert "row 59" in shown
    assert "> row" not in shown


def test_a_pager_that_is_left_early_is_no_fault(folder: Path) -> None:
    shown = on_terminal(["sql", ROWS.replace("60", "60000"), "--data", "surveys.csv"], folder, PAGER="head -3")
    assert "Traceback" not in shown
    assert "row 59999" not in shown


def test_less_gets_what_git_gives_it(folder: Path) -> None:
    assert "LESS=FRX" in on_terminal(QUERY, folder, PAGER="env | grep ^LESS; cat >/dev/null")
    assert "LESS=S" in on_terminal(QUERY, folder, PAGER="env | grep ^LESS; cat >/dev/null", LESS="S")


def test_a_pipe_has_no_pager(folder: Path) -> None:
    run = [sys.executable, "-m", "supportkit", *QUERY]
    environment = {**os.environ, "PAGER": "sed 's/^/> /'", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(run, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    assert "row 59" in done.stdout
    assert "> row" not in done.stdout


def test_a_long_line_takes_as_many_lines_as_it_is_folded_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    assert not is_longer_than_screen("x\n" * 23)
    assert is_longer_than_screen("x\n" * 24)
    assert is_longer_than_screen("x" * 80 * 24)
    assert not is_longer_than_screen("\x1b[1;31mx\x1b[0m" * 80 + "\n" + "日" * 40)


def test_no_pager_is_looked_for_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PAGER", "SUPPORTKIT_PAGER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert pager_of() == ""
    monkeypatch.setenv("SUPPORTKIT_PAGER", "")
    monkeypatch.setenv("PAGER", "less")
    assert pager_of() == ""
    assert page(b"", "exit 127") is False
    assert page(b"", "exit 1") is True


def test_who_waits_sees_a_bar_that_is_gone_before_the_result(folder: Path) -> None:
    slow = on_terminal(["nps", "--data", "surveys.csv"], folder, after="p.begin_waiting.__kwdefaults__['after'] = 0; ")
    bar, _, rest = slow.partition("Net promoter score")
    assert "━━━━━━" in bar
    assert "\x1b[K" in bar.rpartition("━")[2]
    assert "━" not in rest
    assert "━" not in on_terminal(["nps", "--data", "surveys.csv"], folder)  # which takes less than two seconds
    quiet = ["nps", "--data", "surveys.csv", "-q"]
    assert "━" not in on_terminal(quiet, folder, after="p.begin_waiting.__kwdefaults__['after'] = 0; ")


def test_a_message_takes_the_bar_away_first(capsys: pytest.CaptureFixture[str]) -> None:
    done: list[str] = []
    keep_waiting(lambda: done.append("clear"), lambda: done.append("end"))
    say("a")
    stop_waiting()
    say("b")
    assert done == ["clear", "end"]
    assert capsys.readouterr().err == "a\nb\n"


def test_the_bar_goes_to_and_fro() -> None:
    seen = [moving(0.2 * n + 0.1).index("━") for n in range(40)]
    assert (min(seen), max(seen), len({len(moving(second)) for second in range(60)})) == (0, 18, 1)
    assert max(abs(here - then) for here, then in pairwise(seen)) == 1


def test_a_load_has_a_bar_after_two_seconds_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supportkit.commands.progress.is_watched", lambda quiet: not quiet)
    drawn: list[str] = []

    class Bar:
        def __enter__(self) -> Bar:
            return self

        def __exit__(self, *error: object) -> None:
            drawn.append("over")

        def add_task(self, name: str, **more: object) -> int:
            drawn.append(name)
            return 0

        def update(self, task: int, **more: object) -> None:
            drawn.append(str(more["completed"]))

    clock = [100.0]
    monkeypatch.setattr("supportkit.commands.progress._bar", Bar)
    monkeypatch.setattr("supportkit.commands.progress.monotonic", lambda: clock[0])
    with progress_bar() as told:
        assert told is not None
        told("a.csv", 1, 9, 1)
        clock[0] += AFTER
        told("a.csv", 5, 9, 5)
    assert drawn == ["a.csv", "5", "over"]
    with progress_bar(quiet=True) as told:
        assert told is None
    assert time.monotonic() > 0
