"""The report as a page: one file, no script, no request, readable by a screen reader, the same bytes twice."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from supportkit.render.charts import caption, spec
from supportkit.render.drawing import inline_svg
from supportkit.render.html import from_results
from supportkit.result import Chart, Goal, Kind, Result, Scope, count, figure, key
from tests.browser import measured, violations, visit
from tests.computing import ReportOf, written
from tests.conftest import Call, Words
from tests.test_render import CONTROL, HOSTILE, Tags

REPORTS = [("manager", "2026-11-05"), ("head", "2026-W45"), ("director", "2026-10")]
LIMIT = 500_000


@pytest.fixture(scope="module")
def pages(report_of: ReportOf, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The three reports of the samples as pages."""
    folder = tmp_path_factory.mktemp("pages")
    made = {}
    for audience, period in REPORTS:
        made[audience] = folder / f"{audience}.html"
        made[audience].write_text(written(report_of(audience, period), "html"), encoding="utf-8", newline="")
    return made


@pytest.mark.parametrize("audience", [name for name, _ in REPORTS])
def test_a_page_is_one_small_file_without_script_or_address(audience: str, pages: dict[str, Path]) -> None:
    page = pages[audience].read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(page)
    assert len(page.encode()) < LIMIT
    assert not {"script", "link", "iframe", "object", "embed", "img", "form"} & {tag for tag, _ in tags.seen}
    assert not {name for _, names in tags.seen for name in names if name.startswith("on")}
    assert set(re.findall(r"https?://[^\s\"'<]+", page)) <= {"http://www.w3.org/2000/svg"}
    assert "Content-Security-Policy" in page


@pytest.mark.parametrize("audience", [name for name, _ in REPORTS])
def test_every_picture_has_a_title_and_a_text_of_its_own(audience: str, pages: dict[str, Path]) -> None:
    page = pages[audience].read_text(encoding="utf-8")
    pictures = re.findall(r'<svg [^>]*role="img" aria-labelledby="(\S+) (\S+)"', page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert pictures
    assert {name for pair in pictures for name in pair} <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_same_data_gives_the_same_bytes(
    pages: dict[str, Path], stored: Words, tmp_path: Path, supportkit: Call
) -> None:
    words = ("report", "--audience", "head", "--period", "2026-W45", *stored)
    assert supportkit(*words, "--format", "html")[1].encode() == pages["head"].read_bytes()
    assert supportkit(*words, "--output", tmp_path / "page.html", "-q") == (0, "", "")
    assert (tmp_path / "page.html").read_bytes() == pages["head"].read_bytes()


@pytest.mark.parametrize("audience", [name for name, _ in REPORTS])
def test_a_browser_asks_for_nothing_and_complains_of_nothing(
    audience: str, pages: dict[str, Path], tmp_path: Path
) -> None:
    seen = visit(pages[audience], tmp_path)
    assert seen.console == ()
    assert seen.asked == ()
    assert "</html>" in seen.dom


def test_the_browser_tells_of_a_request_and_of_a_complaint(tmp_path: Path) -> None:
    page = tmp_path / "loud.html"
    page.write_text("<img src='http://127.0.0.1:9/pixel.png'><script>console.error('loud')</script>")
    seen = visit(page, tmp_path)
    assert seen.asked == ("http://127.0.0.1:9/pixel.png",)
    assert any("loud" in line for line in seen.console)


@pytest.mark.parametrize("audience", [name for name, _ in REPORTS])
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("ru", 390)])
def test_axe_core_finds_no_violation(
    audience: str, lang: str, width: int, colours: str, report_of: ReportOf, tmp_path: Path
) -> None:
    text = written(report_of(audience, dict(REPORTS)[audience], lang), "html")
    asked = "(prefers-color-scheme: dark)"
    assert asked in text
    page = tmp_path / "page.html"
    page.write_text(text.replace(asked, "all") if colours == "dark" else text, encoding="utf-8")
    assert violations(page, tmp_path, width) == []


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("audience", [name for name, _ in REPORTS])
def test_no_table_and_no_picture_of_a_page_is_cut_off_on_a_desk(
    audience: str, language: str, report_of: ReportOf, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text(written(report_of(audience, dict(REPORTS)[audience], language), "html"), encoding="utf-8")
    script = """const told = [...document.querySelectorAll(".scroll, .picture")]
      .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.getAttribute("aria-label"));"""
    assert measured(page, tmp_path, script, 1280) == []


def test_links_to_sections_are_as_high_as_a_finger_needs_on_a_phone(pages: dict[str, Path], tmp_path: Path) -> None:
    script = """const told = [...document.querySelectorAll(".contents a, .see")]
      .map(one => [one.getBoundingClientRect().height, one.getBoundingClientRect().right]);"""
    found = measured(pages["director"], tmp_path, script, 390)
    assert len(found) > 10
    assert all(height >= 28 and right <= 390 for height, right in found)


def test_a_problem_has_the_width_of_a_phone_and_what_a_table_covers_is_read_without_moving_it(
    pages: dict[str, Path], tmp_path: Path
) -> None:
    script = """const told = [...document.querySelectorAll(".brief li > div:first-child, caption span")]
      .filter(one => one.offsetParent).map(one => [one.className || one.tagName, one.getBoundingClientRect()])
      .map(([name, box]) => [name, Math.round(box.left), Math.round(box.right)]);"""
    found = measured(pages["director"], tmp_path, script, 390)
    assert {name for name, _, _ in found} == {"DIV", "SPAN"}
    assert all(left >= 0 and right <= 390 for _, left, right in found)
    assert all(right - left > 300 for name, left, right in found if name == "DIV")


def test_a_figure_and_a_note_that_an_earlier_section_has_told_are_not_repeated(pages: dict[str, Path]) -> None:
    page = pages["director"].read_text(encoding="utf-8")
    assert page.count("14 series tested") == 1
    assert page.count("<dt>Tickets</dt>") == 2  # at the head once, and of the service


def drawn(chart: Chart, *names: tuple[str, Kind], rows: list[tuple[object, ...]]) -> Result:
    """A result with a picture."""
    columns = [key(name, kind) if kind in ("text", "period") else figure(name, kind, n="cases") for name, kind in names]
    scope = Scope("2026-W45", date(2026, 11, 2), date(2026, 11, 9), None, datetime(2026, 11, 8, tzinfo=UTC), rows=2)
    cases = [(*row, 1) for row in rows]
    return Result("sample", "A picture", "drawn", (*columns, count("cases")), tuple(cases), scope=scope, chart=chart)  # type: ignore[arg-type]


def test_no_line_of_a_grid_goes_through_what_stands_at_the_end_of_a_change() -> None:
    chart = Chart("change", "place", "n", before="was")
    made = spec(drawn(chart, ("place", "text"), ("n", "count"), ("was", "count"), rows=[("DE", 36, 24)]))
    assert made
    axis = made["layer"][0]["encoding"]["x"]["axis"]
    assert (
        axis["gridOpacity"]
        == axis["labelOpacity"]
        == {"condition": {"test": "datum.value > 36.0", "value": 0}, "value": 1}
    )


PICTURES = {
    "bar": drawn(Chart("bar", "place", "n"), ("place", "text"), ("n", "count"), rows=[("DE", 5), ("FR", None)]),
    "bar with a band": drawn(
        Chart("bar", "place", "n", low="low", high="high", mark="loud"),
        ("place", "text"), ("n", "count"), ("low", "number"), ("high", "number"), ("loud", "count"),
        rows=[("DE", 15, 1.0, 8.0, 1), ("FR", 5, 2.0, 9.0, None)],
    ),
    "interval": drawn(
        Chart("interval", "place", "score", low="low", high="high"),
        ("place", "text"), ("score", "share"), ("low", "share"), ("high", "share"),
        rows=[("DE", 0.5, 0.4, 0.6), ("FR", None, None, None)],
    ),
    "line": drawn(
        Chart("line", "week", "n", low="low", high="high", middle="expected"),
        ("week", "period"), ("n", "count"), ("low", "number"), ("high", "number"), ("expected", "number"),
        rows=[("2026-W44", 5, 1.0, 8.0, 4.0), ("2026-W45", 12, 1.0, 8.0, 4.0)],
    ),
    "panels": drawn(
        Chart("line", "week", "n", series="place"), ("place", "text"), ("week", "period"), ("n", "count"),
        rows=[("DE", "2026-W44", 1), ("DE", "2026-W45", 2), ("FR", "2026-W44", 3), ("FR", "2026-W45", None)],
    ),
    "heatmap": drawn(
        Chart("heatmap", "hour", "day", series="n"), ("day", "text"), ("hour", "count"), ("n", "number"),
        rows=[("Mon", 9, 1.5), ("Tue", 10, 3.0)],
    ),
    "pareto": drawn(Chart("pareto", "place", "n"), ("place", "text"), ("n", "count"), rows=[("DE", 5), ("FR", 3)]),
    "waterfall": drawn(
        Chart("waterfall", "place", "n"), ("place", "text"), ("n", "number"), rows=[("a", 5.0), ("b", -3.0)]
    ),
    "funnel": drawn(
        Chart("funnel", "step", "users", part="conversion_from_start"),
        ("step", "text"), ("users", "count"), ("conversion_from_start", "share"),
        rows=[("visit", 100, 1.0), ("paid", 40, 0.4)],
    ),
    "matrix": drawn(
        Chart("matrix", "step", "place", "drop", mark="loud", part="n"),
        ("place", "text"), ("step", "text"), ("drop", "share"), ("n", "count"), ("loud", "count"),
        rows=[("DE", "visit", 0.5, 100, 1), ("DE", "paid", None, 30, None),
              ("FR", "visit", 0.2, 4, 0), ("FR", "paid", None, 60, None)],
    ),
    "change": drawn(
        Chart("change", "place", "n", low="low", high="high", mark="loud", before="was"),
        ("place", "text"), ("n", "count"), ("was", "count"), ("low", "number"), ("high", "number"), ("loud", "count"),
        rows=[("FR", 5, 7, 2.0, 9.0, None), ("DE", 15, 4, 1.0, 8.0, 1), ("AT", 2, None, None, None, None)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", PICTURES)
def test_every_kind_of_picture_is_drawn_and_explained(kind: str) -> None:
    picture = spec(PICTURES[kind])
    assert picture is not None
    shown = inline_svg(picture, "c", "title", "text")
    assert inline_svg(picture, "c", "title", "text") == shown
    assert shown.count("<path") + shown.count("<line") >= 1
    assert "url(" not in shown
    assert caption(PICTURES[kind])


def test_an_hour_without_contacts_keeps_its_place() -> None:
    picture = spec(PICTURES["heatmap"])
    assert picture is not None
    assert picture["encoding"]["x"]["scale"]["domain"] == ["9", "10"]
    from dataclasses import replace

    gap = spec(replace(PICTURES["heatmap"], rows=(("Mon", 9, 1.5, 1), ("Tue", 12, 3.0, 1))))
    assert gap is not None
    assert gap["encoding"]["x"]["scale"]["domain"] == ["9", "10", "11", "12"]


def test_what_stands_out_is_marked_by_the_column_that_says_so() -> None:
    bars = spec(PICTURES["bar with a band"])
    assert bars is not None
    assert [(row["name"], row["mark"]) for row in bars["data"]["values"]] == [("DE", True), ("FR", False)]
    cells = spec(PICTURES["matrix"])
    assert cells is not None
    assert [(row["y"], row["label"], row["mark"]) for row in cells["data"]["values"]] == [
        ("DE", "50 % · n 100", True),
        ("FR", "20 % · n 4", False),  # a small group is there, with its n
    ]


def test_a_change_is_drawn_from_before_to_now_in_the_order_of_the_table() -> None:
    picture = spec(PICTURES["change"])
    assert picture is not None
    rows = picture["data"]["values"]
    assert [row["name"] for row in rows] == ["FR", "DE", "AT"]
    assert [row["label"] for row in rows] == ["7 → 5", "4 → 15", "2"]
    assert [(row["before"], row["value"], row["low"], row["high"]) for row in rows][:2] == [(7, 5, 2, 9), (4, 15, 1, 8)]


def test_a_figure_that_fails_its_target_is_red_as_well_as_marked() -> None:
    from dataclasses import replace

    column = replace(PICTURES["bar"].columns[1], better="up")
    bars = replace(PICTURES["bar"], columns=(PICTURES["bar"].columns[0], column, PICTURES["bar"].columns[2]))
    picture = spec(replace(bars, rows=(("DE", 5, 1), ("FR", 9, 1)), goals=(Goal("n", 7.0),)))
    assert picture is not None
    told = [(row["name"], row["label"], row["failed"], row["goal"]) for row in picture["data"]["values"]]
    assert told == [("DE", "✗ 5", True, 7), ("FR", "9", False, 7)]
    shown = inline_svg(picture, "c", "title", "text")
    assert shown.count('fill="var(--fail)"') == 2  # the bar and its figure


def test_a_picture_of_a_row_each_has_the_rows_of_the_table() -> None:
    from supportkit.render.document import DocumentSection

    cut = DocumentSection(PICTURES["change"], top=2)
    picture = spec(cut.pictured)
    assert picture is not None
    assert [row["name"] for row in picture["data"]["values"]] == [row[0] for row in cut.table().rows] == ["FR", "DE"]


SIZES = """
const told = [...document.querySelectorAll("figure svg")].map(svg => ({
  wide: svg.getBoundingClientRect().width / svg.closest("figure").getBoundingClientRect().width,
  least: Math.min(...[...svg.querySelectorAll("text")].map(
    text => parseFloat(getComputedStyle(text).fontSize) * Math.abs(text.getScreenCTM().a || text.getScreenCTM().b))),
}));
"""


@pytest.mark.parametrize(("width", "exactly"), [(1280, True), (390, False)])
def test_pictures_have_the_width_of_the_text_and_no_text_under_11_pixels(
    width: int, exactly: bool, pages: dict[str, Path], tmp_path: Path
) -> None:
    seen = measured(pages["director"], tmp_path, SIZES, width)
    assert len(seen) >= 5
    for one in seen:
        assert one["least"] >= 10.99
        assert one["wide"] == pytest.approx(1, abs=0.01) if exactly else one["wide"] >= 0.99


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_name_in_a_picture_is_cut_off_by_a_font_wider_than_that_it_was_measured_with(
    language: str, report_of: ReportOf, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    text = written(report_of("director", "2026-10", language), "html")
    wide = '<style>figure svg text { font-family: "DejaVu Sans", Verdana, sans-serif }</style></head>'
    page.write_text(text.replace("</head>", wide), encoding="utf-8")
    script = """const told = [...document.querySelectorAll("figure svg text")]
      .map(one => [one.textContent, one.getBoundingClientRect(), one.closest("svg").getBoundingClientRect()])
      .filter(([, box, all]) => box.left < all.left - 1 || box.right > all.right + 1).map(([name]) => name);"""
    assert measured(page, tmp_path, script, 1280) == []


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_without_figures_is_left_out(kind: str) -> None:
    from dataclasses import replace

    result = PICTURES[kind]
    assert spec(replace(result, rows=())) is None


@pytest.mark.parametrize("text", [text for text in HOSTILE if len(text) < 100])
def test_hostile_names_stay_text_in_a_picture(text: str) -> None:
    def page(name: str) -> str:
        chart = Chart("bar", "place", "n")
        return from_results([drawn(chart, ("place", "text"), ("n", "count"), rows=[(name, 5), ("FR", 3)])])

    plain, hostile = Tags(), Tags()
    plain.feed(page("x"))
    hostile.feed(page(text))
    assert hostile.seen == plain.seen
    assert not CONTROL.search(page(text))


def test_a_picture_drawn_beside_is_the_same_and_no_process_is_left() -> None:
    from supportkit.render import drawing_process

    picture = spec(PICTURES["change"])
    assert picture is not None
    here = inline_svg(picture, "c", "title", "text")
    with drawing_process.drawing_beside():
        (process,) = drawing_process._running
        assert inline_svg(picture, "c", "title", "text") == here
        assert inline_svg(picture, "c", "title", "text", "ru") == inline_svg(picture, "c", "title", "text", "ru")
        assert process.poll() is None
    assert drawing_process._running == []
    assert process.returncode == 0


def test_where_the_process_ends_before_its_time_pictures_are_drawn_here() -> None:
    from supportkit.render import drawing_process

    picture = spec(PICTURES["bar"])
    assert picture is not None
    here = inline_svg(picture, "c", "title", "text")
    with drawing_process.drawing_beside():
        (process,) = drawing_process._running
        process.kill()
        process.wait()
        assert inline_svg(picture, "c", "title", "text") == here
        assert drawing_process._running == []


def test_where_no_process_can_be_started_pictures_are_drawn_here(monkeypatch: pytest.MonkeyPatch) -> None:
    from supportkit.render import drawing_process

    picture = spec(PICTURES["bar"])
    assert picture is not None
    monkeypatch.setattr("sys.executable", "/no/such/program")
    with drawing_process.drawing_beside():
        assert drawing_process._running == []
        assert "<svg" in inline_svg(picture, "c", "title", "text")
