"""`--schema`: JSON Schema of what a command may be asked and of the JSON that it prints, for programs that call it."""

from __future__ import annotations

import json
from typing import Any, Final

from supportkit.commands.command_help import as_sentence
from supportkit.errors import unknown

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
LISTS: Final = ("report", "why", "check")  # that may print several results, as a list


def schema_of(name: str, group: Any) -> str:
    """The schema of a command of a group, as JSON. Raises UsageError where there is no such command."""
    if name not in group.commands:
        raise unknown("command", name, group.commands)
    return json.dumps(as_object(name, group.commands[name]), indent=1) + "\n"


def as_object(name: str, command: Any) -> dict[str, Any]:
    """`input` are the options by their long names and the arguments by their places, `output` is null where a command
    prints no JSON."""
    properties: dict[str, Any] = {}
    required = []
    for place, parameter in enumerate(one for one in command.params if not getattr(one, "hidden", False)):
        is_argument = parameter.param_type_name == "argument"
        key = parameter.name if is_argument else max(parameter.opts, key=len).lstrip("-")
        properties[key] = _property(parameter) | ({"x-argument": place + 1} if is_argument else {})
        if parameter.required:
            required.append(key)
    given = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {
        "$schema": DRAFT,
        "title": f"supportkit {name}",
        "description": (command.help or "").strip().split("\n")[0],
        "input": given,
        "output": _output(name) if "format" in properties and name != "mcp" else None,
    }


def _property(parameter: Any) -> dict[str, Any]:
    from supportkit.explaining.option_schema import of_type

    info = parameter.type_descriptor.parameter_info
    found = of_type(parameter.type_descriptor.annotation)
    if parameter.help:
        found["description"] = as_sentence(parameter.help)
    for key, bound in (("minimum", info.min), ("maximum", info.max)):
        if bound is not None:
            found[key] = bound
    if parameter.default not in (None, False, "", ()):
        found["default"] = parameter.default if isinstance(parameter.default, int | float) else str(parameter.default)
    return found


def _output(name: str) -> dict[str, Any]:
    from supportkit.explaining.option_schema import answered
    from supportkit.metrics import METRICS

    one = answered(METRICS.get(name))
    return {"anyOf": [one, {"type": "array", "items": one}]} if name in LISTS else one
