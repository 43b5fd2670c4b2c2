"""The help: commands in groups, whole sentences at 80 columns, and three examples of each that run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from supportkit.cli import COMMANDS
from supportkit.commands.examples import examples_of
from supportkit.metrics import LISTINGS, METRICS

Call = Callable[..., tuple[int, str, str]]
SAMPLES = Path(__file__).parent.parent / "data" / "samples"
GROUPS = ("Rise", "Drop out", "Worth", "Scores", "Service", "Explain", "Reports and checks", "Data")
NAMES = (*METRICS, *(command.name for command in COMMANDS))
EXAMPLES = [example for name in NAMES for example in examples_of(name)]
NOT_ZERO = {
    "check --period 2026-W44": (0, 1),
    "check --period 2026-W44 --write junit=checks.xml": (0, 1),
}


def test_a_bare_call_and_help_are_the_help(supportkit: Call) -> None:
    code, out, err = supportkit("--help")
    assert (code, err) == (0, "")
    assert supportkit() == (0, out, "")
    assert supportkit("-h") == (0, out, "")
    assert supportkit("help") == (0, out, "")
    assert supportkit("help", "nps") == supportkit("nps", "--help")
    assert supportkit("nps", "-h") == supportkit("nps", "--help")


def test_the_help_of_what_there_is_not_says_so(supportkit: Call) -> None:
    code, _, err = supportkit("help", "npss")
    assert code == 2
    assert "nps" in err


def test_the_root_lists_every_command_under_its_group_with_its_whole_sentence(supportkit: Call) -> None:
    _, out, _ = supportkit("--help")
    assert tuple(re.findall(r"^([A-Z][\w ]+):$", out, re.MULTILINE))[1:] == GROUPS
    assert max(map(len, out.splitlines())) <= 80
    lines = out.splitlines()
    for listing in LISTINGS:
        assert f"  {listing.name.replace('_', '-'):<14}  {listing.summary}" in lines
    for command in COMMANDS:
        assert f"  {command.name:<14}  {command.help}" in lines


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_a_command_has_a_sentence_three_examples_and_shared_options_last(
    name: str, supportkit: Call
) -> None:
    code, out, _ = supportkit(name, "--help")
    assert code == 0
    lines = out.splitlines()
    assert len(examples_of(name)) == 3
    assert [line.strip() for line in lines if line.startswith("  supportkit ")] == [
        f"supportkit {example}" for example in examples_of(name)
    ]
    assert max(map(len, lines)) <= 80
    assert "<str>" not in out
    assert "{" not in lines[0]
    headings = re.findall(r"^([A-Z][\w ]+):$", out, re.MULTILINE)
    assert headings[0] == "Examples"
    assert "Shared by all" not in headings[:-1]
    assert ("supportkit metrics " in out) == (name in METRICS or name == "metrics")


@pytest.mark.parametrize("name", ["tables", "rejects", "sql", "undo", "forget", "history", "sources"])
def test_what_a_command_refuses_is_not_in_its_help(name: str, supportkit: Call) -> None:
    assert "--period" not in supportkit(name, "--help")[1]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples, their configuration and a store of them, as a newcomer has it."""
    from supportkit.cli import run

    folder = tmp_path_factory.mktemp("shop")
    shutil.copytree(SAMPLES, folder / "data" / "samples")
    shutil.copy(SAMPLES / "supportkit.toml", folder)
    (folder / "other").mkdir()
    (folder / "tickets.csv").write_text("Opened,ticket_id\n2026-11-01,a1\n2026-11-02,a2\n", encoding="utf-8")
    (folder / "orders.csv").write_text(
        "order_id,ordered_at,amount,currency,customer_id,status\n1,2026-11-01,10,EUR,a,storniert\n", encoding="utf-8"
    )
    assert run(["load", str(folder / "data" / "samples"), "--db", str(folder / "supportkit.duckdb"), "-q"]) == 0
    return folder


@pytest.mark.parametrize("example", [example for example in EXAMPLES if example.split()[0] != "mcp"])
def test_the_examples_run(
    example: str, shop: Path, tmp_path: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(shop, folder)
    monkeypatch.chdir(folder)
    words = shlex.split(re.split(r" [|>] ", example)[0])
    if words[:1] == ["init"]:
        (folder / "supportkit.toml").unlink()
    if words[:1] == ["undo"]:
        supportkit("load", "orders.csv", "--quiet")
    if words[:2] == ["issues", "close"]:
        supportkit("issues", "add", "Payment", "--terms", "payment declined")
    code, _, err = supportkit(*words)
    assert code in NOT_ZERO.get(example, (0,)), err


@pytest.mark.parametrize("example", examples_of("mcp"))
def test_a_server_serves_until_its_stdin_is_closed(example: str, shop: Path) -> None:
    pytest.importorskip("mcp", reason="the library mcp is not installed")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-m", "supportkit", *shlex.split(example)]
    done = subprocess.run(words, cwd=shop, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b""), done.stderr
