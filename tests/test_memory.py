"""What a command that reads may hold in memory, and what it says when that does not suffice."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from supportkit.errors import DataError
from supportkit.store import Store, open_store, opening
from supportkit.store.engines.duck import Duck
from supportkit.store.file_errors import damaged, file_error
from supportkit.store.shadow_copy import not_writable, rewriting
from supportkit.store.shortage import is_shortage
from tests.conftest import Call

LIMIT = "select parse_formatted_bytes(current_setting('memory_limit'))"


@pytest.fixture
def store_file(tmp_path: Path) -> Path:
    path = tmp_path / "a.duckdb"
    with rewriting(path):
        pass
    return path


def test_reading_holds_no_more_than_its_limit(store_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "READING_MEMORY", 300_000_000)
    with open_store(store_file) as store:
        assert 299_000_000 < store.rows(LIMIT)[0][0] <= 300_000_000


def test_a_small_machine_keeps_the_limit_that_fits_it(store_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opening.connect(None) as plain:
        (granted,) = plain.execute(LIMIT).fetchone() or (0,)
    monkeypatch.setattr(opening, "READING_MEMORY", granted + 1)
    with open_store(store_file) as store:
        assert store.rows(LIMIT)[0][0] == granted


def test_without_a_folder_to_spill_into_the_memory_is_not_cut(
    store_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_spill_folder", lambda: "")
    monkeypatch.setattr(opening, "READING_MEMORY", 1_000_000)
    with open_store(store_file) as store:
        assert store.rows(LIMIT)[0][0] > 1_000_000


def test_too_little_memory_is_said_in_words(store_file: Path) -> None:
    connection = opening.connect(store_file, memory_limit="20MB", max_temp_directory_size="1MB")
    store = Store(Duck(connection), store_file)
    with pytest.raises(DataError, match="memory does not suffice") as error, store:
        store.rows("select count(*) from (select hash(range) as h from range(5000000) order by h limit 4999999)")
    assert "--counts" in error.value.hint


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        RuntimeError("can't start new thread"),
        ImportError("numpy cannot be loaded\n\nlibopenblas.so: failed to map segment from shared object"),
        duckdb.OutOfMemoryException("Out of Memory Error: Allocation failure"),
        duckdb.IOException("IO Error: Could not read from file: Cannot allocate memory"),
        duckdb.FatalException("FATAL Error: database has been invalidated: Out of Memory Error: bad allocation"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whoever_lacks_memory_the_store_is_not_called_damaged(error: Exception) -> None:
    assert is_shortage(error)
    for told in (damaged(Path("a.duckdb"), error), file_error(Path("a.duckdb"), error), not_writable(Path("a"), error)):
        assert told.message.startswith("the memory does not suffice")
        assert "undo" not in told.hint
        assert "ulimit" in told.hint


@pytest.mark.parametrize(
    "error",
    [
        duckdb.IOException("IO Error: Could not read enough bytes from file: attempted to read 262144 bytes"),
        duckdb.ConversionException("Conversion Error: Could not convert string 'Out of Memory' to INT64"),
        ValueError("bad allocation of agents"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_words_on_memory_in_the_data_are_no_lack_of_it(error: Exception) -> None:
    assert not is_shortage(error)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process by RLIMIT_AS")
@pytest.mark.parametrize("megabytes", [150, 250, 400, 600, 900])
@pytest.mark.parametrize("command", ["tables", "service", "load", "sql"])
def test_a_process_without_memory_says_that_or_does_its_work(command: str, megabytes: int, tmp_path: Path) -> None:
    """Below some limit a library may end the process itself (glibc, OpenBLAS), and says so too."""
    text = "ticket_id,created_at,first_reply_at,channel,subject\n"
    days = [f"2026-03-0{n}T" for n in range(1, 10)]
    text += "".join(f"t{n},{days[n % 9]}08:00Z,{days[n % 9]}09:00Z,chat,where is parcel {n}\n" for n in range(2_000))
    (tmp_path / "tickets.csv").write_text(text, encoding="utf-8")
    db = tmp_path / "a.duckdb"
    words = {
        "tables": ["tables"],
        "service": ["service", "--by", "subject", "--format", "csv"],
        "load": ["load", str(tmp_path / "tickets.csv")],
        "sql": ["sql", "select subject, list(ticket_id) from tickets group by 1"],
    }[command]
    run = [sys.executable, "-m", "supportkit"]
    subprocess.run([*run, "load", str(tmp_path / "tickets.csv"), "--db", str(db)], check=True, capture_output=True)
    limit = f"import resource, os; resource.setrlimit(resource.RLIMIT_AS, ({megabytes << 20},) * 2);"
    limited = [sys.executable, "-c", f"{limit} os.execv({sys.executable!r}, {[*run, *words, '--db', str(db)]!r})"]
    done = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert "damaged" not in done.stderr
    assert "undo" not in done.stderr
    assert "a bug in supportkit" not in done.stderr
    assert done.returncode == 0 or "emory" in done.stderr


@pytest.mark.parametrize("code", [0, 1, 130])
def test_a_library_that_ends_the_process_for_lack_of_memory_is_no_failed_check(code: int) -> None:
    speaks = "from supportkit.system.scarce_memory import speak_for_libraries; speak_for_libraries(); "
    ends = f"import ctypes; ctypes.CDLL(None).exit({code})"
    done = subprocess.run([sys.executable, "-c", speaks + ends], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()[0]) == (3, "error: the memory does not suffice")


@pytest.mark.parametrize("code", [0, 1, 3])
def test_a_command_ends_with_its_own_code_where_memory_is_limited(code: int) -> None:
    speaks = "from supportkit.system.scarce_memory import leave, speak_for_libraries; speak_for_libraries(); "
    done = subprocess.run([sys.executable, "-c", f"{speaks}leave({code})"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (code, b"")


WATCHED = "import os, signal, time; from supportkit.system.scarce_memory import watched; watched(); "


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process by RLIMIT_AS")
@pytest.mark.parametrize("end", ["os._exit(127)", "os.abort()", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_what_ends_the_process_without_a_word_where_memory_is_limited_is_told_as_that(end: str) -> None:
    done = subprocess.run([sys.executable, "-c", WATCHED + end], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()[0]) == (3, "error: the memory does not suffice")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process by RLIMIT_AS")
@pytest.mark.parametrize(("asked", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_command_that_is_watched_is_asked_by_signals_as_any_other(asked: signal.Signals, code: int) -> None:
    waits = "signal.signal(signal.SIGINT, lambda *_: os._exit(130)); print('begun', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", WATCHED + waits], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "begun\n"
        running.send_signal(asked)
        assert running.wait(20) == code


def test_a_query_that_finds_no_memory_is_told_what_needs_less(
    store_file: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")  # what Python says where its stack finds no room

    monkeypatch.setattr(threading.Thread, "start", start)
    code, _, told = supportkit("sql", "select 1", "--db", store_file)
    assert code == 3
    assert "hint: select fewer columns and rows, or group them; or close other programs" in told
    assert "--period" not in told
