"""What is written to files obeys the umask, what is shown on a terminal cannot drive it, and Ctrl-C is quiet."""

from __future__ import annotations

import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from supportkit.cli import run as run_here
from supportkit.exports import LoadOptions, load
from supportkit.exports.masking.pseudonyms import Key
from supportkit.render import Display, render
from supportkit.result import Result, detail
from supportkit.store import memory_store

TICKETS = "ticket_id,created_at,subject\nT1,2026-01-01,hello\n"
HOSTILE = ("\x1b[2J", "\x1b]52;c;YQ==\x07", "\x9b31m", "a\x00b", "\x7f", "\u202eabc", "\u2028")


def run(words: list[str], folder: Path, umask: int, **more: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **more}
    return subprocess.run(
        [sys.executable, "-m", "supportkit", *words], cwd=folder, env=environment, capture_output=True, umask=umask
    )


@pytest.mark.parametrize(("umask", "mode"), [(0o077, 0o600), (0o027, 0o640), (0o022, 0o644)])
def test_an_output_obeys_the_umask(umask: int, mode: int, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(TICKETS)
    done = run(["service", "--data", "tickets.csv", "--output", "out.json"], tmp_path, umask)
    assert (tmp_path / "out.json").exists(), done.stderr
    assert stat.S_IMODE((tmp_path / "out.json").stat().st_mode) == mode


def test_an_output_that_takes_the_place_of_a_file_has_its_mode(tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(TICKETS)
    (tmp_path / "out.json").write_text("{}")
    (tmp_path / "out.json").chmod(0o640)
    run(["service", "--data", "tickets.csv", "--output", "out.json"], tmp_path, 0o022)
    assert stat.S_IMODE((tmp_path / "out.json").stat().st_mode) == 0o640


def hostile() -> Result:
    columns, rows = (detail("cell", "text"),), tuple((cell,) for cell in HOSTILE)
    return Result(metric="sql", title="Query", definition="", columns=columns, rows=rows)


def test_csv_on_a_terminal_shows_escapes_and_in_a_pipe_every_byte_stays() -> None:
    shown = render([hostile()], "csv", Display(80))
    assert [line for line in shown.splitlines() if "[2J" in line] == ["\\x1b[2J"]
    assert not [sign for sign in shown if not sign.isprintable() and sign != "\n"]
    piped = render([hostile()], "csv")
    assert all(cell.replace("\x00", "") in piped for cell in HOSTILE)


def test_a_command_on_a_terminal_shows_them_too(tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(TICKETS.replace("hello", "a\x1b[2Jb"))
    master, slave = pty.openpty()
    query = "select subject from tickets"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-m", "supportkit", "sql", query, "--data", "tickets.csv", "--format", "csv"]
    with subprocess.Popen(words, cwd=tmp_path, env=environment, stdout=slave, stderr=subprocess.DEVNULL):
        os.close(slave)
        seen = b""
        while b"2Jb" not in seen and (more := os.read(master, 4096)):
            seen += more
    os.close(master)
    assert b"a\\x1b[2Jb" in seen


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("anna.berg@example.com.csv", "[EMAIL].csv"),
        ("export for anna@x.de 2026-11.csv", "export for [EMAIL] 2026-11.csv"),
        ("tickets-20261101-123456.csv", "tickets-20261101-123456.csv"),
        ("anna.berg%40example.com.csv", "[EMAIL].csv"),
    ],
)
def test_the_name_of_a_file_is_stored_without_the_e_mail_in_it(name: str, stored: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(TICKETS + "T2,never,x\n")
    with memory_store() as store:
        (done,) = load(store, [tmp_path / name], LoadOptions(key=Key(bytes(32))))
        found = store.connection.execute(
            "select file from loads union all select source_file from tickets union all select file from rejects"
        ).fetchall()
    assert {done.file, *(file for (file,) in found)} == {stored}


def test_what_a_file_would_be_loaded_as_is_told_without_the_e_mail_in_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known, guessed, neither = (tmp_path / f"{name}.anna@example.com.csv" for name in ("a", "b", "c"))
    known.write_text(TICKETS)
    guessed.write_text("Ticket,Opened\n1,2026-01-01 10:00:00\n2,2026-01-02 10:00:00\n")
    neither.write_text("a;b\n1;2\n")
    run_here(["load", str(known), "--dry-run"])
    assert capsys.readouterr().out.startswith("[EMAIL].csv: tickets")
    for path in (guessed, neither):
        run_here(["load", str(path)])
        assert capsys.readouterr().out.startswith("[EMAIL].csv: ")


def test_no_module_loads_before_ctrl_c_is_quiet() -> None:
    seen = "import sys; before = set(sys.modules); import supportkit.__main__; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"__future__", "gc", "supportkit", "supportkit.__main__"}


def test_ctrl_c_while_modules_load_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(30)\n")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", "from supportkit.__main__ import start; start()", "--help"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"interrupted\n")
