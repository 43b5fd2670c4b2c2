"""The shape of a pipeline's file: which keys GitHub Actions and GitLab CI take where, for the parts that ours use.

Written by hand from their reference pages (workflow syntax, .gitlab-ci.yml keywords): a key or a type that is not here
is refused, so a slip of the pen is found; it is no copy of their whole schemas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

CRON: Final = re.compile(r"[\d*/,-]+( [\d*/,-]+){4}")
ACTION: Final = re.compile(r"[\w.-]+(/[\w.-]+)+@v\d+")

STEP: Final = {"name?": str, "uses?": ACTION, "run?": str, "with?": {str: str}, "if?": str, "env?": {str: str}}
WORKFLOW: Final = {
    "name?": str,
    "on": {"schedule?": [{"cron": CRON}], "workflow_dispatch?": None, "push?": None},
    "permissions?": {str: re.compile("read|write|none")},
    "jobs": {str: {"runs-on": str, "steps": [STEP], "timeout-minutes?": int, "env?": {str: str}}},
}
JOB: Final = {
    "image?": str,
    "variables?": {str: str},
    "stage?": str,
    "rules?": [{"if": str}],
    "cache?": {"key?": str, "paths": [str], "when?": re.compile("always|on_success|on_failure")},
    "before_script?": [str],
    "script": [str],
    "artifacts?": {
        "when?": re.compile("always|on_success|on_failure"),
        "paths?": [str],
        "reports?": {"junit?": str, "codequality?": str},
    },
}
GITLAB: Final = {str: JOB}


def misfits(found: Any, shape: Any, where: str = "") -> Iterator[str]:
    """What of a file does not have its shape: a type, a pattern, a list of one shape, or keys (`?`: may be absent)."""
    if isinstance(shape, re.Pattern):
        if not isinstance(found, str) or not shape.fullmatch(found):
            yield f"{where}: {found!r} is not {shape.pattern}"
    elif isinstance(shape, list):
        if not isinstance(found, list) or not found:
            yield f"{where} is no list"
        else:
            for number, one in enumerate(found):
                yield from misfits(one, shape[0], f"{where}[{number}]")
    elif isinstance(shape, dict):
        if not isinstance(found, dict):
            yield f"{where} has no keys"
            return
        named = {name.rstrip("?"): part for name, part in shape.items() if isinstance(name, str)}
        for name, one in found.items():
            part = shape.get(str) if str in shape else named.get(name, misfits)
            if part is misfits:
                yield f"{where}: unknown key {name!r}"
            else:
                yield from misfits(one, part, f"{where}.{name}")
        needed = {name for name in shape if isinstance(name, str) and not name.endswith("?")}
        yield from (f"{where}: no {name}" for name in sorted(needed - set(found)))
    elif shape is None:
        if found is not None:
            yield f"{where}: {found!r} is not empty"
    elif not isinstance(found, shape):
        yield f"{where}: {found!r} is no {shape.__name__}"
