"""What docs/compatibility.md promises is there: exit codes, JSON keys, the environment and the library."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import supportkit
from supportkit.errors import ExitCode
from supportkit.render.json import as_object
from supportkit.result import Column, Result, Value, count, figure

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")


def row_of(key: str) -> str:
    """The line of a table of the page that begins with a key."""
    return next(line for line in PAGE.splitlines() if line.startswith(f"| `{key}`"))


def words(text: str) -> set[str]:
    """The words of a text that stand in backticks."""
    return set(re.findall(r"`(\w+)`", text))


def result(columns: Sequence[Column], row: tuple[Value, ...], facts: Mapping[str, Value] | None = None) -> Result:
    """A result of one row."""
    return Result("nps", "NPS", "promoters less detractors", tuple(columns), (row,), facts or {})


def test_the_exit_codes_of_the_page_are_those_there_are() -> None:
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)] == sorted(ExitCode)


def test_the_newest_released_entry_of_the_changelog_is_this_version_with_its_day() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    entries = re.findall(r"^## (.+)$", changes, re.MULTILINE)
    entries = entries[entries[0] == "Unreleased" :]
    version, day = entries[0].split(", ")
    assert version == supportkit.__version__
    days = [date.fromisoformat(entry.partition(", ")[2]) for entry in entries]
    assert days == sorted(days, reverse=True), f"the entries stand newest first, and {version} is of {day}"


def test_the_json_keys_of_the_page_are_in_json() -> None:
    shown = as_object(result([figure("nps", "number", n="answers", better="up"), count("answers")], (42.0, 36)))
    promised = words(row_of("metric")) | {"scope", "facts", "columns", "rows", "notes"}
    assert promised <= set(shown)
    assert words(row_of("scope")) - {"scope"} <= set(shown["scope"])
    assert words(row_of("columns")) - {"columns"} <= set(shown["columns"][0])
    assert shown["rows"] == [{"nps": 42, "answers": 36}]


def test_the_variables_of_the_environment_on_the_page_are_read_somewhere() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "src").rglob("*.py"))
    named = set(re.findall(r"`(SUPPORTKIT_\w+|NO_COLOR)`", PAGE))
    assert named
    assert [name for name in sorted(named) if f'"{name}"' not in source] == []


def test_the_library_of_the_page_is_what_can_be_imported() -> None:
    line = next(line for line in PAGE.splitlines() if line.startswith("- **The library**"))
    assert words(line) - {"Result"} == set(supportkit.__all__) - {"__version__"}
