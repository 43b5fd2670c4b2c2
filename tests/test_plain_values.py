"""Options that are read without Typer's validators come to the same values, and to the same errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.core import TyperArgument, TyperOption

from supportkit.cli import COMMANDS, application
from supportkit.commands.plain_values import PlainArgument, PlainCommand, PlainOption
from supportkit.metrics import NAMES
from tests.test_contracts import loaded

WORDS = (0, 1, 3.5, 10**9, "", "x", "-", "3", "-1", "table", "TABLE", "de", "head", "a,b", "/", "/nowhere/at/all", "…")
NAMED = sorted({command.name for command in COMMANDS} - {"demo"} | {name.replace("_", "-") for name in NAMES})


def read(param: Any, way: type[Any], value: Any) -> Any:
    """What becomes of a value, or the words of its error."""
    command = PlainCommand("shown", params=[param])
    try:
        return way.process_value(param, typer.Context(command), value)
    except Exception as error:
        return type(error).__name__, str(error)


@pytest.mark.parametrize("name", NAMED)
def test_every_value_of_an_option_is_what_typer_makes_of_it(name: str, tmp_path: Path) -> None:
    group: Any = typer.main.get_command(application([name]))
    command = group.commands[name]
    params = [param for param in command.get_params(typer.Context(command)) if param.name != "help"]
    assert params
    assert {type(param) for param in params} <= {PlainOption, PlainArgument}
    for param in params:
        way: type[Any] = TyperOption if isinstance(param, PlainOption) else TyperArgument
        several = param.multiple or param.nargs == -1
        for word in (*WORDS, str(tmp_path)):
            for value in ([word], [word, "y"], []) if several else (word,):
                assert read(param, type(param), value) == read(param, way, value), (param.name, value)
        assert read(param, type(param), None) == read(param, way, None), param.name


@pytest.mark.parametrize("words", [["load", "nowhere.csv"], ["sql", "select 1"], ["tables"], ["report"], ["check"]])
def test_what_is_not_given_needs_no_validator(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert loaded(words, ["pydantic"]) == ""


def test_a_metric_loads_no_validator(samples: Path) -> None:
    words = ["nps", "--data", str(samples), "--by", "country", "-f", "json", "--where", "country=DE"]
    assert loaded(words, ["pydantic", "_duckdb"]) == "_duckdb"
