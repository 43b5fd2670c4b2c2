"""Reports on their way: mail, notices, workbooks, messages; missing periods, the lock, nothing to report."""

from __future__ import annotations

import email
import email.policy
import io
import re
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from supportkit.commands.output import formatted_report
from supportkit.commands.shared_options import SharedOptions
from supportkit.render.language import Code
from supportkit.render.text import MOST_LINES
from supportkit.reports.delivery.mail import SENDER, mail
from supportkit.result import Result, count
from supportkit.system.atomic_files import output_lock
from tests.computing import ReportOf, written
from tests.conftest import Call, Words
from tests.test_render import HOSTILE, of

WEEK = ("report", "--period", "2026-W45")
DAY = ("report", "--audience", "manager", "--period", "2026-11-05")


@pytest.fixture(scope="module")
def letter(report_of: ReportOf) -> bytes:
    """The weekly report as a mail."""
    return mail(report_of("head", "2026-W45"), "head@example.com", SENDER).as_bytes()


def test_a_mail_has_text_html_under_102_kb_and_its_pictures_inside(letter: bytes) -> None:
    message = email.message_from_bytes(letter, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    page = html.get_content()
    assert message["To"] == "head@example.com"
    assert len(page.encode()) < 102_000
    assert "Germany loses 57 % at payment (66 of 116)" in text.get_content()
    assert "Germany loses 57\u00a0% at payment (66 of 116)" in page
    shown = set(re.findall(r'src="cid:([^"]+)"', page))
    parts = {part["Content-ID"].strip("<>"): part for part in message.walk() if part.get_content_type() == "image/png"}
    assert shown
    assert shown == set(parts)
    assert all(part.get_content().startswith(b"\x89PNG") for part in parts.values())
    assert "http" not in page


def test_a_mail_is_the_same_twice(supportkit: Call, stored: Words, letter: bytes, tmp_path: Path) -> None:
    file = tmp_path / "week.eml"
    assert supportkit(*WEEK, *stored, "--mail", f"head@example.com={file}", "-q") == (0, "", "")
    assert file.read_bytes() == letter


def test_a_mail_without_a_server_or_an_address_is_exit_code_2(supportkit: Call, stored: Words) -> None:
    assert supportkit(*DAY, *stored, "--mail", "head@example.com")[0] == 2
    assert supportkit(*DAY, *stored, "--mail", "nobody=file.eml")[0] == 2


class Hook(BaseHTTPRequestHandler):
    """A service on this machine that keeps what it was sent."""

    got: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        Hook.got.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Nothing is logged."""


@pytest.fixture
def hook() -> Iterator[str]:
    """The address of the service."""
    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of modules that apprise imports
def test_a_notice_reaches_a_service(supportkit: Call, stored: Words, hook: str) -> None:
    pytest.importorskip("apprise", reason="apprise is not installed")
    assert supportkit(*WEEK, *stored, "--notify", hook, "-q") == (0, "", "")
    assert b"Germany loses 57 % at payment (66 of 116)" in Hook.got[-1]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of modules that apprise imports
def test_an_unknown_service_is_exit_code_2(supportkit: Call, stored: Words) -> None:
    pytest.importorskip("apprise", reason="apprise is not installed")
    code, out, err = supportkit(*DAY, *stored, "--notify", "carrierpigeon://secret@loft")
    assert (code, out) == (2, "")
    assert "secret" not in err


def test_a_workbook_has_numbers_as_numbers_and_text_as_text(
    supportkit: Call, stored: Words, report_of: ReportOf, tmp_path: Path
) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    file = tmp_path / "week.xlsx"
    assert supportkit(*WEEK, *stored, "--output", file, "-q") == (0, "", "")
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[0] == "1 report"
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(isinstance(cell, float) and abs(cell - 66 / 116) < 1e-6 for cell in cells)  # DE leaves at payment
    assert file.read_bytes() == formatted_report(report_of("head", "2026-W45"), SharedOptions(format="xlsx"))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_no_formula_and_no_link_in_a_workbook(text: str) -> None:
    from supportkit.render.xlsx import from_results

    with zipfile.ZipFile(io.BytesIO(from_results([of(text)]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<hyperlink" not in sheet


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize(
    ("audience", "period"), [("manager", "2026-11-05"), ("head", "2026-W46"), ("director", "2026-10")]
)
def test_a_message_has_at_most_twelve_lines(lang: Code, audience: str, period: str, report_of: ReportOf) -> None:
    lines = written(report_of(audience, period, lang), "text").splitlines()
    assert 3 <= len(lines) <= MOST_LINES


def test_a_part_period_is_named_with_the_days_that_it_is_compared_with(report_of: ReportOf) -> None:
    out = written(report_of("head", "2026-W46"), "text")
    assert "Week 46, 9–15 November 2026 is a part period" in out
    assert "this page is of the days that are there, 9–11 November 2026" in out
    assert "as many before, 2–4 November 2026" in out


def test_missing_periods_are_written_and_those_there_are_left(supportkit: Call, stored: Words, tmp_path: Path) -> None:
    words = (*WEEK, *stored, "--format", "text", "--output", tmp_path / "{period}.txt", "--catch-up", "3")
    (tmp_path / "2026-W44.txt").write_text("here")
    assert supportkit(*words, "-q") == (0, "", "")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["2026-W43.txt", "2026-W44.txt", "2026-W45.txt"]
    assert (tmp_path / "2026-W44.txt").read_text() == "here"
    code, out, err = supportkit(*words)
    assert (code, out) == (0, "")
    assert "nothing to write" in err
    assert supportkit(*words, "-q", "--skip-code", "4") == (4, "", "")
    assert supportkit(*WEEK, *stored, "--catch-up", "3")[0] == 2


def test_a_second_run_on_one_output_is_busy_or_skipped(supportkit: Call, stored: Words, tmp_path: Path) -> None:
    file = tmp_path / "week.html"
    with output_lock(file):
        assert supportkit(*WEEK, *stored, "--output", file)[0] == 75
        assert supportkit(*WEEK, *stored, "--output", file, "-q", "--skip-code", "0") == (0, "", "")
    assert not file.exists()


def test_a_report_without_a_row_is_exit_code_3_or_the_skip_code(supportkit: Call, stored: Words) -> None:
    words = ("report", "--audience", "manager", "--period", "2020-03-05", *stored, "--format", "text")
    code, _, err = supportkit(*words)
    assert code == 3
    assert "no data" in err
    assert supportkit(*words, "--skip-code", "0", "-q")[0] == 0


OWN = """
[report.billing]
grain = "month"
sections = ["nps", { metric = "service", by = "channel", top = 2, columns = ["channel", "tickets"] }]
"""


def test_an_own_audience_has_its_sections(supportkit: Call, sample_store: Path, tmp_path: Path) -> None:
    config = tmp_path / "supportkit.toml"
    config.write_text(OWN)
    words = ("report", "--audience", "billing", "--period", "2026-10", "--db", sample_store, "--config", config)
    code, out, _ = supportkit(*words)
    assert code == 0
    assert "Report for billing: October 2026" in out
    assert re.search(r"^Channel +Tickets$", out, re.MULTILINE)
    assert supportkit("report", "--audience", "biling", "--db", sample_store, "--config", config)[0] == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[report.x]\nsections = []\n", "no sections"),
        ("[report.x]\nsection = ['nps']\n", "did you mean 'sections'"),
        ("[report.x]\nsections = ['npx']\n", "did you mean 'nps'"),
        ("[report.x]\ngrain = 'year'\nsections = ['nps']\n", "grain"),
        ("[report.x]\nsections = [{ metric = 'nps', top = 'all' }]\n", "top"),
        ("[report.x]\nsections = [{ metric = 'nps', buy = 'country' }]\n", "did you mean 'by'"),
    ],
)
def test_a_wrong_audience_is_exit_code_2_with_what_to_write(
    text: str, told: str, supportkit: Call, sample_store: Path, tmp_path: Path
) -> None:
    config = tmp_path / "supportkit.toml"
    config.write_text(text)
    code, _, err = supportkit("report", "--audience", "x", "--db", sample_store, "--config", config)
    assert code == 2
    assert told in err


def test_a_result_as_text_is_a_few_lines() -> None:
    from supportkit.render import render

    result = Result("m", "Title", "d", (count("n"),), ((1,),), {"n": 1}, fact_columns=(count("n"),))
    assert render([result], "text") == "Title\nN 1\nall data · 0 rows · time zone UTC\n"
