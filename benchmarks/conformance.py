"""Which metrics Spark answers as DuckDB does: every query of a metric is run on both, and the rows are compared.

    python -m benchmarks conformance                    the table of what was compared
    python -m benchmarks conformance --only nps csat    compare these, and print what became of them
    python -m benchmarks conformance --stale --write    what asks other queries since; write what follows
    python -m benchmarks conformance --folders --write  whether folders of Parquet answer as files do, without Spark

The data are the samples and a generated shop; each metric is asked as it is, by country and month, and by channel
under a condition. Rows are compared in their order, numbers to nine digits. A metric is proved where every query of
each of these questions was translated and gave the same rows. What was compared stands in `conformance.jsonl`, a line
a metric, with a digest of every query in both engines' words: one that was equal is not run again. `--write` makes of
it the list of metrics that Spark is asked, the list of kinds of expressions that were in queries with equal rows (Spark
is asked nothing else, whatever options bring it), and the table in docs/scale.md. `--seconds` begins no metric after so
many, `--folder` keeps the rows for another run, `--anew` believes nothing of what was compared before.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from benchmarks.both_engines import OTHER_ROWS, Both
from supportkit.config import Config, read_config
from supportkit.errors import SupportkitError
from supportkit.metrics import METRICS
from supportkit.render.json import from_results
from supportkit.request import metric_parameters, read_request, run
from supportkit.store import Store, open_store
from supportkit.store.conditions import parse_conditions
from supportkit.store.engines.spark import COMPARED, HERE, PROVED, Spark

ROOT: Final = Path(__file__).parent.parent
SAMPLES: Final = ROOT / "data" / "samples"
CONFIG: Final = SAMPLES / "supportkit.toml"
RESULTS: Final = ROOT / "benchmarks" / "conformance.jsonl"
LISTS: Final = ROOT / "src" / "supportkit" / "store" / "engines"
PAGE: Final = ROOT / "docs" / "scale.md"
MASTER: Final = "local[2]"
BUSY: Final = 4.0
"""The load above which seconds are those of other programs: twice what `MASTER` makes itself."""
Question = tuple[dict[str, Any], tuple[str, ...]]
QUESTIONS: Final[tuple[Question, ...]] = (
    ({}, ()),
    ({"by": "country", "over": "month"}, ()),
    ({"by": "channel"}, ("country=DE",)),
)
BY_CATEGORY: Final = ("causes", "self-service")
"""What these say of topics stays on one machine, and their other questions are of categories."""
FORM: Final = "form"
"""In place of its value: a form of conversations of the shop that is asked, filled in."""
MORE: Final[dict[str, tuple[Question, ...]]] = {
    **dict.fromkeys(BY_CATEGORY, (({"by": "category"}, ()), ({"by": "category"}, ("country=DE",)))),
    "funnel": (
        ({"order": "strict"}, ()),
        ({"counts": True}, ()),
        ({"entry": "first", "over": "month"}, ()),
        ({"by": "country", "attribution": "last"}, ("country=DE",)),
    ),
    "ltv": (({"definition": "classic", "merge_days": True}, ()),),
    "quality-score": (({"form": FORM}, ()),),
}
"""What is asked of a metric besides, for options that make other queries."""
HEAD: Final = (
    "| metric | DuckDB, folder | Spark | different queries | seconds a query, DuckDB | Spark |\n"
    "|---|---|---|--:|--:|--:|"
)


@dataclass
class Verdict:
    """What became of a metric: its faults, how many questions were answered to the end, how many queries were compared,
    how many were run (the others had been), what either engine took for these, the kinds of expressions in queries with
    equal rows, the digests of all queries, of either shop, and how many are others since, and not compared yet."""

    name: str
    faults: list[str] = field(default_factory=list)
    answered: int = 0
    queries: int = 0
    run: int = 0
    seconds: list[float] = field(default_factory=lambda: [0.0, 0.0])
    kinds: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    since: int = 0
    folder: int = 0
    """How many questions a folder of Parquet answered with the bytes of the file."""
    unlike: list[str] = field(default_factory=list)
    """Those that it answered otherwise."""

    @property
    def of_folder(self) -> str:
        """In the cell of the folder."""
        return f"refused: {self.unlike[0]}" if self.unlike else "equal" if self.folder else "not compared"

    @property
    def is_proved(self) -> bool:
        """Whether a question at least was answered, and nothing was ever other than it should be."""
        return bool(self.answered and self.queries and not self.faults)

    @property
    def said(self) -> str:
        """In a cell."""
        if not self.is_proved:
            fault = self.faults[0] if self.faults else "no question was answered"
            fault = "a query gave other rows" if fault.startswith(OTHER_ROWS) else fault
            return f"refused: {fault}".replace("|", "/")
        told = "equal by category; topics stay on one machine" if self.name in BY_CATEGORY else "equal"
        return f"{told}, but for {self.since} newer queries, not compared yet" if self.since else told


@dataclass(frozen=True)
class Shop:
    """Rows in a file, in its folder and on Spark; without Spark where it is only seen what would be asked of it."""

    file: Store
    store: Store
    config: Config
    spark: Spark | None
    rows_are: str
    form: Path

    def given(self, options: dict[str, Any], known: Iterable[str]) -> dict[str, Any]:
        """Those of the options that a metric has, with what is of this shop."""
        return {name: self.form if value is FORM else value for name, value in options.items() if name in known}


@contextmanager
def shops(kept: Path | None, *, on_spark: bool) -> Iterator[list[Shop]]:
    """The samples and a generated shop, in a folder that is kept for another run, or is not."""
    with tempfile.TemporaryDirectory() as spare:
        found = []
        for folder, config, made_of in folders(kept or Path(spare)):
            file = replace(open_store(Path(f"{folder}.duckdb")), zone=config.data.time_zone)
            store = replace(open_store(Path(f"parquet:{folder}")), zone=config.data.time_zone)
            spark = open_store(Path(f"spark:{MASTER}?path={folder}")).engine if on_spark else None
            assert spark is None or isinstance(spark, Spark)
            rows_are = sha256(made_of).hexdigest()
            form = filled_in(store, config, Path(f"{folder}.csv"))
            found.append(Shop(file, store, config, replace(spark, compared=None) if spark else None, rows_are, form))
        yield found


def folders(place: Path) -> Iterator[tuple[Path, Config, bytes]]:
    """The samples and a generated shop as folders, each with its configuration and what its rows are made of; made
    where they are missing."""
    from benchmarks import scale
    from supportkit.cli import run as command
    from supportkit.store.parquet_export import write_parquet

    place.mkdir(parents=True, exist_ok=True)
    if not (place / "samples").exists():
        db = place / "samples.duckdb"
        words = ["load", str(SAMPLES), "--db", str(db), "--config", str(CONFIG), "-q"]
        assert command(words) == 0
        with open_store(db, folder=place) as store:
            write_parquet(store, place / "samples")
    made_of = b"".join(path.read_bytes() for path in sorted(SAMPLES.glob("*.csv")))
    yield place / "samples", read_config(CONFIG), made_of
    scale.make_places(place, 4_000, scale.TABLES, "month")
    (place / "shop.toml").write_text(scale.CONFIG, encoding="utf-8")
    yield place / "4000", read_config(place / "shop.toml"), json.dumps(scale.FILL).encode()


def filled_in(store: Store, config: Config, form: Path) -> Path:
    """A form of the conversations that are drawn, in which one reader says of each that it was solved."""
    drawn = run(store, read_request(METRICS["quality-sample"], {"criteria": ("solved",)}, config))
    names = [column.name for column in drawn.columns]
    with form.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, names)
        lines.writeheader()
        lines.writerows(dict(zip(names, row, strict=True)) | {"reader": "one", "solved": "yes"} for row in drawn.rows)
    return form


def try_on(shops: Iterable[Shop], name: str, known: set[str]) -> Verdict:
    """Ask a metric of both engines in every way that it can be asked, and run what is not known to be equal."""
    verdict, metric, kinds, asked = Verdict(name), METRICS[name], set[str](), set[str]()
    for shop in shops:
        instants: dict[str, list[str]] = {}
        for options, conditions in (*QUESTIONS, *MORE.get(name, ())):
            given = shop.given(options, metric_parameters(metric))
            both = Both(shop.store.engine, shop.spark, shop.rows_are, known=known, instants=instants)
            store = replace(shop.store, engine=both, _known_rows={}).filtered(parse_conditions(conditions))
            with suppress(SupportkitError):  # a shop without what a metric needs
                run(store, read_request(metric, given, shop.config))
                verdict.answered += 1
            verdict.faults += [fault for fault in dict.fromkeys(both.faults) if fault not in verdict.faults]
            verdict.queries += both.queries
            verdict.run += both.run
            verdict.seconds = [round(sum(pair), 3) for pair in zip(verdict.seconds, both.seconds, strict=True)]
            kinds |= both.kinds
            asked |= both.asked
    verdict.kinds = sorted(kinds)
    verdict.asked = sorted(asked)
    return verdict


def compare_folder(shops: Iterable[Shop], name: str) -> Verdict:
    """Ask a metric of the file and of its folder in every way that it can be asked; the answers are compared as JSON,
    and so are the errors where neither answers."""
    verdict, metric = Verdict(name), METRICS[name]
    for shop in shops:
        for options, conditions in (*QUESTIONS, *MORE.get(name, ())):
            given = shop.given(options, metric_parameters(metric))
            of_file, of_folder = (
                _answer(store.filtered(parse_conditions(conditions)), name, given, shop.config)
                for store in (shop.file, shop.store)
            )
            if of_file != of_folder:
                verdict.unlike.append(" ".join(map(str, (given, *conditions))))
            verdict.folder += of_file == of_folder and of_file.startswith("{")
    return verdict


def _answer(store: Store, name: str, given: dict[str, Any], config: Config) -> str:
    """What a store answers, as JSON, or the words of its error."""
    metric = METRICS[name]
    try:
        return from_results([run(store, read_request(metric, given, config))])
    except SupportkitError as error:
        return error.message


def newer(shops: Iterable[Shop], name: str, known: set[str]) -> int:
    """How many queries a metric asks that were not compared."""
    return len({*try_on(shops, name, set()).asked} - known)


def results() -> dict[str, Verdict]:
    """What was compared, in the order of metrics."""
    lines = RESULTS.read_text(encoding="utf-8").splitlines() if RESULTS.exists() else []
    found = {one["name"]: Verdict(**one) for one in map(json.loads, lines)}
    return {name: found[name] for name in METRICS if name in found}


def table(found: Iterable[Verdict]) -> str:
    """The table of metrics and engines, as Markdown."""
    by_name, lines = {one.name: one for one in found}, [HEAD]
    for name in METRICS:
        one = by_name.get(name, Verdict(name))
        if name in HERE:
            lines.append(f"| {name} | {one.of_folder} | stays on one machine | | | |")
        elif one.asked:
            each = [f"{seconds / one.run:.3g}" if one.run else "" for seconds in one.seconds]
            lines.append(f"| {name} | {one.of_folder} | {one.said} | {len(one.asked)} | {' | '.join(each)} |")
        else:
            lines.append(f"| {name} | {one.of_folder} | refused: not compared | | | |")
    return "\n".join(lines)


def write(tried: Iterable[Verdict], *, anew: bool = False, busy: bool = False) -> None:
    """Add what was tried to the results, without its seconds where others kept the machine busy, and make of them the
    two lists and the table of the page."""
    found = results()
    for one in tried:
        if busy:
            one.run, one.seconds = 0, [0.0, 0.0]
        earlier = found.get(one.name)
        if earlier is not None and not one.folder:
            one.folder, one.unlike = earlier.folder, earlier.unlike
        if earlier is not None and not anew:  # what a query takes is of all that were ever run
            one.run += earlier.run
            one.seconds = [round(sum(pair), 3) for pair in zip(one.seconds, earlier.seconds, strict=True)]
        found[one.name] = one
    lines = [json.dumps(asdict(found[name])) for name in METRICS if name in found]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for list_, words in lists(found.values()).items():
        (LISTS / list_).write_text("\n".join(words) + "\n", encoding="utf-8")
    before, after = page_around_table()
    PAGE.write_text(f"{before}{table(found.values())}{after}", encoding="utf-8")


def lists(found: Iterable[Verdict]) -> dict[str, list[str]]:
    """The words of the lists that the engine reads: metrics that are proved, and the kinds of expressions in those."""
    proved = [one for one in found if one.is_proved]
    return {
        PROVED: sorted(one.name for one in proved),
        COMPARED: sorted({kind for one in proved for kind in one.kinds}),
    }


def page_around_table() -> tuple[str, str]:
    """The page before its table of engines and after it."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition("| metric | DuckDB, folder | Spark |")
    _, _, after = rest.partition("\n\n")
    return before, f"\n\n{after}"


def compare_folders(kept: Path | None, *, write_them: bool) -> str | None:
    """Compare every metric's answers of a folder with those of the file; the fault where some are others."""
    before, unlike = results(), list[str]()
    with shops(kept, on_spark=False) as found:
        for name in METRICS:
            one = compare_folder(found, name)
            before[name] = replace(before.get(name, one), folder=one.folder, unlike=one.unlike)
            print(f"{name}: {one.of_folder}, {one.folder} answers", file=sys.stderr, flush=True)
            unlike += [name] if one.unlike else []
    if write_them:
        write(before.values(), anew=True)
    print(table(before.values()))
    return f"others from a folder: {', '.join(unlike)}" if unlike else None


def main() -> None:
    """Compare what is asked for, and print the table; write what follows where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    askable = [name for name in METRICS if name not in HERE]
    parser.add_argument("--only", nargs="+", choices=askable, default=())
    parser.add_argument("--stale", action="store_true", help="of these, or the proved, what asks other queries now")
    parser.add_argument("--anew", action="store_true", help="run what was equal, too")
    parser.add_argument("--folders", action="store_true", help="compare folders with files, and nothing with Spark")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    options = parser.parse_args()
    if options.folders:
        sys.exit(compare_folders(options.folder, write_them=options.write))
    end, before, tried = time.monotonic() + options.seconds, results(), list[Verdict]()
    proved = {name for name, one in before.items() if one.is_proved}
    known = set() if options.anew else {digest for name in proved for digest in before[name].asked}
    names = [name for name in askable if name in (options.only or (proved if options.stale else ()))]
    if options.stale and not options.anew:
        with shops(options.folder, on_spark=False) as found:
            since = {name: newer(found, name, known) for name in names if name in proved}
        names = [name for name in names if since.get(name, 1)]
        if options.write:
            write((replace(before[name], since=number) for name, number in since.items()), anew=True)
        print(f"to be compared: {', '.join(names) or 'nothing'}", file=sys.stderr, flush=True)
    if names:
        with shops(options.folder, on_spark=True) as found:
            for name in names:
                if time.monotonic() > end:
                    break
                tried.append(one := try_on(found, name, known))
                told = f"{one.run} of {one.queries} queries run, {one.seconds[1]:.0f} s on Spark"
                print(f"{name}: {one.said}, {told}", *one.faults[1:4], sep="\n  ", file=sys.stderr, flush=True)
                if options.write:
                    write([one], anew=options.anew, busy=os.getloadavg()[0] > BUSY)
    if options.write:
        write(())
    print(table((before | {one.name: one for one in tried}).values()))
    if lost := [one.name for one in tried if one.name in proved and not one.is_proved]:
        sys.exit(f"equal no more: {', '.join(lost)}")


if __name__ == "__main__":
    main()
