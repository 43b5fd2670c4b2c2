"""What a shell offers to complete: columns after --by, --where, --sort and --columns, metrics, vendors, audiences."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supportkit.metrics import Offer

Complete = Callable[[str], list[str]]


def complete_columns(table: str) -> Complete:
    """What `--by` takes of a table, for the last word of a comma-separated list."""

    def complete(incomplete: str) -> list[str]:
        from supportkit.store.dimension_names import dimension_names
        from supportkit.store.schema import TABLES

        before, comma, last = incomplete.rpartition(",")
        names = dimension_names(TABLES[table])
        return [f"{before}{comma}{name}" for name in sorted(names) if name.startswith(last)]

    return complete


def complete_condition(incomplete: str) -> list[str]:
    """The columns of all tables, each with the sign that follows it most often."""
    from supportkit.store.dimension_names import dimension_names
    from supportkit.store.schema import TABLES

    names = {name for table in TABLES.values() for name in dimension_names(table)}
    return [f"{name}=" for name in sorted(names) if name.startswith(incomplete)]


def complete_metric(incomplete: str) -> list[str]:
    """The metrics."""
    from supportkit.metrics import METRICS

    return [name for name in METRICS if name.startswith(incomplete)]


def complete_offer(offer: Offer) -> Complete:
    """The metrics that a command can explain, by what they offer."""

    def complete(incomplete: str) -> list[str]:
        from supportkit.metrics import METRICS

        return [name for name, metric in METRICS.items() if name.startswith(incomplete) and metric.offers(offer)]

    return complete


def complete_figures(name: str) -> Complete:
    """The figures of a metric, for the last word of a comma-separated list."""

    def complete(incomplete: str) -> list[str]:
        from supportkit.metrics import METRICS

        before, comma, last = incomplete.rpartition(",")
        return [f"{before}{comma}{one}" for one in sorted(METRICS[name].figures) if one.startswith(last)]

    return complete


def complete_audience(incomplete: str) -> list[str]:
    """The audiences that there are without a configuration."""
    from supportkit.reports.audiences import PLANS

    return [name for name in PLANS if name.startswith(incomplete)]


def complete_language(incomplete: str) -> list[str]:
    """The languages that there are."""
    from supportkit.render.language import codes

    return [code for code in codes() if code.startswith(incomplete)]


def complete_source(incomplete: str) -> list[str]:
    """The vendors whose exports are recognised."""
    from supportkit.exports.sources import sources

    names = {export.source for vendor in sources() for export in vendor.exports}
    return sorted(name for name in names if name.startswith(incomplete))
