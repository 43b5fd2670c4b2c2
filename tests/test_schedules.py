"""The schedules that are printed for pasting: each line in them is run, each file checked against what reads it."""

from __future__ import annotations

import configparser
import csv
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Call
from tests.pipelines import GITLAB, WORKFLOW, misfits
from tests.test_docs import environment


def printed(supportkit: Call, kind: str) -> str:
    """What `schedule` prints."""
    code, out, err = supportkit("schedule", f"--{kind}")
    assert (code, err) == (0, "")
    return out


def jobs(crontab: str) -> tuple[dict[str, str], list[tuple[list[str], str]]]:
    """A crontab as cron reads it: its variables, and the times and the command of each line. Raises ValueError."""
    variables, found = {}, []
    for line in crontab.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if setting := re.fullmatch(r"([A-Z_]+)=(.*)", line):
            variables[setting[1]] = setting[2]
            continue
        *times, command = line.split(None, 5)
        if len(times) != 5 or "%" in command:  # cron makes a line break of an unescaped %
            raise ValueError(line)
        for time, (low, high) in zip(times, ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7)), strict=True):
            numbers = [int(number) for number in re.findall(r"\d+", time)]
            if not re.fullmatch(r"(\*|\d+(-\d+)?)(/\d+)?(,\d+(-\d+)?)*", time) or not all(
                low <= number <= high for number in numbers
            ):
                raise ValueError(line)
        found.append((times, command))
    return variables, found


def lines(kind: str, text: str) -> list[str]:
    """The lines that a schedule has run, in its order and as a shell gets them; without the installation."""
    if kind == "cron":
        return [command for _, command in jobs(text)[1]]
    if kind == "systemd":
        return re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)
    yaml = pytest.importorskip("yaml", reason="no PyYAML here")
    read = yaml.safe_load(text)
    if kind == "gitlab":
        return list(read["support-report"]["script"])
    told = [step["run"] for step in read["jobs"]["report"]["steps"] if "run" in step]
    assert told[0] == "pip install ./supportkit"
    return told[1:]


WRITTEN = {
    "cron": ("reports/week-2026-W45.html", "reports/week-2026-W42.html", "reports/month-2026-10.html"),
    "systemd": ("reports/week-2026-W45.html", "reports/week-2026-W42.html"),
    "github": ("report.html", "checks.xml"),
    "gitlab": ("report.html", "checks.xml", "quality.json"),
}
"""What stands in the folder when a schedule has run on 11 November 2026."""


@pytest.fixture(scope="module")
def exports(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exports of a young shop: what the samples have of September 2026 and later."""
    folder = tmp_path_factory.mktemp("exports")
    for file in samples.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as read, (folder / file.name).open("w", newline="") as write:
            header, *rows = csv.reader(read)
            young = (row for row in rows if any(re.match("2026-(09|1)", cell) for cell in row))
            csv.writer(write).writerows([header, *young])
    return folder


@pytest.fixture
def desk(tmp_path: Path, samples: Path, exports: Path) -> tuple[Path, dict[str, str]]:
    """A folder as the schedules expect it: exports, reports, a configuration."""
    env = environment(tmp_path)
    home = (tmp_path / "work").rename(tmp_path / "support")  # as the crontab has it: $HOME/support
    shutil.copytree(exports, home / "exports")
    (home / "reports").mkdir()
    config = (samples / "supportkit.toml").read_text(encoding="utf-8").partition("[[check]]")[0]
    (home / "supportkit.toml").write_text(config + '[[check]]\nexpect = "service.tickets >= 1"\n', encoding="utf-8")
    return home, {**env, "SUPPORTKIT_DB": "support.duckdb"}


@pytest.mark.parametrize("kind", list(WRITTEN))
def test_every_line_of_a_schedule_runs_in_silence_and_leaves_its_files(
    kind: str, supportkit: Call, desk: tuple[Path, dict[str, str]]
) -> None:
    home, env = desk
    text = printed(supportkit, kind)
    if kind == "cron":
        variables = jobs(text)[0]
        assert variables.pop("SHELL") == "/bin/sh"
        env = {**env, **variables, "PATH": f"{home.parent / 'bin'}:{variables['PATH']}"}
    if kind in ("github", "gitlab"):
        del env["SUPPORTKIT_DB"]  # these name the store in every command
    run = lines(kind, text)
    assert len(run) >= 3
    for line in run:
        # the samples are of one day, and a schedule is run on another
        steady = line.replace("--max-age 3d", "--max-age 99999d").replace("--audience", "--as-of 2026-11-11 --audience")
        place = home.parent if kind == "cron" else home
        done = subprocess.run(["sh", "-ec", steady], cwd=place, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (line, done.stderr)
        told = [said for said in done.stderr.splitlines() if "rejected" not in said]
        assert told in ([], ["configuration: supportkit.toml"]), line
    assert [name for name in WRITTEN[kind] if not (home / name).is_file()] == []


def test_a_crontab_that_cron_would_not_take_is_refused() -> None:
    for line in ("0 7 * * true", "60 7 * * 1 true", "0 7 * 13 * true", "0 7 * * 1 date +%F", "@ 7 * * 1 true"):
        with pytest.raises(ValueError, match=re.escape(line)):
            jobs(line)


def test_the_crontab_is_one_that_cron_takes(supportkit: Call) -> None:
    assert [" ".join(times) for times, _ in jobs(printed(supportkit, "cron"))[1]] == [
        "30 5 * * *", "0 7 * * 1", "30 7 1 * *", "0 8 * * *",
    ]  # fmt: skip


def test_the_units_of_systemd_are_sound(supportkit: Call, tmp_path: Path) -> None:
    text = printed(supportkit, "systemd")
    files = dict(re.findall(r"^# \S+/([\w.-]+)\n(.*?)(?=^# |\Z)", text, re.MULTILINE | re.DOTALL))
    assert list(files) == ["supportkit-report.service", "supportkit-report.timer"]
    for name, content in files.items():
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read_string(content)
        assert "Unit" in parser
        (tmp_path / name).write_text(content, encoding="utf-8")
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        pytest.skip("no systemd-analyze here: the units were parsed, not verified")
    done = subprocess.run(
        [analyse, "verify", *map(str, tmp_path.iterdir())], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "supportkit-report" in line]
    assert (done.returncode, complaints) == (0, [])
    (calendar,) = re.findall(r"^OnCalendar=(.+)$", text, re.MULTILINE)
    read = subprocess.run([analyse, "calendar", calendar], capture_output=True, text=True, check=True).stdout
    assert "Normalized form: Mon *-*-* 07:00:00" in read


@pytest.mark.parametrize(("kind", "shape"), [("github", WORKFLOW), ("gitlab", GITLAB)])
def test_a_pipeline_has_the_keys_that_its_service_reads(kind: str, shape: object, supportkit: Call) -> None:
    yaml = pytest.importorskip("yaml", reason="no PyYAML here")
    text = printed(supportkit, kind)
    read = {("on" if name is True else name): part for name, part in yaml.safe_load(text).items()}  # YAML 1.1 reads on
    assert list(misfits(read, shape)) == []
    slips = {"runs-on:": "run-on:", "- run:": "- runs:", "script:": "scripts:", "when: always": "when: ever"}
    broken = [text.replace(*slip) for slip in slips.items() if slip[0] in text]
    assert len(broken) >= 2
    for one in broken:
        again = {("on" if name is True else name): part for name, part in yaml.safe_load(one).items()}
        assert list(misfits(again, shape)) != []


def test_one_schedule_is_asked_for_at_a_time(supportkit: Call) -> None:
    assert supportkit("schedule")[0] == 2
    assert supportkit("schedule", "--cron", "--github")[0] == 2
