"""Do the tests of the metrics bite? Small faults put into ten metrics, and the share that their own tests notice.

    python -m benchmarks mutants --seed 7 [--count 220] [--metric nps …] [--jobs 2]

The same seed draws the same mutants of the same source. Each metric has as many, of each of the six operators as far as
they go: comparison, arithmetic, constant, negation, query (another function or join), omission (a clause, an
argument, a returned value or a statement left out). A mutant of equal syntax is none and is not drawn. Exit code 1
where fewer than nine in ten are noticed.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from benchmarks.mutation.mutant import OPERATORS, Mutant
from benchmarks.mutation.of_python import is_another_program, python_mutants
from benchmarks.mutation.of_sql import sql_mutants
from benchmarks.mutation.running import ROOT, SRC, Suite, lived

FILES: Final[Mapping[str, tuple[str, ...]]] = {
    "nps": ("nps.py",),
    "csat": ("csat.py",),
    "csi": ("csi.py",),
    "ces": ("ces.py",),
    "survey_quality": ("survey_quality.py", "desk/closed_promises.py", "scores/ticket_surveys.py"),
    "service": ("service.py", "desk/promises.py", "desk/replies.py"),
    "cohorts": ("cohorts.py",),
    "ltv": ("ltv.py", "worth/ltv_sql.py", "worth/customer_base.py", "worth/buyer_groups.py", "worth/value_error.py"),
    "contacts": ("contacts.py",),
    "causes": ("causes.py",),
}
"""The ten metrics, and the files that are theirs alone: their own, and their queries where these stand apart."""

BAR: Final = 0.9


def main() -> None:
    """Draw, run and print."""
    asked = _arguments()
    metrics = asked.metric or list(FILES)
    sources = {file: (SRC / file).read_text(encoding="utf-8") for metric in metrics for file in files_of(metric)}
    drawn = draw(metrics, sources, asked.seed, asked.count)
    os.nice(10)
    tests = {metric: Suite(ROOT / "tests" / f"test_{metric}.py") for metric in metrics}
    for one in tests.values():
        one.prepare()
    texts = ((tests[metric], mutant.file, mutant.applied(sources[mutant.file])) for metric, mutant in drawn)
    survivors = []
    for done, (number, survived) in enumerate(lived(texts, asked.jobs), 1):
        if survived:
            survivors.append(number)
        if sys.stderr.isatty():
            print(f"\r{done} of {len(drawn)}, {len(survivors)} lived", end="", file=sys.stderr)
    print(report(drawn, sorted(survivors), sources, asked.seed))
    sys.exit(len(survivors) > (1 - BAR) * len(drawn))


def files_of(metric: str) -> tuple[str, ...]:
    """The files of a metric: those named above, else the one of its name."""
    return FILES.get(metric, (f"{metric}.py",))


def draw(metrics: Iterable[str], sources: Mapping[str, str], seed: int, count: int) -> list[tuple[str, Mutant]]:
    """At least `count` mutants with their metrics: as many of each metric, and of its operators as far as they go."""
    rng = random.Random(seed)
    names = list(metrics)
    drawn = []
    for metric in names:
        found = [mutant for file in files_of(metric) for mutant in _all(file, sources[file])]
        heaps = {operator: [one for one in found if one.operator == operator] for operator in OPERATORS}
        for heap in heaps.values():
            rng.shuffle(heap)
        wanted, taken = -(-count // len(names)), 0
        while taken < wanted and any(heaps.values()):
            for operator in OPERATORS:
                while taken < wanted and heaps[operator]:
                    mutant = heaps[operator].pop()
                    source = sources[mutant.file]
                    if is_another_program(source, mutant.applied(source)):
                        drawn.append((metric, mutant))
                        taken += 1
                        break
    return drawn


def report(drawn: list[tuple[str, Mutant]], survivors: list[int], sources: Mapping[str, str], seed: int) -> str:
    """The share noticed, by metric and by operator, and the lines of those that lived."""
    lines = [
        f"seed {seed}: {len(drawn)} mutants, {_share(len(drawn), len(survivors))} noticed by the metrics' own tests"
    ]
    kinds: tuple[tuple[str, list[str]], ...] = (
        ("metric", [metric for metric, _ in drawn]),
        ("operator", [mutant.operator for _, mutant in drawn]),
    )
    for kind, names in kinds:
        every, alive = Counter(names), Counter(names[number] for number in survivors)
        lines += ["", f"{kind:<16} mutants  noticed"]
        lines += [f"{name:<16} {every[name]:>7}  {_share(every[name], alive[name]):>7}" for name in every]
    for number in survivors:
        mutant = drawn[number][1]
        lines += ["", f"lived: {mutant.diff(sources[mutant.file])}"]
    return "\n".join(lines)


def _share(every: int, alive: int) -> str:
    return f"{(every - alive) / every:.1%}" if every else "-"


def _all(file: str, source: str) -> list[Mutant]:
    return sorted({*python_mutants(file, source), *sql_mutants(file, source)})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks mutants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=_at_least_one, default=220)
    parser.add_argument("--metric", action="append", type=_metric, help="repeatable; any metric will do")
    parser.add_argument("--jobs", type=_at_least_one, default=os.cpu_count() or 1)
    return parser.parse_args()


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _metric(text: str) -> str:
    """The name of a metric's file."""
    name = text.replace("-", "_")
    if not (SRC / f"{name}.py").is_file() or not (ROOT / "tests" / f"test_{name}.py").is_file():
        raise argparse.ArgumentTypeError(f"{text!r} is no metric with tests of its own")
    return name


if __name__ == "__main__":
    main()
