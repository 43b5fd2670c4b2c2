"""Support analytics: tickets, orders, surveys and funnel events in one DuckDB file.

    import supportkit

    with supportkit.open_store("supportkit.duckdb") as store:
        result = supportkit.metric("nps")(store, by="country")
    result.facts["nps"], result.to_frame()

Everything is imported when it is asked for: `import supportkit` loads nothing else.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as that of typing, which takes milliseconds in which Ctrl-C is not quiet yet
if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike
    from typing import Any

    from supportkit.period import Period
    from supportkit.result import Result
    from supportkit.store import Store

__version__ = "0.2.0"
__all__ = ["__version__", "metric", "open_store", "read_data", "rows"]


def open_store(path: str | PathLike[str], *, time_zone: str = "UTC", currency: str | None = None) -> Store:
    """Open a store file for reading; close it, or use it in a `with`. Raises DataError where it is no store."""
    from dataclasses import replace
    from pathlib import Path

    from supportkit.store import open_store as opened

    _show_in_notebooks()
    return replace(opened(Path(path)), zone=time_zone, currency=currency)


def read_data(*paths: str | PathLike[str], time_zone: str = "UTC", currency: str | None = None) -> Store:
    """Read a folder or CSVs into a store in memory. Raises DataError for a file that is no known table, or half of
    whose rows and more cannot be read."""
    from dataclasses import replace
    from pathlib import Path

    from supportkit.exports import LoadOptions, load
    from supportkit.exports.loaded import refuse_mostly_faulty
    from supportkit.store import memory_store

    _show_in_notebooks()
    store = memory_store()
    refuse_mostly_faulty(load(store, [Path(path) for path in paths], LoadOptions(zone=time_zone, currency=currency)))
    store.confine()
    return replace(store, zone=time_zone, currency=currency, settled=True)


def metric(name: str) -> Callable[..., Result]:
    """A metric to be asked: `metric("nps")(store, by="country", period=Period(…))`.

    Its options are those of the command, typed or as one writes them there. Raises UsageError for an unknown name.
    """
    from functools import wraps

    from supportkit.errors import unknown
    from supportkit.metrics import METRICS
    from supportkit.period import ALL
    from supportkit.request import read_request, run

    if name not in METRICS:
        raise unknown("metric", name, METRICS)
    found = METRICS[name]

    @wraps(found.compute)
    def asked(store: Store, *, period: Period = ALL, **options: Any) -> Result:
        from dataclasses import replace

        given = {option: value for option, value in options.items() if value is not None}
        return run(store, replace(read_request(found, given), period=period))

    return asked


def rows(
    store: Store,
    metric: str,
    name: str = "all",
    *,
    top: int | None = None,
    period: Period | None = None,
    **options: Any,
) -> Result:
    """The rows behind a metric's figures: `rows(store, "nps", "detractors", top=10)`, as `--rows` lists them.

    Further options are the metric's. Raises UsageError for a metric or a name that is not known.
    """
    from dataclasses import replace

    from supportkit.errors import unknown
    from supportkit.metrics import METRICS
    from supportkit.period import ALL
    from supportkit.request import read_request
    from supportkit.request import rows as behind

    if metric not in METRICS:
        raise unknown("metric", metric, METRICS)
    given = {option: value for option, value in options.items() if value is not None}
    request = replace(read_request(METRICS[metric], given), period=period or ALL)
    return behind(store, request, name, top)


def _show_in_notebooks() -> None:
    from supportkit.render.notebook import as_fragment
    from supportkit.result import show_in_notebooks

    show_in_notebooks(as_fragment)


def __getattr__(name: str) -> Any:
    """The modules of the metrics, as `supportkit.nps`, imported when first asked for."""
    from importlib import import_module

    if name.startswith("_"):
        raise AttributeError(name)
    try:
        return import_module(f"supportkit.{name}")
    except ModuleNotFoundError as error:
        raise AttributeError(f"module 'supportkit' has no attribute {name!r}") from error
