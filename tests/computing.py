"""What many tests look at, computed once for them as the command line computes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from supportkit.command import options_of
from supportkit.metrics import METRICS
from supportkit.result import Result
from supportkit.session import Shared, configuration, opened

ResultOf = Callable[[str], Result]


@contextmanager
def results(db: Path, config: Path) -> Iterator[ResultOf]:
    """The results of the metrics over a store, each computed when it is first asked for, all on one connection.

    Topics are placed once for all who read them; a metric that leaves something behind for the next one is found.
    """
    shared = Shared(db=db, config=config, quiet=True)
    settings = configuration(shared)
    with closing(opened(shared, settings, ())) as store:

        @cache
        def result_of(name: str) -> Result:
            return METRICS[name].compute(store, **options_of(METRICS[name], settings, {}))

        yield result_of
