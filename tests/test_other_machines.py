"""What other systems lack is not needed to import the package, nor to load, ask and go back.

The tests run where fcntl and resource exist, and take them away: a run on Windows or macOS they are not.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from supportkit.exports.reading import spools
from supportkit.system import machine
from supportkit.system.locks import let_go, take
from tests.test_layers import MODULES

BLOCKED: Final = "import sys; sys.modules['fcntl'] = sys.modules['resource'] = None; "
LACKING: Final = """
import builtins, os, sys
for name in ("getuid geteuid O_NOFOLLOW O_CLOEXEC O_NONBLOCK O_DIRECT pread preadv pwrite copy_file_range fchmod"
             " posix_fadvise").split():
    if hasattr(os, name):
        delattr(os, name)
plain = builtins.__import__
def ours_have_none(name, globals=None, *others):
    if name in ("fcntl", "resource", "pwd", "grp") and str((globals or {}).get("__name__")).startswith("supportkit"):
        raise ImportError(name)
    return plain(name, globals, *others)
builtins.__import__ = ours_have_none
import supportkit.system.machine as machine
machine.user_name = lambda: "ann"
machine.is_private = lambda found: True
import supportkit.exports.reading.spools as spools
spools._OPEN_FILES = None
from supportkit.cli import run
sys.exit(run(sys.argv[1:]))
"""


def python(code: str, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *words], cwd=folder, capture_output=True, text=True, check=False
    )


def test_every_module_is_imported_without_fcntl_and_resource(tmp_path: Path) -> None:
    names = [name for name in MODULES if not name.endswith("__main__")]
    told = "import importlib; [importlib.import_module(name) for name in sys.argv[1:]]; print(len(sys.argv) - 1)"
    done = python(BLOCKED + told, *names, folder=tmp_path)
    assert (done.stdout, done.stderr) == (f"{len(names)}\n", "")
    assert len(names) > 400


def test_a_command_runs_without_fcntl_and_resource(samples: Path, tmp_path: Path) -> None:
    run = "from supportkit.cli import run; sys.exit(run(sys.argv[1:]))"
    done = python(BLOCKED + run, "nps", "--data", str(samples), "-f", "csv", "-q", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("nps,")


def test_without_what_posix_has_files_are_loaded_asked_and_given_back(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(
        "order_id,ordered_at,customer_id,amount\n1,2026-01-02,a,10\n2,2026-01-03,b,x\n"
    )
    packed = gzip.compress(b"order_id;ordered_at;customer_id;amount\n3;2026-01-04;c;\xd1\x8f\n4;2026-01-05;d;5\n")
    (tmp_path / "more.csv.gz").write_bytes(packed)
    called = [
        python(LACKING, *words.split(), folder=tmp_path)
        for words in (
            "load orders.csv --as orders --source shop",
            "load more.csv.gz --as orders --source shop",
            "ltv --format csv -q",
            "rejects -f csv -q",
            "undo",
            "tables -f csv -q",
        )
    ]
    first, second, worth, refused, back, tables = called
    assert [one.returncode for one in called] == [0] * 6, "\n".join(one.stderr for one in called)
    assert "1,2" in worth.stdout or worth.stdout.count("\n") >= 2
    assert refused.stdout.count("\n") == 3  # the header, and a row of each file
    assert "more.csv.gz" in back.stderr + back.stdout
    assert "orders.csv" in tables.stdout
    assert "more.csv.gz" not in tables.stdout
    assert "Traceback" not in first.stderr + second.stderr


def test_what_a_system_cannot_bound_is_said_beside_a_query(samples: Path, tmp_path: Path) -> None:
    for known, told in (("", False), ("m._PAGES = m.Path('/nowhere'); ", True)):
        code = f"import sys; import supportkit.system.machine as m; {known}"
        code += "from supportkit.cli import run; sys.exit(run(sys.argv[1:]))"
        done = python(code, "sql", "select 1 as one", "--data", str(samples / "surveys.csv"), folder=tmp_path)
        assert (done.returncode, done.stdout.split()[-1] != "") == (0, True)
        assert ("does not bound the memory" in done.stderr) is (told or sys.platform != "linux"), done.stderr


def test_a_reader_stands_where_it_stood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"0123456789")
    monkeypatch.delattr("os.pread", raising=False)
    with (tmp_path / "a").open("rb") as file:
        file.read(2)
        assert machine.read_at(file, 5, 3) == b"567"
        assert file.read(2) == b"23"


def test_a_file_with_a_name_is_gone_after_its_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spools, "_OPEN_FILES", None)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with spools.spool() as file:
        file.write(b"rows")
        file.flush()
        assert Path(spools.path_of(file)).read_bytes() == b"rows"
    assert list(tmp_path.iterdir()) == []


def test_a_lock_is_waited_for_and_not_longer_than_said(tmp_path: Path) -> None:
    place = tmp_path / "one.lock"
    held = take(place)
    with pytest.raises(BlockingIOError, match="another process holds it"):
        take(place, wait=0.1)
    let_go(held, remove=place)
    assert not place.exists()
    let_go(take(place))
    assert place.exists()
