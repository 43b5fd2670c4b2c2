"""PDF and single sections: the page printed by a browser, and the picture of one section."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser import browser
from tests.conftest import Call, Words

WEEK = ("report", "--period", "2026-W45", "-q")


def test_a_report_is_printed_by_the_browser_that_is_there_the_same_bytes_twice(
    supportkit: Call, stored: Words, tmp_path: Path
) -> None:
    browser()
    printed = []
    for number in range(3):
        path = tmp_path / f"{number}.pdf"
        assert supportkit(*WEEK, *stored, "--output", path) == (0, "", "")
        printed.append(path.read_bytes())
    assert printed[0].startswith(b"%PDF-")
    # on a busy machine a browser was seen to number one element of the page otherwise
    assert len(set(printed)) < len(printed)
    assert supportkit("nps", *stored, "-q", "--output", tmp_path / "nps.pdf")[0] == 0


@pytest.mark.parametrize("named", [None, "no-such-browser"])
def test_without_a_browser_it_says_what_to_do(
    named: str | None, supportkit: Call, stored: Words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("supportkit.system.browser.NAMES", ("chromium",))
    if named:
        monkeypatch.setenv("SUPPORTKIT_BROWSER", named)
    code, out, err = supportkit(*WEEK, *stored, "--output", tmp_path / "page.pdf")
    assert (code, out) == (2, "")
    assert "browser" in err
    assert "hint: install Chromium" in err
    assert ".html" in err
    assert not (tmp_path / "page.pdf").exists()


def test_a_browser_that_prints_nothing_is_told_of(
    supportkit: Call, stored: Words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\necho cannot open display >&2\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("SUPPORTKIT_BROWSER", str(program))
    code, _, err = supportkit(*WEEK, *stored, "--output", tmp_path / "page.pdf")
    assert code == 3
    assert "printed nothing: cannot open display" in err


def test_a_section_is_asked_for_by_its_id_or_its_metric(supportkit: Call, stored: Words, tmp_path: Path) -> None:
    picture = tmp_path / "funnel.svg"
    assert supportkit(*WEEK, *stored, "--section", "funnel-country", "--output", picture) == (0, "", "")
    drawn = picture.read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert "Germany" in drawn
    # a file of its own says what it shows: its title, what its figures are, of which days, and what its marks are
    for said in ("Funnel: visit, cart, payment, paid, by country", "within 7 days", "week 45", "in each cell: drop"):
        assert said in drawn
    assert supportkit(*WEEK, *stored, "--section", "nps", "--output", tmp_path / "nps.png") == (0, "", "")
    assert (tmp_path / "nps.png").read_bytes().startswith(b"\x89PNG")
    code, _, err = supportkit(*WEEK, *stored, "--section", "checks", "--output", tmp_path / "x.svg")
    assert (code, "checks: this section has no picture" in err) == (2, True)
    page = supportkit(*WEEK, *stored, "--section", "service-channel", "--format", "html")[1]
    assert re.findall(r'<h2 id="([^"]+)"', page) == ["service-channel"]
    code, _, err = supportkit(*WEEK, *stored, "--section", "funel-country", "-o", tmp_path / "x.svg")
    assert code == 2
    assert "did you mean 'funnel-country'?" in err
