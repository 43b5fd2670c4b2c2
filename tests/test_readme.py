"""The README as a newcomer reads it: every line is run, one after the other, in a fresh clone and a clean shell."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from typing import Final

import pytest

from tests.test_docs import ROOT, matches, steps_of

BLOCK: Final = re.compile(r"^```(sh|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK: Final = "@@@ the line before this one ended with"


def lines(page: str) -> list[tuple[str, str]]:
    """The lines of a page to be typed, in their order, each with what is said to be printed below it."""
    found = []
    for kind, block in BLOCK.findall(page):
        if kind == "sh":
            found += [(line, "…\n") for line in block.splitlines()]
        else:
            found += [(step.command, step.expected) for step in steps_of(block)]
    return found


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone, what is not committed yet laid over it; its `.venv` needs no network.

    This interpreter's packages stand in for those that `make` would install; what else an installation does, a
    command in `.venv/bin` that imports the clone's code, is done as it does it.
    """
    if not ((ROOT / ".git").exists() and shutil.which("git") and shutil.which("make")):
        pytest.skip("no git, no make, or this is no clone")
    folder = tmp_path_factory.mktemp("fresh") / "supportkit"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True, capture_output=True)
    listed = ["git", "-C", str(ROOT), "ls-files", "-z", "--modified", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split("\0")[:-1]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, folder / name)
        else:
            (folder / name).unlink(missing_ok=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / ".venv")], check=True)
    (packages,) = (folder / ".venv" / "lib").glob("python*/site-packages")
    borrowed = dict.fromkeys((str(folder / "src"), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (packages / "borrowed.pth").write_text("\n".join(borrowed) + "\n", encoding="utf-8")
    command = folder / ".venv" / "bin" / "supportkit"
    command.write_text(f"#!{folder}/.venv/bin/python\nfrom supportkit.cli import main\n\nmain()\n", encoding="utf-8")
    command.chmod(0o755)
    for stamp in (".base", ".dev"):
        (folder / ".venv" / stamp).touch()
    return folder


def typed(words: list[str], folder: Path) -> list[tuple[int, str]]:
    """Lines typed into one clean shell: the exit code of each and what it printed, stdout and stderr in one."""
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    env = {"PATH": os.defpath, "HOME": str(home), "LANG": "C.UTF-8", "TMPDIR": str(folder.parent)}
    script = "".join(f"{line}\nprintf '%s %d\\n' '{MARK}' $?\n" for line in words)
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-o", "pipefail"],
        input=script.encode(),
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    parts = re.split(rf"^{MARK} (\d+)\n", done.stdout.decode(), flags=re.MULTILINE)
    return [(int(code), shown) for shown, code in zip(parts[::2], parts[1::2], strict=False)]


def test_every_line_of_the_readme_works_in_a_fresh_clone_and_a_clean_shell(clone: Path) -> None:
    page = lines((clone / "README.md").read_text(encoding="utf-8"))
    assert page[0][0] == "make demo"
    outcome = typed([line for line, _ in page], clone)
    assert len(outcome) == len(page)
    for (line, expected), (code, shown) in zip(page, outcome, strict=True):
        assert code == 0, (line, shown)
        assert matches(shown, expected), (line, shown)


def test_the_demo_is_one_screen_and_its_commands_work_as_pasted(clone: Path) -> None:
    ((code, shown),) = typed(["make demo"], clone)
    assert code == 0
    lines = shown.splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 100
    commands = re.findall(r"^  (\.venv/bin/supportkit .+)$", shown.replace(" \\\n", ""), re.MULTILINE)
    assert [command.split()[1] for command in commands] == ["trends", "why", "ltv", "survey-quality", "report"]
    outcome = typed(commands, clone)
    assert [code for code, _ in outcome] == [0] * 5, outcome
    assert outcome[1][1].startswith("configuration: data/samples/supportkit.toml\nWhy: users at payment")
    assert (clone / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_command_is_called_by_its_name_where_the_shell_finds_it(clone: Path) -> None:
    *_, (code, shown) = typed([". .venv/bin/activate", "supportkit demo"], clone)
    assert code == 0
    assert re.findall(r"^  (\S*supportkit) ", shown, re.MULTILINE) == ["supportkit"] * 5


def test_nothing_is_installed_by_a_name_that_nobody_holds() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours = [*extras["dependencies"], *(one for extra in extras["optional-dependencies"].values() for one in extra)]
    known = {re.split(r"[\s;]", one)[0] for one in ours} | {re.split(r"[<>=~\s;]", one)[0] for one in ours}
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.py")]
    told = [
        (page.name, "".join(name))
        for page in pages
        for name in re.findall(
            r"pip install (?:--?[a-z-]+ )*(?:'([^']+)'|([^\s'\",`]+))", page.read_text(encoding="utf-8")
        )
    ]
    assert ("checks.md", "./supportkit") in told
    known.add("requirements.txt")
    assert [one for one in told if one[1] not in known and not one[1].startswith(".")] == []
