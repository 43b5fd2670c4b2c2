"""English that is left where Russian is read; `python -m tests.untranslated` prints that of all examples."""

from __future__ import annotations

import csv
import html
import io
import os
import re
import shlex
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path

from supportkit.cli import COMMANDS
from supportkit.commands.examples import examples_of
from supportkit.metrics import METRICS
from supportkit.render.language import Language, language_of
from supportkit.result import Result

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
UNTRANSLATED = (
    "Europe/Berlin", "UTC", "EUR", "NPS", "CSAT", "CSI", "CES", "LTV", "SLA", "AUC", "Benjamini-Hochberg", "p50", "p90",
    "--newcomers", "courier", "TF-IDF", "gamma-gamma", "DuckDB", "csv", "json",
)  # fmt: skip
"""Names, abbreviations and options."""
TYPED = re.compile(
    r"'[^']*'|--[a-z-]+( effort)?|\b[A-Z]{3,}\b|\w+_\w+|\b[\w.]+=[^,;:)]+|[\w.-]*/[\w./-]*"
    r"|\b[\w.-]+\.(toml|csv|json|duckdb|html)\b"
)
"""Options, columns, conditions, files: what is typed as it is."""
WORD = re.compile(r"[A-Za-z]{2,}")
LONG = 80  # characters of a cell that a note may name
FEW = 60  # values of a column that is a dimension, and no id and no text
COMMAND = re.compile(r"supportkit [a-z-]+[^|]*")  # to the end of its line or cell
QUOTED = re.compile(r'"[^"]*"|«[^»]*»|\[[a-z]+\.[a-z_.]+\]( \w+)?')  # subjects of tickets, places of the configuration
PROGRAMS = ("--format", "-f", "--sql", "--parquet", "ack", "--systemd", "--cron", "--github", "--gitlab", "--output")


@cache
def said_by_data(samples: Path) -> re.Pattern[str]:
    """Countries, categories, agents, … and the names of the checks: these stay as they are in every language."""
    config = tomllib.loads((samples / "supportkit.toml").read_text(encoding="utf-8"))
    names = {check["name"] for check in config["check"]} | set(UNTRANSLATED)
    for file in samples.glob("*.csv"):
        rows = list(csv.DictReader(file.read_text(encoding="utf-8", errors="replace").splitlines()))
        for column in rows[0]:
            words = {row[column] for row in rows if row[column] and WORD.search(row[column])}
            names |= words if len(words) < FEW else set()
    longest = sorted((name for name in names if WORD.search(name)), key=lambda name: (-len(name), name))
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest), re.IGNORECASE)


def english(text: str, data: re.Pattern[str]) -> list[str]:
    """The pieces of a text with words that are neither data nor part of a command."""
    pieces = (html.unescape(piece).strip() for piece in text.splitlines())
    return sorted(
        {piece for piece in pieces if WORD.search(data.sub("", TYPED.sub("", QUOTED.sub("", COMMAND.sub("", piece)))))}
    )


def examples() -> Iterator[str]:
    """The examples of all commands that print something for people."""
    for name in (*METRICS, *(command.name for command in COMMANDS)):
        for example in examples_of(name):
            asked = re.split(r" [|>] ", example)[0]
            if name != "sql" and not set(shlex.split(asked)) & set(PROGRAMS):
                yield asked


def texts(result: Result) -> Iterator[str]:
    """What a result says to people beside its cells."""
    yield result.title
    yield from result.definition.split("\n\n")
    yield from (column.label for column in (*result.for_people().columns, *result.told_facts))
    yield from result.notes


def left(result: Result, data: re.Pattern[str]) -> list[str]:
    """The texts of a result that are English still where Russian is read."""
    russian = language_of("ru")
    own = {str(value) for row in result.rows for value in row if isinstance(value, str) and len(value) < LONG}
    found = []
    for text in texts(result):
        told = russian.text(text)
        for name in sorted((name for name in own if name in told), key=len, reverse=True):
            told = told.replace(name, "")
        if english(told, data):
            found.append(text)
    return found


def main() -> None:
    """Print what is left, each text with the example that shows it."""
    from supportkit.cli import run
    from supportkit.render import in_language

    data = said_by_data(SAMPLES)
    seen: set[str] = set()
    results: list[Result] = []
    translated = in_language.translated

    def record(result: Result, language: Language) -> Result:
        results.append(result)
        return translated(result, language)

    with tempfile.TemporaryDirectory() as name:
        os.environ["SUPPORTKIT_DB"] = str(Path(name) / "store.duckdb")
        os.chdir(name)
        Path("exports").symlink_to(SAMPLES)
        Path("supportkit.toml").write_text((SAMPLES / "supportkit.toml").read_text("utf-8"), "utf-8")
        with redirect_stdout(io.TextIOWrapper(io.BytesIO())):
            run(["load", str(SAMPLES), "-q"])
        in_language.translated = record
        for example in examples():
            if sys.argv[1:] and example.split()[0] not in sys.argv[1:]:
                continue
            results.clear()
            with redirect_stdout(io.TextIOWrapper(io.BytesIO())), redirect_stderr(io.StringIO()) as errors:
                run([*shlex.split(example), "--lang", "ru"])
            found = [text for result in results for text in left(result, data)] + english(errors.getvalue(), data)
            fresh = [text for text in dict.fromkeys(found) if text not in seen]
            seen.update(fresh)
            if fresh:
                sys.__stdout__.write("\n    ".join((f"$ supportkit {example}", *fresh)) + "\n")  # type: ignore[union-attr]


if __name__ == "__main__":
    main()
