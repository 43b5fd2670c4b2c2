"""Chromium without a window, for tests of pages; where it or axe-core is not installed the tests are skipped."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--no-first-run", "--disable-sync", "--disable-default-apps", "--hide-scrollbars", "--enable-logging=stderr",
)  # fmt: skip
MAKER = re.compile(r"https?://[\w.-]*\.(google|googleapis|gvt1|gvt2)\.com/")  # the browser's own calls


@dataclass(frozen=True)
class Visit:
    """What came of opening a page: its elements when it was done, the console, the addresses asked for."""

    dom: str
    console: tuple[str, ...]
    asked: tuple[str, ...]


def browser() -> str:
    """The browser's program; the test is skipped where there is none."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )
    if not found:
        pytest.skip("no Chromium here: apt-get install chromium")
    return found


def axe() -> str:
    """The source of axe-core; the test is skipped where it is not installed."""
    named = os.environ.get("SUPPORTKIT_AXE")
    path = Path(named) if named else ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        pytest.skip("no axe-core here: npm install axe-core, or SUPPORTKIT_AXE=…/axe.min.js")
    return path.read_text(encoding="utf-8")


def visit(page: Path, folder: Path, width: int = 1280) -> Visit:
    """Open a file and say what happened."""
    log = folder / "net.json"
    command = [
        browser(), *QUIET, f"--user-data-dir={folder / 'profile'}", f"--window-size={width},2000",
        f"--log-net-log={log}", "--virtual-time-budget=5000", "--dump-dom", page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    console = tuple(line for line in done.stderr.splitlines() if ":CONSOLE" in line)
    return Visit(done.stdout, console, _asked(log, page))


def _asked(log: Path, page: Path) -> tuple[str, ...]:
    """The addresses that the page asked for beyond itself; what the browser asks for on its own is no page's."""
    urls = re.findall(r'"url":"([^"]+)"', log.read_text(encoding="utf-8"))
    own = ("chrome", "devtools", "data:", "about:", page.as_uri())
    return tuple(sorted({url for url in urls if not url.startswith(own) and not MAKER.match(url)}))


def measured(page: Path, folder: Path, script: str, width: int) -> list[Any]:
    """What a script that fills `told` finds in a page of that width; a window may be no narrower than 500 pixels."""
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    tail = 'const pre = document.createElement("pre"); pre.id = "told"; pre.textContent = JSON.stringify(told);'
    narrow = f"<style>body {{ width: {width}px }}</style>" if width < 500 else ""
    (folder / "measure.js").write_text(f"{script}\n{tail}document.body.appendChild(pre);", encoding="utf-8")
    judged = folder / "measured.html"
    judged.write_text(text.replace("</body>", f'{narrow}<script src="measure.js"></script></body>'), encoding="utf-8")
    found = re.search(r'<pre id="told">(.*?)</pre>', visit(judged, folder, max(width, 500)).dom, re.DOTALL)
    assert found, "the script did not run"
    told: list[Any] = json.loads(html.unescape(found[1]))
    return told


def violations(page: Path, folder: Path, width: int = 1280) -> list[Any]:
    """What axe-core finds wrong with a page."""
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    run = """axe.run(document, {resultTypes: ["violations"]}).then(found => {
      const told = found.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html)}));
      document.body.innerHTML = ""; const pre = document.createElement("pre"); pre.id = "axe";
      pre.textContent = JSON.stringify(told); document.body.appendChild(pre); });"""
    (folder / "axe.js").write_text(axe() + "\n" + run, encoding="utf-8")
    judged = folder / "judged.html"
    judged.write_text(text.replace("</body>", '<script src="axe.js"></script></body>'), encoding="utf-8")
    dom = visit(judged, folder, width).dom
    found = re.search(r'<pre id="axe">(.*?)</pre>', dom, re.DOTALL)
    assert found, "axe-core did not run"
    told: list[Any] = json.loads(html.unescape(found[1]))
    return told
