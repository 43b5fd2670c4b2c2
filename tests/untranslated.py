"""English that is left where Russian is read; `python -m tests.untranslated` prints that of all examples."""

from __future__ import annotations

import csv
import html
import re
import shlex
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from supportkit.cli import COMMANDS
from supportkit.commands.examples import examples_of
from supportkit.metrics import METRICS

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
UNTRANSLATED = (
    "Europe/Berlin", "UTC", "EUR", "NPS", "CSAT", "CSI", "CES", "LTV", "SLA", "AUC", "Benjamini-Hochberg", "p50", "p90",
    "--newcomers", "courier", "supportkit.toml", "TF-IDF", "BG/NBD", "CSV", "ISO",
)  # fmt: skip
"""Names, abbreviations and options."""
WORD = re.compile(r"[A-Za-z]{2,}")
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
    return sorted({piece for piece in pieces if WORD.search(data.sub("", QUOTED.sub("", COMMAND.sub("", piece))))})


def examples() -> Iterator[str]:
    """The examples of all commands that print something for people."""
    for name in (*METRICS, *(command.name for command in COMMANDS)):
        for example in examples_of(name):
            if not set(shlex.split(example)) & set(PROGRAMS):
                yield example


def spoken(example: str, db: Path, folder: Path) -> str:
    """What an example prints in Russian, on both streams."""
    words = [sys.executable, "-m", "supportkit", *shlex.split(example), "--lang", "ru"]
    found = {"SUPPORTKIT_DB": str(db), "PYTHONPATH": str(SAMPLES.parent.parent / "src")}
    done = subprocess.run(words, cwd=folder, env=found, capture_output=True, text=True, check=False)
    return done.stdout + "\n" + done.stderr


def main() -> None:
    """Print what is left, each piece with the example that shows it."""
    asked = sys.argv[1:]
    data = said_by_data(SAMPLES)
    seen: set[str] = set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "exports").symlink_to(SAMPLES)
        (folder / "supportkit.toml").write_text((SAMPLES / "supportkit.toml").read_text("utf-8"), "utf-8")
        db = folder / "store.duckdb"
        spoken(f"load {shlex.quote(str(SAMPLES))}", db, folder)
        for example in examples():
            if asked and example.split()[0] not in asked:
                continue
            left = [piece for piece in english(spoken(example, db, folder), data) if piece not in seen]
            seen.update(left)
            if left:
                sys.stdout.write("\n    ".join((f"$ supportkit {example}", *left)) + "\n")


if __name__ == "__main__":
    main()
