"""`export --parquet` over what lies in a folder: what no manifest names goes, whatever ended the export before, and
what no export of ours wrote stays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

from supportkit.system.atomic_files import output_lock
from tests.conftest import Call
from tests.test_parquet_address import ORDERS, export, files, made_shop, shop

__all__ = ["made_shop", "shop"]

SOURCE = Path(__file__).parent.parent / "src"
KILLED = {
    "while files are written": "nth(e, '_swap', 1)",
    "after the first rename": "nth(e.os, 'replace', 2)",
    "before the manifest": "nth(e, 'write_manifest', 1)",
    "before the unlinking": "nth(e, 'remove_unnamed', 1)",
}
"""Where an export is killed: instead of a call, or of the n-th one."""
KILL = """
import os, sys
from supportkit import cli
from supportkit.store import parquet_export as e
def nth(module, name, number):
    real, calls = getattr(module, name), []
    def instead(*given):
        calls.append(given)
        if len(calls) == number:
            os._exit(9)
        return real(*given)
    setattr(module, name, instead)
"""


def killed(where: str, *words: str | Path) -> None:
    """Run an export that is killed there."""
    code = f"{KILL}\n{KILLED.get(where, where)}\nsys.exit(cli.run(sys.argv[1:]))"
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    process = subprocess.run([sys.executable, "-c", code, *map(str, words)], env=environment, check=False)
    assert process.returncode == 9


def unnamed(folder: Path) -> set[str]:
    """The files of a folder that its manifest does not name."""
    manifest = json.loads((folder / "manifest.json").read_text())
    return set(files(folder)) - {one["file"] for one in manifest["files"]} - {"manifest.json"}


def add(supportkit: Call, shop: Path, customer: str) -> None:
    """Load an order of each month of a customer."""
    rows = "".join(f"{customer}{month},2026-{month}-05T10:00:00Z,{customer},9.00\n" for month in ("01", "02", "03"))
    (shop / "more.csv").write_text(ORDERS + rows, encoding="utf-8")
    assert supportkit("load", shop / "more.csv", "--db", shop / "shop.duckdb")[0] == 0


@pytest.mark.parametrize("where", KILLED)
def test_no_row_outlives_an_export_that_was_killed(where: str, shop: Path, supportkit: Call) -> None:
    out = shop / "out"
    add(supportkit, shop, "zed")
    killed(where, "export", "--db", shop / "shop.duckdb", "--parquet", out, "--partition", "month", "-q")
    assert unnamed(out)
    assert any(b"zed01" in content for _, content in files(out).values())
    assert supportkit("forget", "zed", "--db", shop / "shop.duckdb")[0] == 0
    assert export(supportkit, shop) == 0
    assert unnamed(out) == set()
    assert not any(b"zed01" in content for _, content in files(out).values())
    assert supportkit("ltv", "--db", f"parquet:{out}")[0] == 0


def test_an_export_that_changes_nothing_takes_leftovers_away_and_nothing_else(shop: Path, supportkit: Call) -> None:
    out = shop / "out"
    assert export(supportkit, shop) == 0
    expected = files(out)
    (month,) = (out / "orders").glob("month=2026-01")
    (named,) = month.iterdir()
    strays = ["orders/month=2026-01/0.parquet", "orders/month=2020-01/1.parquet", "surveys/month=2026-01/2.parquet"]
    strays += ["orders/month=2026-01/.3.parquet.part", "tickets.parquet", ".loads.parquet.part"]
    for stray in strays:
        (out / stray).parent.mkdir(parents=True, exist_ok=True)
        (out / stray).write_bytes(named.read_bytes())
    others = ["notes.parquet", "mine/orders.parquet", "orders/README", "orders/_SUCCESS", ".own.part"]
    for other in others:
        (out / other).parent.mkdir(parents=True, exist_ok=True)
        (out / other).write_bytes(b"not of the export")
    assert export(supportkit, shop) == 0
    left = files(out)
    assert set(left) == {*expected, *others}
    assert not (out / "orders" / "month=2020-01").exists()
    same = {name for name in expected if left[name] == expected[name]}
    assert set(expected) - same == {"manifest.json"}


@pytest.mark.parametrize("where", ["nth(e.os, 'replace', 3)", "nth(e, 'write_manifest', 2)"])
def test_a_first_export_that_was_killed_is_told_and_goes_on(where: str, shop: Path, supportkit: Call) -> None:
    new = shop / "new"
    killed(where, "export", "--db", shop / "shop.duckdb", "--parquet", new, "-q")
    code, out, err = supportkit("ltv", "--db", f"parquet:{new}")
    assert (code, out) == (3, "")
    assert "the export to it was not finished" in err
    assert supportkit("export", "--db", shop / "shop.duckdb", "--parquet", new, "--partition", "month")[0] == 0
    assert unnamed(new) == set()


@pytest.mark.parametrize("name", ["orders.parquet", "manifest.json", "orders/mine.parquet", "surveys/notes.txt"])
def test_a_folder_with_files_of_others_is_refused_and_left_as_it_is(name: str, shop: Path, supportkit: Call) -> None:
    foreign = shop / "foreign"
    (foreign / name).parent.mkdir(parents=True)
    (foreign / name).write_text('{"program": "another"}')
    before = files(foreign)
    code, out, err = supportkit("export", "--db", shop / "shop.duckdb", "--parquet", foreign)
    assert (code, out) == (2, "")
    assert f"{foreign}: has {name.split('/')[0]}, which no export of supportkit wrote" in err
    assert "name an empty folder" in err
    assert files(foreign) == before


@pytest.mark.parametrize("named", ["", "  "])
def test_a_folder_without_a_name_is_refused(
    named: str, shop: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "here").mkdir()
    monkeypatch.chdir(shop / "here")
    code, out, err = supportkit("export", "--db", shop / "shop.duckdb", "--parquet", named)
    assert (code, out, "--parquet: names no folder" in err) == (2, "", True)
    assert list((shop / "here").iterdir()) == []


def test_the_home_of_a_person_is_written_as_a_tilde(
    shop: Path, supportkit: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(shop))
    monkeypatch.setenv("USERPROFILE", str(shop))
    monkeypatch.chdir(shop)
    assert supportkit("export", "--db", shop / "shop.duckdb", "--parquet=~/new")[0] == 0
    assert (shop / "new" / "manifest.json").is_file()
    assert not (shop / "~").exists()


@pytest.mark.skipif(os.name != "posix", reason="links want a right on Windows")
@pytest.mark.parametrize("place", ["orders", "orders/month=2026-02"])
def test_a_table_s_folder_that_is_a_link_is_not_written_to(place: str, shop: Path, supportkit: Call) -> None:
    out = shop / "out"
    os.rename(out / place, shop / "elsewhere")
    (out / place).symlink_to(shop / "elsewhere")
    (shop / "elsewhere" / "mine.parquet").write_bytes(b"not of the export")
    before = files(shop / "elsewhere")
    add(supportkit, shop, "zed")
    code, _, err = supportkit("export", "--db", shop / "shop.duckdb", "--parquet", out, "--partition", "month")
    assert (code, f"{out / place}: is a link to another folder" in err) == (2, True)
    assert files(shop / "elsewhere") == before


@pytest.mark.skipif(os.name != "posix", reason="links want a right on Windows")
def test_a_link_with_the_name_of_an_unfinished_file_goes_and_what_it_led_to_stays(shop: Path, supportkit: Call) -> None:
    new, secret = shop / "new", shop / "secret.txt"
    secret.write_text("hunter2")
    assert supportkit("export", "--db", shop / "shop.duckdb", "--parquet", new)[0] == 0
    (new / ".orders.parquet.part").symlink_to(secret)
    add(supportkit, shop, "zed")
    assert supportkit("export", "--db", shop / "shop.duckdb", "--parquet", new)[0] == 0
    assert secret.read_text() == "hunter2"
    assert unnamed(new) == set()


@pytest.mark.skipif(os.name != "posix", reason="links want a right on Windows")
def test_a_folder_that_is_itself_reached_by_a_link_is_written(shop: Path, supportkit: Call) -> None:
    copytree(shop / "out", shop / "real")
    (shop / "link").symlink_to(shop / "real")
    add(supportkit, shop, "zed")
    words = ("export", "--db", shop / "shop.duckdb", "--parquet", shop / "link", "--partition", "month")
    assert supportkit(*words)[0] == 0
    assert unnamed(shop / "real") == set()


def test_two_exports_at_once_to_one_folder_are_told_apart(shop: Path, supportkit: Call) -> None:
    with output_lock((shop / "out").resolve()):
        code, _, err = supportkit("export", "--db", shop / "shop.duckdb", "--parquet", shop / "out")
    assert (code, f"{(shop / 'out').resolve()}: another run is writing it" in err) == (75, True)


def test_a_file_that_was_damaged_without_a_change_of_its_size_is_written_anew(shop: Path, supportkit: Call) -> None:
    (orders,) = (shop / "out" / "orders" / "month=2026-01").iterdir()
    whole = orders.read_bytes()
    orders.write_bytes(whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
    assert export(supportkit, shop) == 0
    assert orders.read_bytes() == whole
