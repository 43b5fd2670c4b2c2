"""What tests share: the samples, real data where it is there, and the command line called in this process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from supportkit.cli import run
from supportkit.exports import LoadOptions, load
from supportkit.store import Store, memory_store
from tests.computing import ReportOf, ResultOf, reports, results

os.environ.setdefault("SUPPORTKIT_KEY", "the key of the tests")
SAMPLES = Path(__file__).parent.parent / "data" / "samples"
CONFIG = SAMPLES / "supportkit.toml"

Call = Callable[..., tuple[int, str, str]]
Words = tuple[str, ...]


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of the bundled samples."""
    return SAMPLES


@contextmanager
def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Iterator[Path]:
    """A store for all tests to read, made by the first process that needs it. No test may change it."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    db, made = folder / f"{name}.duckdb", folder / "made"
    with FileLock(folder / "making.lock"):
        if not made.exists():
            make(db)
            made.touch()
    before = db.stat()
    yield db
    after = db.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns), f"a test has changed {name}"
    assert not list(folder.glob("*.checks.json")), f"a test has let checks remember beside {name}: give --history"


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store of the samples; a test reads the files themselves (`--data`) only where that is what it tests."""

    def make(db: Path) -> None:
        assert run(["load", str(SAMPLES), "--db", str(db), "--config", str(CONFIG), "-q"]) == 0

    with made_once(tmp_path_factory, "samples", make) as db:
        yield db


@pytest.fixture(scope="session")
def stored(sample_store: Path) -> Words:
    """The words of a command that reads the samples out of their store, under their configuration."""
    return ("--db", str(sample_store), "--config", str(CONFIG))


@pytest.fixture(scope="session")
def stored_with_topics(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Words]:
    """The same where the store has kept its topics, so that no command has to find them anew."""

    def make(db: Path) -> None:
        shutil.copyfile(sample_store, db)
        assert run(["topics", "refresh", "--db", str(db), "--config", str(CONFIG), "-q"]) == 0

    with made_once(tmp_path_factory, "samples_with_topics", make) as db:
        yield ("--db", str(db), "--config", str(CONFIG))


@pytest.fixture(scope="session")
def result_of(sample_store: Path) -> Iterator[ResultOf]:
    """The result of a metric over the samples, computed once: `result_of("nps")`."""
    with results(sample_store, CONFIG) as result_of:
        yield result_of


@pytest.fixture(scope="session")
def report_of(sample_store: Path) -> Iterator[ReportOf]:
    """The report on the samples for an audience, computed once: `report_of("head", "2026-W45", "ru")`."""
    with reports(sample_store, CONFIG) as report_of:
        yield report_of


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real data named by SUPPORTKIT_REAL; the test is skipped where there is none."""
    folder = os.environ.get("SUPPORTKIT_REAL")
    if not folder or not Path(folder).is_dir():
        pytest.skip("real data is not here: SUPPORTKIT_REAL names no folder")
    return Path(folder)


@pytest.fixture
def supportkit(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call the command line: returns the exit code, stdout and stderr."""
    monkeypatch.delenv("SUPPORTKIT_DB", raising=False)

    def call(*words: str | Path) -> tuple[int, str, str]:
        capfdbinary.readouterr()
        code = run([str(word) for word in words])
        out, err = capfdbinary.readouterr()
        return int(code), out.decode(), err.decode()

    return call


StoreOf = Callable[..., Path]


@pytest.fixture(scope="session")
def store_of(tmp_path_factory: pytest.TempPathFactory) -> StoreOf:
    """A store at a path, by loading files of these texts one load after the other: `store_of(db, {"orders.csv": …})`.

    What several tests begin with is loaded once; each has a copy of its own, with the file before the last load.
    """
    folder, made = tmp_path_factory.mktemp("store_of"), dict[str, Path]()

    def make(db: Path, *loads: Mapping[str, str]) -> Path:
        asked = repr(loads)
        if asked not in made:
            place = folder / str(len(made))
            for files in loads:
                shutil.rmtree(place / "exports", ignore_errors=True)
                (place / "exports").mkdir(parents=True)
                for name, text in files.items():
                    (place / "exports" / name).write_text(text, encoding="utf-8")
                assert run(["load", str(place / "exports"), "--db", str(place / "store.duckdb"), "-q"]) == 0
            made[asked] = place / "store.duckdb"
        for suffix in ("", ".prev"):
            if os.path.exists(f"{made[asked]}{suffix}"):
                shutil.copy(f"{made[asked]}{suffix}", f"{db}{suffix}")
        return db

    return make


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Callable[..., Store]]:
    """Make a store in memory from tables written in the test: `shop(surveys=\"\"\"kind,score,…\"\"\")`."""
    with shops(tmp_path) as make:
        yield make


@contextmanager
def shops(place: Path) -> Iterator[Callable[..., Store]]:
    """The same for a fixture that serves several tests."""
    opened: list[Store] = []

    def make(zone: str = "UTC", currency: str | None = None, **tables: str) -> Store:
        folder = place / f"shop{len(opened)}"
        folder.mkdir()
        for name, text in tables.items():
            lines = (line.strip() for line in text.strip().splitlines())
            (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        store = memory_store()
        opened.append(store)
        if tables:
            load(store, [folder], LoadOptions(zone=zone, currency=currency))
        from dataclasses import replace

        return replace(store, zone=zone, currency=currency)

    try:
        yield make
    finally:
        for store in opened:
            store.close()
