"""What many tests look at, computed once for them as the command line computes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from supportkit.commands.output import formatted_report
from supportkit.commands.report_output import ReportSource, build_report, repeated_options
from supportkit.commands.shared_options import SharedOptions, load_config, open_selected, period_of
from supportkit.config import Config
from supportkit.metrics import METRICS
from supportkit.render import Format
from supportkit.render.document import Document
from supportkit.render.language import Code, language_of
from supportkit.reports.audiences import plan_of
from supportkit.reports.report_request import ReportRequest
from supportkit.request import read_request, run
from supportkit.result import Result
from supportkit.store import Store

ResultOf = Callable[[str], Result]
ReportOf = Callable[..., Document]


@contextmanager
def results(db: Path, config: Path) -> Iterator[ResultOf]:
    """The results of the metrics over a store, each computed when it is first asked for, all on one connection.

    Topics are placed once for all who read them; a metric that leaves something behind for the next one is found.
    """
    with _copy_of(db, config) as (store, settings):

        @cache
        def result_of(name: str) -> Result:
            return run(store, read_request(METRICS[name], {}, settings))

        yield result_of


@contextmanager
def reports(db: Path, config: Path) -> Iterator[ReportOf]:
    """The reports over a store, one for an audience, a period that is over and a language."""
    with _copy_of(db, config) as (store, settings):

        @cache
        def report_of(audience: str, period: str, language: Code = "en") -> Document:
            asked = period_of(SharedOptions(period=period), store.zone)[0]
            words = repeated_options(SharedOptions(db=db, config=config))
            plan = plan_of(audience, settings.report)
            source = ReportSource(store, settings)
            return build_report(source, plan, ReportRequest(audience, asked, words, language_of(language)))

        yield report_of


def written(report: Document, form: Format) -> str:
    """A report in a format."""
    return formatted_report(report, SharedOptions(format=form)).decode()


@contextmanager
def _copy_of(db: Path, config: Path) -> Iterator[tuple[Store, Config]]:
    """A store's copy open for reading: all who open one file in a process would share its connection's settings."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / db.name
        copyfile(db, copy)
        shared = SharedOptions(db=copy, config=config, quiet=True)
        settings = load_config(shared)
        assert settings is not None
        store = open_selected(shared, settings, ())
        try:
            yield store, settings
        finally:
            store.close()
