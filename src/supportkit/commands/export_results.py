"""`export --results FILE`: the figures of all metrics, in the format of the file's suffix."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from supportkit.commands.output import formatted, print_results, say
from supportkit.commands.shared_options import SUFFIXES, SharedOptions, load_config, open_selected, period_of
from supportkit.errors import DataError, UsageError
from supportkit.render import for_programs
from supportkit.result import Result, count, detail, key

KINDS: Final = ".parquet, .csv, .tsv, .jsonl, .json or .xlsx"


def export_results(file: Path, by: str | None, over: str | None, shared: SharedOptions) -> None:
    """Write the file, and print how many figures of each metric are in it.

    Raises UsageError for a suffix that is no table's, DataError where no metric has data.
    """
    form = SUFFIXES.get(file.suffix.lower(), "")
    if form in ("svg", "png") or not (form == "xlsx" or (form and for_programs(form))):
        raise UsageError(f"--results {file}: is no file of rows", hint=f"name a file that ends in {KINDS}")
    from supportkit.explaining.long_table import Split, long_table
    from supportkit.request import Answers
    from supportkit.system.atomic_files import write_bytes

    config = load_config(shared)
    with open_selected(shared, config, ()) as store:
        period, told = period_of(shared, store.zone)
        if told and not shared.quiet:
            say(told)
        table = long_table(Answers(store, config), period, Split(by, over))
    if not table.rows:
        raise DataError("no metric has data", hint="; ".join(table.notes))
    write_bytes(file, formatted([table], replace(shared, format=form, output=file)))
    print_results([_summary(table, file)], shared)


def _summary(table: Result, file: Path) -> Result:
    """How many figures of each metric the file has."""
    numbers: dict[str, int] = {}
    for row in table.rows:
        numbers[str(row[0])] = numbers.get(str(row[0]), 0) + 1
    return Result(
        "export",
        f"{len(table.rows):,} figures in {file}",
        table.definition,
        (key("metric"), count("figures"), detail("file", "text", aside=True)),
        tuple((metric, number, str(file)) for metric, number in numbers.items()),
        notes=table.notes,
        scope=table.scope,
    )
