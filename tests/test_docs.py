"""Every `$ supportkit …` block of the README and docs is run and compared; `python -m tests.test_docs` rewrites them.

Every link between the pages leads to a file that is there, and to a heading in it.

A block is a fenced ```console block. Its commands run in order in a folder of their own that holds `data/`; what a
command prints, stdout and stderr, stands below it. A line `…` stands for any lines.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from supportkit.cli import run
from supportkit.metrics import METRICS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINKING = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").rglob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A command of a page and what it is said to print."""

    command: str
    expected: str
    written: str
    """The command as it stands in the page, which may be on several lines."""


def steps_of(block: str) -> Iterator[Step]:
    """The commands of a block with the lines below each."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.splitlines(keepends=True)
        written = command = lines.pop(0)
        while command.endswith("\\\n"):
            written += lines[0]
            command = command[:-2] + lines.pop(0)
        yield Step(command.strip(), "".join(lines), written)


def environment(folder: Path) -> dict[str, str]:
    """An environment in which `supportkit` is this checkout's."""
    shim = folder / "bin"
    shim.mkdir()
    script = shim / "supportkit"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m supportkit "$@"\n')
    script.chmod(0o755)
    (folder / "work").mkdir()
    (folder / "work" / "data").symlink_to(ROOT / "data")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SUPPORTKIT_")}
    key = "the key of the docs"
    return {
        **kept,
        "PATH": f"{shim}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "NO_COLOR": "1",
        "SUPPORTKIT_KEY": key,
        "HOME": str(folder),
    }


PLAIN = re.compile(r"""supportkit((?:'[^']*'|"[^"$`\\]*"|[^'"|&;<>(){}$`\\*?\[#~!])*)(?:\|([^|&].*))?""", re.DOTALL)
"""A command of ours in plain and quoted words, and what its output may be piped to."""


def output(command: str, folder: Path, env: dict[str, str]) -> str:
    """What a command prints, stdout and stderr in one, seconds made equal.

    A command of ours runs in this process, for an interpreter and its libraries take longer to start than most run.
    """
    plain = PLAIN.fullmatch(command)
    if not plain:
        return steady(shell(command, folder, env).decode())
    words, piped = shlex.split(plain[1]), plain[2]
    told = Sink()
    data = Sink() if piped else told
    with ExitStack() as stack:
        stack.enter_context(chdir(folder / "work"))
        stack.enter_context(environ(env))
        stack.enter_context(redirect_stdout(data))
        stack.enter_context(redirect_stderr(told))
        run(words)
    shown = told.content()
    if piped:
        shown += shell(piped, folder, env, data.content())
    return steady(shown.decode())


class Sink(io.TextIOWrapper):
    """A stream that keeps what is written to it, as text or through its buffer, in one order."""

    def __init__(self) -> None:
        self.kept = io.BytesIO()
        super().__init__(self.kept, encoding="utf-8", newline="", write_through=True)

    def content(self) -> bytes:
        """What was written."""
        return self.kept.getvalue()


@contextmanager
def environ(env: dict[str, str]) -> Iterator[None]:
    """While this lasts, the environment is this one and nothing else."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(env)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def shell(command: str, folder: Path, env: dict[str, str], given: bytes = b"") -> bytes:
    """What a line of a shell prints, stdout and stderr in one."""
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder / "work",
        env=env,
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    ).stdout


def steady(text: str) -> str:
    """A text without what differs from run to run: the seconds a load took."""
    return re.sub(r"\b\d+\.\d s$", "0.1 s", text, flags=re.MULTILINE)


def matches(shown: str, expected: str) -> bool:
    """Whether a text is the expected one, in which a line `…` stands for any lines."""
    parts = [re.escape(part) for part in re.split(r"^…\n", steady(expected), flags=re.MULTILINE)]
    return re.fullmatch("(?:.*\n)*?".join(parts), shown) is not None


def pages_with_blocks() -> list[Path]:
    """The pages that have commands to run."""
    return [page for page in PAGES if page.exists() and FENCE.search(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", pages_with_blocks(), ids=lambda page: page.name)
def test_every_command_of_a_page_prints_what_stands_below_it(page: Path, tmp_path: Path) -> None:
    env = environment(tmp_path)
    for block in FENCE.findall(page.read_text(encoding="utf-8")):
        for step in steps_of(block):
            shown = output(step.command, tmp_path, env)
            assert matches(shown, step.expected), f"{page.name}: $ {step.command}\n{shown}"


def test_every_metric_has_its_section() -> None:
    sections = re.findall(r"^## (.+)$", (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(sections) == sorted(METRICS)


def anchors_of(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", LINKING, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target in LINK.findall(re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        led = page.parent / name if name else page
        assert led.exists(), target
        assert not anchor or anchor in anchors_of(led), target


def rewrite(page: Path) -> None:
    """Put the true output below every command of a page; blocks that hold `…` stay."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = environment(folder)

        def block(match: re.Match[str]) -> str:
            text = []
            for step in steps_of(match[1]):
                shown = output(step.command, folder, env)
                kept = step.expected if "…\n" in step.expected and matches(shown, step.expected) else shown
                text.append(f"$ {step.written}{kept}")
            return "```console\n" + "".join(text) + "```"

        page.write_text(FENCE.sub(block, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    for found in [Path(word).resolve() for word in sys.argv[1:]] or pages_with_blocks():
        rewrite(found)
