"""Our tables of words and vendors: TOML that people write, read from JSON where that is the same and many times faster.

`compiled.tsv` has a line for each file: its name, the hash of what it says, and its content. A file that says something
else by now, or is not there, is parsed. After a change, `python -m tests.test_toml_tables` writes it anew.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
COMPILED: Final = FOLDER / "compiled.tsv"


def toml_table(file: Path) -> dict[str, Any]:
    """The content of a file below this folder."""
    written = file.read_bytes()
    stamp, content = _compiled().get(file.relative_to(FOLDER).as_posix(), ("", ""))
    found: dict[str, Any] = json.loads(content) if stamp == sha256(written).hexdigest() else _parsed(written)
    return found


def compiled() -> str:
    """All files in the compiled form."""
    files = sorted(FOLDER.rglob("*.toml"), key=lambda file: file.relative_to(FOLDER).as_posix())
    return "".join(f"{file.relative_to(FOLDER).as_posix()}\t{_line(file.read_bytes())}\n" for file in files)


def _line(written: bytes) -> str:
    content = json.dumps(_parsed(written), ensure_ascii=False, separators=(",", ":"))
    return f"{sha256(written).hexdigest()}\t{content}"


def _parsed(written: bytes) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(written.decode("utf-8"))


@cache
def _compiled() -> dict[str, tuple[str, str]]:
    if not COMPILED.is_file():
        return {}
    found = {}
    for line in COMPILED.read_text("utf-8").rstrip("\n").split("\n"):
        name, stamp, content = line.split("\t", 2)
        found[name] = (stamp, content)
    return found
