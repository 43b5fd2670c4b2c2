"""--schema says what a command may be asked and what its JSON is; both hold for what the commands really do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from supportkit.cli import COMMANDS
from supportkit.explaining.option_schema import answered, asked
from supportkit.metrics import METRICS
from tests.conftest import Call

NAMES = (*METRICS, *(command.name for command in COMMANDS))


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_a_schema_that_is_one(name: str, supportkit: Call) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    code, out, err = supportkit(name, "--schema")
    assert (code, err) == (0, "")
    shown = json.loads(out)
    assert (shown["title"], shown["description"] != "") == (f"supportkit {name}", True)
    for part in ("input", "output"):
        if shown[part] is not None:
            jsonschema.Draft202012Validator.check_schema(shown[part])
    helped = supportkit(name, "--help")[1]
    for option, said in shown["input"]["properties"].items():
        assert "x-argument" in said or f"--{option}" in helped
        assert "type" in said


@pytest.mark.parametrize("name", sorted(METRICS))
def test_what_a_metric_prints_is_as_its_schema_says(name: str, supportkit: Call, stored: tuple[str, ...]) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    schema = json.loads(supportkit(name, "--schema")[1])["output"]
    assert schema == answered(METRICS[name])
    shown = json.loads(supportkit(name, *stored, "-f", "json", "-q")[1])
    jsonschema.validate(shown, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**shown, "facts": {}}, schema)


def properties(supportkit: Call, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(supportkit(name, "--schema")[1])["input"]["properties"]
    return found


def test_choices_bounds_lists_and_arguments_are_told(supportkit: Call) -> None:
    nps, sql, load = (properties(supportkit, name) for name in ("nps", "sql", "load"))
    assert nps["over"]["enum"] == ["day", "week", "month"]
    assert (nps["where"]["type"], nps["where"]["items"]) == ("array", {"type": "string"})
    assert (sql["memory"]["minimum"], sql["memory"]["default"], sql["query"]["x-argument"]) == (100, 2000, 1)
    assert (load["keep-loads"]["minimum"], load["keep-loads"]["maximum"]) == (1, 100)
    assert json.loads(supportkit("sql", "--schema")[1])["input"]["required"] == ["query"]
    assert json.loads(supportkit("demo", "--schema")[1])["output"] is None


def test_a_metrics_options_are_those_of_its_signature(supportkit: Call) -> None:
    for name, metric in METRICS.items():
        shown = properties(supportkit, name)
        for option, said in asked(metric, {}, files=True)["properties"].items():
            assert shown[option.replace("_", "-")].get("enum") == said.get("enum")


def test_the_schema_of_what_there_is_not_says_so(supportkit: Call) -> None:
    code, out, err = supportkit("npss", "--schema")
    assert (code, out) == (2, "")
    assert "did you mean 'nps'" in err
