"""The commands that load and list data."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from supportkit.commands.completion import complete_source
from supportkit.commands.output import print_results, say
from supportkit.commands.shared_options import (
    SharedOptions,
    load_config,
    load_options,
    open_selected,
    refuse_filters,
    store_path,
)
from supportkit.errors import DataError, ExitCode, UsageError
from supportkit.render import Format
from supportkit.result import Result
from supportkit.store import listings
from supportkit.store.query_limits import QueryLimits


def load_command(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, globs, or - for stdin.")],
    db: Annotated[Path | None, typer.Option("--db", envvar="SUPPORTKIT_DB", readable=False, help="The store.")] = None,
    config: Annotated[Path | None, typer.Option("--config", help="The configuration.")] = None,
    table: Annotated[str | None, typer.Option("--as", help="The table the files hold.")] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", help="The vendor, or with --as a name of your own.", autocompletion=complete_source),
    ] = None,
    map_: Annotated[list[str] | None, typer.Option("--map", help="ours=theirs; repeatable.")] = None,
    value: Annotated[
        list[str] | None,
        typer.Option("--value", help="column:word=meaning, as status:storniert=cancelled; repeatable."),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(
            "--keep", help="Load only rows where this holds: Quantity>0 and Status!=test, over the headers; repeatable."
        ),
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option("--drop", help="A column of the file that is not loaded; repeatable.")
    ] = None,
    dates: Annotated[str | None, typer.Option("--dates", help="Order of day and month: dmy, mdy or ymd.")] = None,
    encoding: Annotated[str, typer.Option("--encoding", help="How letters are written: utf-8, cp1251 …")] = "",
    delimiter: Annotated[
        str, typer.Option("--delimiter", help="What stands between cells: one character, tab, blank or blanks.")
    ] = "",
    quote: Annotated[str, typer.Option("--quote", help="What stands around texts: one character, or none.")] = "",
    header: Annotated[
        int | None, typer.Option("--header", help="The line that the header stands on; 0: there is none.")
    ] = None,
    skip: Annotated[int, typer.Option("--skip", help="Lines at the beginning that are no part of the table.")] = 0,
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet", help="The sheet of a workbook, table of a database or list of a JSON file: its name or number."
        ),
    ] = None,
    with_: Annotated[
        list[str] | None,
        typer.Option(
            "--with", help='Look up or add up columns of another file: "payments.csv on order_id"; repeatable.'
        ),
    ] = None,
    beside: Annotated[
        bool, typer.Option("--beside", help="Keep what the file brought to other tables when it was loaded before.")
    ] = False,
    move_ids: Annotated[
        bool, typer.Option("--move-ids", help="Let most rows of a file have other ids than under its last map.")
    ] = False,
    keep_loads: Annotated[
        int, typer.Option("--keep-loads", min=1, max=100, help="How many loads can be undone afterwards.")
    ] = 1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")] = False,
    form: Annotated[
        Format | None,
        typer.Option("--format", "-f", metavar="FORMAT", help="Print the books of each file in this format."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Load nothing, and exit 3, when a row is rejected or a word unknown.")
    ] = False,
    max_rejects: Annotated[
        int | None, typer.Option("--max-rejects", min=0, help="Load nothing, and exit 3, above this many.")
    ] = None,
    guess: Annotated[
        bool,
        typer.Option("--guess", help="Load a file of no known vendor as it is guessed, where nothing is in doubt."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing when all went well.")] = False,
) -> None:
    """Load exported files into the store."""
    from supportkit.exports.meanings.users_words import both, given
    from supportkit.exports.reading.writing import writing

    files = [Path(path) for path in paths]
    shared = SharedOptions(db=db, data=tuple(files), config=config, format=form, quiet=quiet)
    settings = load_config(shared)
    store = store_path(shared, settings, "load")
    options = load_options(
        settings, table=table, source=source, map=listings.parse_maps(map_ or ()), keep=tuple(keep or ()), dates=dates
    )
    said = given(value or ())
    options = replace(
        options,
        values=both(options.values, said),
        beside=beside,
        move_ids=move_ids,
        with_files=tuple(with_ or ()),
        guess=guess,
        writing=writing(encoding, delimiter, quote, header, skip),
        drop=tuple(drop or ()),
        sheet=sheet,
    )
    from supportkit.commands.guesses import words_said
    from supportkit.commands.load_outcome import books, books_of_refused, refuse_nothing_loaded, tell_outcome
    from supportkit.commands.unknown_files import guessing

    again = words_said(
        {
            "--db": None if str(db) == os.environ.get("SUPPORTKIT_DB") else db,
            "--config": config,
            "--as": table,
            "--source": source,
            "--map": map_,
            "--value": value,
            "--keep": keep,
            "--drop": drop,
            "--dates": dates,
            "--encoding": encoding,
            "--delimiter": delimiter,
            "--quote": quote,
            "--header": None if header is None else str(header),
            "--skip": skip,
            "--sheet": sheet,
            "--with": with_,
        }
    )

    def refused(error: DataError) -> None:
        if form is not None and not dry_run:
            print_results([books_of_refused(paths, error)], shared)

    with guessing(files, options, shared, again, refused=refused):
        if dry_run:
            from supportkit.commands.export_listings import previews
            from supportkit.exports.into_store import refuse_as_load

            refuse_as_load(store, options.privacy)
            print_results(previews(files, options), shared)
            return
        from supportkit.commands.progress import progress_bar
        from supportkit.exports.into_store import Tolerance, load_into

        limit = 0 if strict else max_rejects
        tolerance = Tolerance(
            limit, not strict, "--strict allows none" if strict else f"--max-rejects is {max_rejects}", not strict
        )
        with progress_bar(quiet=quiet) as progress:
            options = replace(options, progress=progress)
            outcome = load_into(store, files, options, tolerance, keep_loads=keep_loads)
    tell_outcome(outcome, said, quiet=quiet, where=f" --db {shlex.quote(again[1])}" if "--db" in again[:1] else "")
    if form is not None:
        print_results([books(outcome)], shared)
    if not quiet:
        from supportkit.store import open_store
        from supportkit.store.read_before import read_before

        with open_store(store) as opened:
            for sentence in read_before(opened):
                say(sentence)
    refuse_nothing_loaded(outcome)


def sources_command(shared: SharedOptions) -> None:
    """The vendors whose exports are recognised."""
    refuse_filters(shared)
    from supportkit.commands.export_listings import known_sources

    print_results([known_sources()], shared)


def tables_command(
    shared: SharedOptions,
    columns: Annotated[bool, typer.Option("--columns", help="The columns instead, which --by takes.")] = False,
) -> None:
    """What is loaded, from which file, until when."""
    if columns:
        from supportkit.store.column_listing import columns as of_tables

        _listing(of_tables, shared)
        return
    _listing(listings.tables, shared)


def history_command(shared: SharedOptions) -> None:
    """What was loaded when: file, reading, rows, what they replaced."""
    from supportkit.store.load_history import history

    _listing(history, shared)


def rejects_command(shared: SharedOptions) -> None:
    """What was refused, where and why."""
    from supportkit.store.rejected import rejects

    _listing(rejects, shared)


def sql_command(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="One select statement.")],
    shared: SharedOptions,
    timeout: Annotated[str, typer.Option("--timeout", help="How long it may take.")] = "60s",
    memory: Annotated[int, typer.Option("--memory", min=100, help="How many megabytes it may take.")] = 2_000,
) -> None:
    """Query the store, read-only."""
    from supportkit.period import parse_duration
    from supportkit.system.machine import unbounded

    if not shared.quiet and (told := unbounded()):
        say(told)
    try:
        seconds = parse_duration(timeout).total_seconds()
    except ValueError as error:
        raise UsageError(f"--timeout: {error}") from error
    bounds = QueryLimits(seconds, memory, end=_give_up)
    _listing(lambda store: listings.query_rows(store, query, bounds), shared)


def _give_up(error: DataError | None) -> None:
    """End a process whose query does not stop; nothing of it has been printed, and nothing is written."""
    say(f"error: {error.message}\nhint: {error.hint}" if error else "interrupted")
    sys.stderr.flush()
    os._exit(error.exit_code if error else ExitCode.INTERRUPTED)


def export_command(
    shared: SharedOptions,
    parquet: Annotated[
        str | None, typer.Option("--parquet", metavar="FOLDER", help="The folder to write the tables to.")
    ] = None,
    partition: Annotated[
        str, typer.Option("--partition", help="Cut the files by month, or month,hash=64: by person too.")
    ] = "",
    results: Annotated[
        Path | None,
        typer.Option("--results", help="The file to write the figures of all metrics to: .parquet, .csv, .jsonl …"),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", help="With --results: split every metric that has the column.", show_default=False),
    ] = None,
    over: Annotated[
        Literal["day", "week", "month"] | None,
        typer.Option("--over", help="With --results: a row a period, of metrics that have them.", show_default=False),
    ] = None,
) -> None:
    """Write every table as Parquet files, anew only those whose rows changed, or the figures of all metrics."""
    if (parquet is None) == (results is None):
        raise UsageError("export takes --parquet FOLDER or --results FILE", hint="supportkit export --results all.csv")
    if results is not None:
        from supportkit.commands.export_results import export_results

        export_results(results, by, over, shared)
        return
    from supportkit.store.address import at_home
    from supportkit.store.parquet_export import write_parquet
    from supportkit.store.parquet_partitions import partitioning

    assert parquet is not None
    if by or over:
        raise UsageError("--by and --over go with --results", hint="leave them out")
    refuse_filters(shared)
    if not parquet.strip():
        raise UsageError("--parquet: names no folder", hint="supportkit export --parquet FOLDER")
    folder = at_home(parquet)
    with open_selected(shared, load_config(shared), (), folder=folder) as store:
        print_results([write_parquet(store, folder, partitioning(partition))], shared)


def init_command(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")] = Path("supportkit.toml"),
    from_: Annotated[
        list[Path] | None,
        typer.Option(
            "--from", help="An export of no known vendor: its columns as guessed are written down; repeatable."
        ),
    ] = None,
    table: Annotated[str | None, typer.Option("--as", help="The table that --from holds.")] = None,
    map_: Annotated[list[str] | None, typer.Option("--map", help="ours=theirs, of --from; repeatable.")] = None,
) -> None:
    """Write a commented supportkit.toml."""
    from supportkit.configuration.template import TEMPLATE
    from supportkit.system.atomic_files import write_text

    if from_:
        from supportkit.commands.guessed_columns import write_columns
        from supportkit.commands.guesses import words_said
        from supportkit.commands.unknown_files import guessing
        from supportkit.exports import LoadOptions

        options = LoadOptions(table=table, map=listings.parse_maps(map_ or ()))
        said = words_said({"--as": table, "--map": map_})
        with guessing(from_, options, SharedOptions(), said, command=("init", str(path), "--from")):
            write_columns(path, from_, options)
        return
    if os.path.lexists(path):
        raise UsageError(f"{path}: is there already", hint="remove it first, or name another file")
    write_text(path, TEMPLATE)
    say(f"wrote {path}")


def _listing(make: Callable[[Any], Result], shared: SharedOptions) -> None:
    refuse_filters(shared, hint="write it into supportkit sql 'select …'")
    with open_selected(shared, load_config(shared), ()) as store:
        print_results([make(store)], shared)
