"""`python -m supply.pin`: requirements.txt, what supportkit needs to run in the versions installed here, with hashes.

Every file of a version is named by its hash, so that it installs on each system and Python that it has a file for; no
index is named, for that is the reader's.
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Final

from supply.index import Unreachable, files

FILE: Final = Path(__file__).parent.parent / "requirements.txt"
HEAD: Final = """\
# What supportkit needs to run, with hashes: pip install --require-hashes -r requirements.txt
# and then the package itself, without dependencies: pip install --no-deps .
# Written by: python -m supply.pin
"""


def needed() -> dict[str, tuple[str, str]]:
    """What supportkit needs, and what that needs: the version installed here and the marker, by name."""
    project = tomllib.loads((FILE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, tuple[str, str]] = {}
    waiting = [(text, True) for text in project["dependencies"]]
    while waiting:
        text, ours = waiting.pop(0)
        requirement, _, marker = (part.strip() for part in text.partition(";"))
        name = _normal(re.split(r"[\s\[<>=!~(]", requirement)[0])
        if name in found or "extra ==" in marker or (there := _installed(name)) is None:
            continue
        found[name] = (there.version, marker if ours else "")  # markers of others tell which of two versions it is
        waiting += [(one, False) for one in there.requires or ()]
    return found


def line(name: str, version: str, marker: str) -> str:
    """A requirement with the hashes of all files of its version. Raises Unreachable."""
    stem = "[-_.]+".join(map(re.escape, name.split("-"))) + "-" + re.escape(version)
    hashes = sorted(
        one["hashes"]["sha256"]
        for one in files(name)
        if re.match(rf"{stem}(?:-|\.tar\.gz$|\.zip$)", one["filename"], re.IGNORECASE)
    )
    if not hashes:
        raise Unreachable(f"{name} {version}: the index lists no file of it")
    told = f"{name}=={version}" + (f" ; {marker}" if marker else "")
    return " \\\n    ".join([told, *(f"--hash=sha256:{one}" for one in hashes)])


def _installed(name: str) -> Distribution | None:
    from importlib.metadata import PackageNotFoundError

    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    """Write the file; 3 where the index cannot be asked."""
    try:
        lines = [line(name, version, marker) for name, (version, marker) in sorted(needed().items())]
    except Unreachable as error:
        print(f"not written: {error}")
        return 3
    FILE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
