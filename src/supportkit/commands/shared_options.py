"""What the shared options come to: the configuration, an open store, the period, and where output goes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from supportkit.commands.config_file import comes_with, find_beside, find_config
from supportkit.commands.messages import say, speak_as_configured
from supportkit.errors import DataError, UsageError, unknown
from supportkit.period import Period, between, check_year, local_day, parse_period, relative_in_words
from supportkit.render import FORMATS, Format
from supportkit.system.frozen import dataclass

if TYPE_CHECKING:
    from supportkit.config import Config
    from supportkit.exports.masking.pseudonyms import Key
    from supportkit.store import Store

DEFAULT_DB: Final = "supportkit.duckdb"
SUFFIXES: Final = {suffix: form for form, suffixes in FORMATS.items() for suffix in suffixes}


@dataclass(frozen=True)
class SharedOptions:
    """The options that every reading command has, as given."""

    db: Path | None = None
    data: tuple[Path, ...] = ()
    config: Path | None = None
    period: str | None = None
    since: str | None = None
    until: str | None = None
    as_of: str | None = None
    where: tuple[str, ...] = ()
    format: Format | None = None
    output: Path | None = None
    quiet: bool = False
    verbose: bool = False
    no_pager: bool = False
    lang: str | None = None

    def form(self) -> Format:
        """The output format: as asked, else by the suffix of --output, else a table. Raises UsageError."""
        if self.format is not None:
            return self.format
        suffix = self.output.suffix.lower() if self.output else ""
        if suffix and suffix not in SUFFIXES:
            raise UsageError(
                f"--output {self.output}: no format is written as {suffix}",
                hint=f"{', '.join(SUFFIXES)}; or name one with --format: {', '.join(FORMATS)}",
            )
        return SUFFIXES.get(suffix, "table")


def load_config(shared: SharedOptions) -> Config | None:
    """The configuration that holds, checked and named on stderr; None where there is none."""
    above = _named_or_above(shared)
    path = above or find_beside(shared.data)
    if path is None:
        return None
    from supportkit.config import read_config

    config = read_config(path, came_with_data=shared.config is None and comes_with(path, shared.data))
    speak_as_configured(config.output.language)
    _check_names(path, config)
    if above is None:  # a later command without --data will not find it, and would look for the store elsewhere
        config = config._replace(data=config.data._replace(db=None))
    if not shared.quiet:
        say(f"configuration: {path}")
    return config


def _named_or_above(shared: SharedOptions) -> Path | None:
    """--config, else the nearest supportkit.toml in the working directory or above it."""
    if shared.config:
        return shared.config
    try:
        here = Path.cwd()
    except OSError as error:
        raise DataError(f"the folder that this runs in: {error.strerror}", hint="change to another folder") from error
    found = find_config(here)
    return found.relative_to(here) if found and found.parent == here else found


def _check_names(path: Path, config: Config) -> None:
    """Raise UsageError for a section of a metric, a table or a column that there is not: it would do nothing."""
    from supportkit.metrics import METRICS

    for name in config.metrics:
        if name not in METRICS:
            raise unknown(f"metric in {path}, [metrics.{name}]:", name, METRICS)
    if config.values:
        from supportkit.exports.meanings.users_words import configured

        configured(config.values, str(path))
    if not config.columns:
        return
    from supportkit.exports.recognising.recognise import SETTINGS
    from supportkit.store.schema import TABLES

    for table, columns in config.columns.items():
        if table not in TABLES:
            raise unknown(f"table in {path}, [columns.{table}]:", table, TABLES)
        known = (*(field.name for field in TABLES[table].readable), *SETTINGS)
        for column in columns:
            if column not in known:
                raise unknown(f"column in {path}, [columns.{table}]:", column, known)


def open_selected(
    shared: SharedOptions,
    config: Config | None,
    tables: tuple[str, ...],
    *,
    folder: Path | None = None,
    asked: str = "this command",
) -> Store:
    """The store that the options name, cut to --where and --as-of; it writes to no file but in `folder`.

    An address may be of an engine that answers some metrics only; `asked` is which one is.
    """
    zone = config.data.time_zone if config else "UTC"
    currency = config.data.currency if config else None
    if shared.data and shared.db:
        raise UsageError("--db and --data exclude each other", hint="--data reads files in memory for one run")
    store = _in_memory(shared, config, tables, folder) if shared.data else _from_file(shared, config, folder, asked)
    from supportkit.store.conditions import parse_conditions

    known_as = _known_as(shared, config, store)
    store = replace(store, zone=zone, currency=currency, known_as=known_as, read_once=True)
    if config:
        store = replace(store, revenue=config.orders.revenue, complete_from=config.orders.complete_from)
    return store.filtered(parse_conditions(shared.where), parse_instant(shared.as_of, zone))


def store_named(shared: SharedOptions, config: Config | None) -> Path:
    """The store's file or address: --db, else SUPPORTKIT_DB, else the configuration, else supportkit.duckdb."""
    configured = config.data.db if config else None
    path = shared.db or Path(os.environ.get("SUPPORTKIT_DB") or configured or DEFAULT_DB)
    if any("\udc80" <= char <= "\udcff" for char in str(path)):
        raise UsageError(f"{path}: the name of a store must be valid UTF-8", hint="name another file")
    try:
        path.exists()
    except OSError as error:  # a name that is too long, a folder that may not be entered
        raise DataError(f"{path}: cannot be read: {error.strerror}", hint="name another file") from error
    return path


def there_is_a_store(shared: SharedOptions, config: Config | None) -> bool:
    """Whether what the options name is there."""
    from supportkit.store.address import address_of

    path = store_named(shared, config)
    address = address_of(path)
    return (address.folder if address else path).exists()


def period_of(shared: SharedOptions, zone: str) -> tuple[Period, str | None]:
    """The period asked for, and the words to print where a relative one counts from the clock."""
    if shared.period and (shared.since or shared.until):
        raise UsageError("--period excludes --since and --until", hint="give one or the other")
    if shared.period is None:
        sides = (("--since", shared.since), ("--until", shared.until))
        return between(*(None if text is None else read_day(text, option) for option, text in sides)), None
    given = parse_instant(shared.as_of, zone)
    today = local_day(given or datetime.now(UTC), zone)
    told = relative_in_words(shared.period, today, "--as-of" if given else "the clock")
    return parse_period(shared.period, today), told


def parse_instant(text: str | None, zone: str) -> datetime | None:
    """An instant from --as-of: a day means its end, a time without an offset is local."""
    if text is None:
        return None
    try:
        check_year(datetime.fromisoformat(text).date())
        if len(text) == 10:
            day = date.fromisoformat(text) + timedelta(days=1)
            end = datetime.combine(day, time(), tzinfo=ZoneInfo(zone))
            return end.astimezone(UTC) - timedelta(microseconds=1)
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--as-of {text}: not a day or a time", hint="write 2026-11-08 or 2026-11-08T18:00") from error
    local = instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def existing_store(shared: SharedOptions, config: Config | None, command: str) -> Path:
    """The store's file, which must be there: nothing can be kept in --data."""
    if shared.data:
        raise UsageError(
            f"{command}: --data is read in memory and keeps nothing", hint="load it, and name it with --db"
        )
    path = store_path(shared, config, command)
    if not path.exists():
        raise _no_store(path)
    return path


def store_path(shared: SharedOptions, config: Config | None, command: str) -> Path:
    """The store's file, which a command writes. Raises UsageError for an address."""
    from supportkit.store.only_read import file_for

    return file_for(store_named(shared, config), command)


def refuse_filters(shared: SharedOptions, *, but: tuple[str, ...] = (), hint: str = "leave it out") -> None:
    """Refuse conditions and periods, but for some, where they would be ignored without a word."""
    given = {
        "--where": shared.where,
        "--period": shared.period,
        "--since": shared.since,
        "--until": shared.until,
        "--as-of": shared.as_of,
    }
    for option, value in given.items():
        if value and option not in but:
            raise UsageError(f"{option} is for metrics, reports and checks", hint=hint)


def load_options(config: Config | None, **given: Any) -> Any:
    """How files are read under a configuration."""
    from supportkit.exports import LoadOptions

    settings: dict[str, Any] = {}
    if config:
        settings = {
            "columns": config.columns,
            "came_in": config.path if config.came_with_data else None,
            "values": config.values and _configured_words(config),
            "zone": config.data.time_zone,
            "currency": config.data.currency,
            "order_key": config.orders.key,
            "joins": {table: one.files for table, one in config.join.items()},
            "privacy": config.privacy,
            "kept": config.kept,
            "writings": config.read and _configured_writings(config),
        }
    return LoadOptions(**{**settings, **given})


def _configured_writings(config: Config) -> Any:
    """How the files of each source are written. Raises UsageError for what no file can be."""
    from supportkit.exports.reading.writing import writing

    found = {}
    for source, said in config.read.items():
        try:
            found[source] = writing(*said)
        except UsageError as error:
            message = f"{config.path}: [read.{source}] {error.message.replace('--', '')}"
            raise UsageError(message, hint=error.hint.replace("--", "")) from error
    return found


def _configured_words(config: Config) -> Any:
    from supportkit.exports.meanings.users_words import configured

    return configured(config.values, str(config.path))


def _known_as(shared: SharedOptions, config: Config | None, store: Store) -> Callable[[str], str]:
    """How an id that a person writes stands in the store: with the key of the load, which is looked for when asked."""
    privacy = config.data.privacy if config else "mask"

    @cache
    def key() -> Key:
        from supportkit.exports.loading import digests
        from supportkit.exports.masking.pseudonyms import derived_key, given_key
        from supportkit.exports.people.store_key import key_of
        from supportkit.exports.reading.found_files import find_files

        if privacy == "keep":
            return derived_key(())  # which makes nothing then
        if not shared.data:
            return key_of(store)
        return given_key() or derived_key(digests(find_files(shared.data)))

    def known_as(value: str) -> str:
        from supportkit.exports.masking.pseudonyms import customer_id

        return customer_id(value, key(), privacy=privacy)

    return known_as


def _in_memory(shared: SharedOptions, config: Config | None, tables: tuple[str, ...], folder: Path | None) -> Store:
    from supportkit.exports import load
    from supportkit.exports.loaded import refuse_mostly_faulty
    from supportkit.exports.reading.found_files import find_files
    from supportkit.store.opening import ONE_THREAD, memory_store

    files = find_files(shared.data)
    size = sum(file.stat().st_size if file.is_file() else ONE_THREAD for file in files)
    store = memory_store(for_one_metric=bool(tables), expected=size)
    options = load_options(config, only=frozenset(tables) if tables else None)
    outcome = load(store, shared.data, options)
    for one in outcome:
        if one.left_out and not shared.quiet:
            say(f"left out: {one.left_out}")
    refuse_mostly_faulty(outcome)
    store.confine(folder)
    return replace(store, settled=True)


def _from_file(shared: SharedOptions, config: Config | None, folder: Path | None, asked: str) -> Store:
    from supportkit.store.opening import open_store, refuse_unproved

    path = store_named(shared, config)
    refuse_unproved(path, asked)
    if not there_is_a_store(shared, config):
        raise _no_store(path, ", or give --data FOLDER")
    return open_store(path, folder=folder)


def _no_store(path: Path, other: str = "") -> DataError:
    from supportkit.commands.missing import to_load
    from supportkit.store.address import address_of

    if (address := address_of(path)) is not None:
        hint = f"make it with: supportkit export --parquet {address.folder}"
        return DataError(f"{path}: there is no such folder", hint=hint)
    named = "" if path == Path(DEFAULT_DB) else f" --db {path}"
    return DataError(f"{path}: there is no such store", hint=f"{to_load(Path())}{named}{other}")


def read_day(text: str, option: str) -> date:
    """A day as it is written behind an option. Raises UsageError."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text}: not a day", hint="write 2026-11-08") from error
    check_year(day)
    return day
