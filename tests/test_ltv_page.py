"""The CDNOW part of docs/ltv.md: its tables are the benchmark's, its commands print what stands below them.

`SUPPORTKIT_REAL=… python -m tests.test_ltv_page` writes both anew.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from benchmarks.cdnow import table

from tests import cdnow
from tests.test_docs import ROOT, environment, output, steps_of

PAGE = ROOT / "docs" / "ltv.md"
BLOCK = re.compile(r"^```shell\n(.*?)^```$", re.MULTILINE | re.DOTALL)
pytestmark = cdnow.needs_cdnow


def at_work(folder: Path) -> dict[str, str]:
    """The environment of the page's commands, with the file where they expect it."""
    env = environment(folder)
    (folder / "work" / "CDNOW_sample.txt").symlink_to(cdnow.FOLDER.resolve() / "CDNOW_sample.txt")
    name = "online_retail_2010-12"
    (folder / "work" / name).symlink_to(cdnow.FOLDER.resolve().parent / name)
    return env


def test_the_tables_are_those_of_the_benchmark() -> None:
    page = PAGE.read_text(encoding="utf-8")
    parts = "\n".join(table(cdnow.FOLDER)).split("\n\n")
    assert len(parts) == 3
    assert all(part in page for part in parts)


def test_the_commands_on_cdnow_print_what_stands_below_them(tmp_path: Path) -> None:
    env = at_work(tmp_path)
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert blocks
    for block in blocks:
        for step in steps_of(block):
            assert output(step.command, tmp_path, env) == step.expected, step.command


def rewrite() -> None:
    """Put the true tables and outputs into the page."""
    page = PAGE.read_text(encoding="utf-8")
    parts = "\n".join(table(cdnow.FOLDER)).split("\n\n")
    openings = (
        r"(?:<!-- table 1 -->|\| reading.*?)",
        r"(?:<!-- table 2 -->|\| at the age.*?)",
        r"(?:<!-- line 3 -->|What they.*?)",
    )
    for opening, part in zip(openings, parts, strict=True):
        found = re.search(rf"^{opening}\n\n", page, flags=re.M | re.S)
        assert found, opening
        page = page[: found.start()] + part + page[found.end() - 2 :]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = at_work(folder)
        steps = [step for block in BLOCK.findall(page) for step in steps_of(block)]
        true = iter([output(step.command, folder, env) for step in steps])

        def block(match: re.Match[str]) -> str:
            pieces = re.split(r"^(?=\$ )", match[1], flags=re.MULTILINE)[1:]
            return "```shell\n" + "".join(_command(piece) + next(true) for piece in pieces) + "```"

        PAGE.write_text(BLOCK.sub(block, page), encoding="utf-8")


def _command(piece: str) -> str:
    """The lines of a command as they stand on the page, without what it prints."""
    lines = piece.splitlines(keepends=True)
    end = next(n for n, line in enumerate(lines) if not line.endswith("\\\n"))
    return "".join(lines[: end + 1])


if __name__ == "__main__":
    rewrite()
