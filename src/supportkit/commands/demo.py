"""The command that shows the sample shop: its weekly report, and two commands to go on with."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from supportkit.commands.output import formatted_report, write_output
from supportkit.commands.report_output import ReportSource, build_report, repeated_options
from supportkit.commands.shared_options import SharedOptions, load_config, open_selected
from supportkit.period import last_complete
from supportkit.reports.audiences import PLANS
from supportkit.reports.report import ReportRequest


def demo_command() -> None:
    """Load the bundled samples in memory and print the weekly report."""
    from supportkit.commands.samples import samples_folder

    folder = _from_here(samples_folder())
    shared = SharedOptions(data=(folder,), config=folder / "supportkit.toml", quiet=True)
    config = load_config(shared)
    with open_selected(shared, config, PLANS["head"].tables()) as store:
        latest = store.latest("tickets")
        assert latest is not None
        period = last_complete("week", latest, store.zone)
        asked = ReportRequest("head", period, repeated_options(shared), program=_called())
        made = build_report(ReportSource(store, config), PLANS["head"], asked)
    deeper = [sentence.command for sentence in made.sentences if sentence.command]
    page = asked.command("report", "--output", "report.html")
    following = "\n".join(("", "Why it stands out, and the same report as a page:", "", *deeper, page, ""))
    write_output(formatted_report(made, SharedOptions()) + following.encode(), SharedOptions())


def _from_here(folder: Path) -> Path:
    """A folder as one names it in the working directory, where it is below."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _called() -> tuple[str, ...]:
    """The words that call this program again in this folder: its name where a shell finds it, else where it is."""
    found, script = shutil.which("supportkit"), sys.argv[0]
    if os.path.basename(script) == "supportkit" and os.path.isfile(script):
        same = found is not None and os.path.samefile(found, script)
        return ("supportkit",) if same else (os.path.join(os.path.dirname(script) or ".", "supportkit"),)
    return ("supportkit",) if found else (sys.executable, "-m", "supportkit")
