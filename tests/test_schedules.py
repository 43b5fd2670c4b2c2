"""The schedules that are printed for pasting: each command in them is run, each file parsed."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Call
from tests.test_docs import environment

CRON = re.compile(r"^([\d*/,-]+ ){5}(.+)$")


def printed(supportkit: Call, kind: str) -> str:
    """What `schedule` prints."""
    code, out, err = supportkit("schedule", f"--{kind}")
    assert (code, err) == (0, "")
    return out


def commands(text: str) -> list[str]:
    """The supportkit commands of a schedule, in its order."""
    found = re.findall(r"(supportkit (?:load|report|check) .+)$", text, re.MULTILINE)
    assert len(found) >= 3
    return found


@pytest.fixture
def desk(tmp_path: Path, samples: Path) -> tuple[Path, dict[str, str]]:
    """A folder as the schedules expect it: exports, reports, a configuration."""
    env = environment(tmp_path)
    home = tmp_path / "work"
    (home / "exports").mkdir()
    for file in samples.glob("*.csv"):
        shutil.copy(file, home / "exports")
    (home / "reports").mkdir()
    config = (samples / "supportkit.toml").read_text(encoding="utf-8").partition("[[check]]")[0]
    (home / "supportkit.toml").write_text(config + '[[check]]\nexpect = "service.tickets >= 1"\n', encoding="utf-8")
    return home, {**env, "SUPPORTKIT_DB": "support.duckdb"}


@pytest.mark.parametrize("kind", ["cron", "systemd", "github", "gitlab"])
def test_every_command_of_a_schedule_runs_in_silence(
    kind: str, supportkit: Call, desk: tuple[Path, dict[str, str]]
) -> None:
    home, env = desk
    for command in commands(printed(supportkit, kind)):
        steady = command.replace("--max-age 3d", "--max-age 99999d")
        if " report " in command:
            steady += " --as-of 2026-11-11"
        done = subprocess.run(["sh", "-c", steady], cwd=home, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stderr)
        quiet = [line for line in done.stderr.splitlines() if "rejected" not in line]
        assert quiet == [], command
    assert list(home.glob("**/*.html"))


def test_a_crontab_line_has_five_times_and_a_command(supportkit: Call) -> None:
    lines = [line for line in printed(supportkit, "cron").splitlines() if line and not line.startswith("#")]
    jobs = [line for line in lines if not re.match(r"^[A-Z_]+=", line)]
    assert len(jobs) == 4
    assert all(CRON.match(job) for job in jobs)
    assert not any("%" in job for job in jobs)  # cron makes a line break of it


def test_the_units_of_systemd_are_sound(supportkit: Call, tmp_path: Path) -> None:
    text = printed(supportkit, "systemd")
    files = dict(re.findall(r"^# \S+/([\w.-]+)\n(.*?)(?=^# |\Z)", text, re.MULTILINE | re.DOTALL))
    assert list(files) == ["supportkit-report.service", "supportkit-report.timer"]
    for name, content in files.items():
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read_string(content)
        assert "Unit" in parser
        (tmp_path / name).write_text(content.replace("User=support\n", ""), encoding="utf-8")
    analyse = shutil.which("systemd-analyze")
    if analyse:
        done = subprocess.run(
            [analyse, "verify", *map(str, tmp_path.iterdir())], capture_output=True, text=True, check=False
        )
        assert "Unknown" not in done.stderr


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_a_pipeline_is_sound_yaml(kind: str, supportkit: Call) -> None:
    yaml = pytest.importorskip("yaml", reason="no PyYAML here")
    read = yaml.safe_load(printed(supportkit, kind))
    if kind == "github":
        job = read["jobs"]["report"]
        assert read[True] == {"schedule": [{"cron": "0 7 * * 1"}], "workflow_dispatch": None}  # YAML reads on as true
        assert job["runs-on"] == "ubuntu-latest"
        assert all(len({"uses", "run"} & set(step)) == 1 for step in job["steps"])
    else:
        job = read["support-report"]
        assert {"image", "rules", "script", "artifacts"} <= set(job)
        assert set(job["artifacts"]["reports"]) == {"junit", "codequality"}


def test_one_schedule_is_asked_for_at_a_time(supportkit: Call) -> None:
    assert supportkit("schedule")[0] == 2
    assert supportkit("schedule", "--cron", "--github")[0] == 2
