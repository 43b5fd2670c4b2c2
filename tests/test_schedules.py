"""The schedules that are printed for pasting: each line in them is run, each file checked against what reads it."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from supportkit.checks.history import HISTORY
from tests.conftest import Call
from tests.pipelines import GITLAB, WORKFLOW, misfits
from tests.test_docs import environment


def printed(supportkit: Call, kind: str, *words: str) -> str:
    """What `schedule` prints."""
    code, out, err = supportkit("schedule", f"--{kind}", *words)
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
    """The lines that a schedule has run, in its order and as a shell gets them."""
    if kind == "cron":
        return [command for _, command in jobs(text)[1]]
    if kind == "systemd":
        return re.findall(r"^ExecStart(?:Pre)?=(.+)$", text, re.MULTILINE)
    yaml = pytest.importorskip("yaml", reason="no PyYAML here")
    read = yaml.safe_load(text)
    if kind == "gitlab":
        return [*read["support-report"]["before_script"], *read["support-report"]["script"]]
    return [step["run"] for step in read["jobs"]["report"]["steps"] if "run" in step]


WRITTEN = {
    "cron": ("reports/week-2026-W45.html", "reports/week-2026-W42.html", "reports/month-2026-10.html"),
    "systemd": ("reports/week-2026-W45.html", "reports/week-2026-W42.html"),
    "github": ("report.html", "checks.xml"),
    "gitlab": ("report.html", "checks.xml", "quality.json"),
}
"""What stands in the folder when a schedule has run on 11 November 2026."""


DAYS = [date(2026, 9, 1) + timedelta(days=n) for n in range(71)]  # to 10 November


def exports(folder: Path) -> None:
    """The exports of a small shop: three tickets, three answers and three visits a day, of whom two pay."""
    tickets = ["ticket_id,created_at,channel,category,first_reply_at"]
    surveys, events = ["kind,score,responded_at"], ["user_id,occurred_at,step"]
    for day in DAYS:
        for n in range(3):
            tickets.append(f"{day}{n},{day}T1{n}:00:00Z,email,delivery,{day}T1{n}:30:00Z")
            surveys.append(f"nps,{9 - n},{day}T1{n}:00:00Z")
            steps = ("visit", "paid") if n < 2 else ("visit",)
            events += [f"u{day}{n},{day}T1{n}:0{k}:00Z,{step}" for k, step in enumerate(steps)]
    folder.mkdir()
    for name, rows in (("tickets", tickets), ("surveys", surveys), ("events", events)):
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def wheel(folder: Path) -> Path:
    """The package as a wheel, as a build would make it: an archive of the files and of what is said of them."""
    from supportkit import __version__

    file = folder / f"supportkit-{__version__}-py3-none-any.whl"
    about = f"supportkit-{__version__}.dist-info"
    texts = {
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: supportkit\nVersion: {__version__}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": "[console_scripts]\nsupportkit = supportkit.__main__:start\n",
    }
    source = Path(__file__).parent.parent / "src"
    parts = [part for part in (source / "supportkit").rglob("*") if part.is_file() and part.suffix != ".pyc"]
    with zipfile.ZipFile(file, "w") as archive:
        for part in parts:
            archive.write(part, part.relative_to(source).as_posix())
        for name, text in texts.items():
            archive.writestr(name, text)
        names = [part.relative_to(source).as_posix() for part in parts] + list(texts)
        archive.writestr(f"{about}/RECORD", "".join(f"{name},,\n" for name in (*names, f"{about}/RECORD")))
    return file


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A repository of its own as the schedules expect it: exports, a configuration, and the package as a wheel."""
    env = environment(tmp_path)
    home = (tmp_path / "work").rename(tmp_path / "support")  # as the crontab has it: $HOME/support
    subprocess.run(["git", "init", "-q", str(home)], check=True)
    exports(home / "exports")
    (home / "vendor").mkdir()
    wheel(home / "vendor")
    funnel = '[funnel]\nsteps = ["visit", "paid"]\nwindow = "7d"\n'
    (home / "supportkit.toml").write_text(funnel + '[[check]]\nexpect = "service.tickets >= 1"\n', encoding="utf-8")
    return home, {**env, "SUPPORTKIT_DB": "support.duckdb"}


@pytest.mark.parametrize("kind", list(WRITTEN))
def test_every_line_of_a_schedule_runs_in_silence_in_a_repository_of_its_own(
    kind: str, supportkit: Call, desk: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, env = desk
    monkeypatch.chdir(home)
    (package,) = (home / "vendor").iterdir()
    pipeline = kind in ("github", "gitlab")
    text = printed(supportkit, kind, *(("--from", f"vendor/{package.name}") if pipeline else ()))
    if kind == "cron":
        variables = jobs(text)[0]
        assert variables.pop("SHELL") == "/bin/sh"
        env = {**env, **variables}
    if pipeline:
        del env["SUPPORTKIT_DB"]  # these name the store in every command
        installed = home.parent / "site"
        for name, command in (("pip", "-m pip"), ("supportkit", "-m supportkit")):
            shim = home.parent / "bin" / name
            shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" {command} "$@"\n')
            shim.chmod(0o755)
        # what pip downloads besides is there already; the package is taken from where it was installed to
        env |= {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_TARGET": str(installed), "PYTHONPATH": str(installed)}
    run = lines(kind, text)
    assert len(run) >= 3
    assert [line for line in run if " load " in line and "--strict" not in line] == []
    for line in run:
        # the exports are of one day, and a schedule is run on another
        steady = re.sub(r" (report|check) ", r" \1 --as-of 2026-11-11 ", line)
        place = home.parent if kind == "cron" else home
        done = subprocess.run(["sh", "-ec", steady], cwd=place, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (line, done.stderr)
        if not line.startswith("pip "):
            assert done.stderr.splitlines() in ([], ["configuration: supportkit.toml"], CONFIGURED), line
    assert [name for name in WRITTEN[kind] if not (home / name).is_file()] == []
    if pipeline:
        assert (home.parent / "site" / "supportkit" / "cli.py").is_file()


CONFIGURED = ["configuration: supportkit.toml", "checks judge 2026-W45, the last complete week by --as-of, 2026-11-11"]


@pytest.mark.parametrize("kind", ["cron", "systemd"])
def test_the_interpreter_is_the_one_that_printed_it(kind: str, supportkit: Call) -> None:
    command = Path(sys.executable).with_name("supportkit")
    own = str(command) if command.exists() else f"{sys.executable} -m supportkit"
    text = printed(supportkit, kind)
    calls = [line for line in lines(kind, text) if re.search(r" (load|report|check) ", line)]
    assert all(f"{own} " in line for line in calls)
    elsewhere = printed(supportkit, kind, "--program", "/opt/desk tools/supportkit")
    assert "/opt/desk tools/supportkit load exports" in elsewhere
    plain = printed(supportkit, kind, "--program", "supportkit")
    assert ("/usr/bin/env supportkit load" in plain) is (kind == "systemd")


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_a_pipeline_installs_from_where_the_package_is(
    kind: str, supportkit: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(__file__).parent.parent
    (tmp_path / "repository" / "sub" / "kit").mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    (tmp_path / "repository" / "a b.whl").touch()
    monkeypatch.chdir(tmp_path / "repository" / "sub")

    def installs(*words: str) -> str:
        found: list[str] = re.findall(r"pip install (.+)$", printed(supportkit, kind, *words), re.MULTILINE)
        return found[0]

    assert installs() == str(root)  # outside of this repository: where it really is
    assert installs("--from", "kit") == "./sub/kit"
    assert installs("--from", "../a b.whl") == "'./a b.whl'"
    assert installs("--from", "./to/come") == "./to/come"
    assert installs("--from", "git+https://host/kit.git@v1") == "git+https://host/kit.git@v1"
    assert installs("--from", "git@host:desk/kit.git") == "git+ssh://git@host/desk/kit.git"
    code, out, err = supportkit("schedule", f"--{kind}", "--from", "supportkit")  # an index would be asked for it
    assert (code, out, "there is no such folder or wheel" in err) == (2, "", True)
    assert supportkit("schedule", f"--{kind}", "--program", "supportkit")[0] == 2
    assert supportkit("schedule", "--cron", "--from", "kit")[0] == 2


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


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_a_pipeline_keeps_what_its_checks_remember_also_where_they_fail(kind: str, supportkit: Call) -> None:
    yaml = pytest.importorskip("yaml", reason="no PyYAML here")
    text = printed(supportkit, kind)
    (store,) = set(re.findall(r" check --db (\S+)", text))
    kept = store + HISTORY
    if kind == "gitlab":
        assert yaml.safe_load(text)["support-report"]["cache"] == {"key": "checks", "when": "always", "paths": [kept]}
        return
    steps = yaml.safe_load(text)["jobs"]["report"]["steps"]
    caches = [(number, step) for number, step in enumerate(steps) if "cache" in step.get("uses", "")]
    assert [step["uses"] for _, step in caches] == ["actions/cache/restore@v4", "actions/cache/save@v4"]
    assert {step["with"]["path"] for _, step in caches} == {kept}
    assert caches[1][1]["if"] == "always()"
    check = next(number for number, step in enumerate(steps) if " check " in step.get("run", ""))
    assert caches[0][0] < check < caches[1][0]


def test_the_image_of_a_pipeline_has_git_for_a_package_in_git(supportkit: Call) -> None:
    text = printed(supportkit, "gitlab", "--from", "git+https://host/kit.git")
    assert re.findall(r"image: (\S+)", text) == ["python:3.12"]  # python:3.12-slim and -alpine have no git


def test_one_schedule_is_asked_for_at_a_time(supportkit: Call) -> None:
    assert supportkit("schedule")[0] == 2
    assert supportkit("schedule", "--cron", "--github")[0] == 2


@pytest.mark.parametrize("kind", ["cron", "github", "gitlab"])
def test_the_comments_of_a_file_are_told_in_the_language_asked_for_and_its_lines_stay(
    kind: str, supportkit: Call
) -> None:
    told, english = (supportkit("schedule", f"--{kind}", "--lang", lang)[1].splitlines() for lang in ("ru", "en"))
    lines = [(one, other) for one, other in zip(told, english, strict=True) if one != other]
    assert lines
    for one, other in lines:
        assert one.lstrip().startswith("# ")
        assert other.lstrip().startswith("# ")
    named = (".github/", ".gitlab-ci.yml")
    comments = [one for one in told if one.lstrip().startswith("#") and not any(name in one for name in named)]
    assert comments
    assert all(re.search("[а-яё]{3}", one) for one in comments)
