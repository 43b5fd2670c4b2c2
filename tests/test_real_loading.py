"""Real files by the maps of docs/load.md, and the answers that are known of them. Needs SUPPORTKIT_REAL."""

from __future__ import annotations

import os
import re
import shlex
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from supportkit.store import open_store
from tests.conftest import Call

PAGE = Path(__file__).parent.parent / "docs" / "load.md"
COMMAND = re.compile(r'^supportkit load "\$SUPPORTKIT_REAL(?:[^\n]*\\\n)*[^\n]*$', re.MULTILINE)
COUNTS = re.compile(r"read (\d+) = loaded (\d+) \+ updated (\d+) \+ unchanged (\d+) \+ older (\d+) \+ rejected (\d+)")
NOT_EXPORTS = {"LICENSE.txt"}


def commands(real: Path) -> list[list[str]]:
    """The load commands of the page, as words."""
    text = PAGE.read_text(encoding="utf-8")
    found = [match[0].replace("\\\n", " ") for match in COMMAND.finditer(text)]
    return [[word.replace("$SUPPORTKIT_REAL", str(real)) for word in shlex.split(command)][1:] for command in found]


@pytest.fixture
def store(real: Path, tmp_path: Path, supportkit: Call) -> Path:
    """All real files loaded by the commands of the page; every file is loaded and its books add up."""
    db = tmp_path / "real.duckdb"
    loaded: set[str] = set()
    for words in commands(real):
        code, _, err = supportkit(*words, "--db", db)
        assert code == 0, err
        for line in err.splitlines():
            if counts := COUNTS.search(line):
                read, *parts = (int(number) for number in counts.groups())
                assert read == sum(parts) > 0
                loaded.add(line.partition(":")[0])
    here = {file.name for _, _, names in os.walk(real) for file in map(Path, names) if file.suffix != ".md"}
    assert loaded == here - NOT_EXPORTS
    return db


def test_the_known_answers_come_out(store: Path) -> None:
    with open_store(store) as opened:

        def one(sql: str) -> tuple[Any, ...]:
            row: tuple[Any, ...] = opened.connection.execute(sql).fetchall()[0]
            return row

        shop = "from orders where source = 'cdnow'"
        assert one(f"select count(*), sum(amount), count(distinct customer_id) {shop}") == (
            69_659,
            Decimal("2500315.63"),
            23_570,
        )
        assert one(f"select count(*) {shop} and amount = 0") == (80,)
        repeat = f"select count(*) from (select 1 {shop} group by customer_id having count(*) > 1)"
        assert one(repeat) == (11_662,)
        assert one(f"select min(customer_id) {shop}") == ("00001",)

        retail = "from orders where source = 'online_retail'"
        assert one(f"select count(*), count(distinct customer_id), round(sum(amount), 2) {retail}") == (
            1_400,
            885,
            Decimal("572713.89"),
        )
        germany = f"select count(*), count(distinct customer_id), round(sum(amount), 2) {retail} and country = 'DE'"
        assert one(germany) == (30, 18, Decimal("15241.14"))
        assert one(f"select count(*) from (select 1 {retail} group by customer_id having count(*) > 1)") == (263,)

        reached = "select count(distinct user_id) from events where source = 'eshop' and cast(step as int) >= {}"
        assert [one(reached.format(page))[0] for page in range(1, 6)] == [6_941, 4_240, 2_628, 1_292, 389]
        poland = reached + " and country = '29'"
        assert [one(poland.format(page))[0] for page in range(1, 6)] == [5_437, 3_438, 2_138, 1_111, 356]

        cfpb = "from tickets where source = 'cfpb'"
        assert one(f"select count(*), count(*) filter (sla_resolution = 'within') {cfpb}") == (6_623, 6_529)
        assert one(f"select count(*) {cfpb} and created_at >= '2019-04-01' and created_at < '2019-05-01'") == (2_130,)
        assert one(f"select count(*) {cfpb} and category = 'Incorrect information on your report'") == (2_261,)

        incident = "from tickets where source = 'incident'"
        assert one(
            "select count(*), count(*) filter (sla_resolution = 'within'), count(*) filter (reopens > 0), "
            "count(solved_at), "
            "round(median(epoch(solved_at - created_at)) / 3600, 2), "
            f"round(avg(epoch(solved_at - created_at)) / 3600, 2) {incident}"
        ) == (890, 495, 10, 861, 54.47, 315.87)

        service = "from tickets where source = 'nyc311'"
        assert one(
            f"select count(*), count(closed_at), round(median(epoch(closed_at - created_at)) / 3600, 2), "
            f"round(avg(epoch(closed_at - created_at)) / 3600, 2) {service}"
        ) == (4_969, 4_692, 4.48, 26.25)

        assert one("select count(*), count(distinct category) from tickets where source = 'banking77'") == (10_003, 77)
        assert one("select count(*) from tickets where source = 'banking77_test'") == (3_080,)
        assert one("select count(*) from tickets where source like 'sib200%'") == (2_008,)
