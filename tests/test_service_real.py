"""Service on files that nobody here wrote, against answers worked out independently. Needs SUPPORTKIT_REAL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from supportkit import rows
from supportkit.backlog import backlog
from supportkit.handling import handling
from supportkit.service import service
from supportkit.store import open_store
from tests.conftest import Call

HOUR = 3600


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "real.duckdb"


def test_complaints_kept_their_promise_by_channel(real: Path, db: Path, supportkit: Call) -> None:
    assert supportkit("load", real / "cfpb_sample" / "complaints_sample.csv", "--guess", "--db", db)[0] == 0
    with open_store(db) as store:
        found = service(store)
    assert (found.facts["with_target"], found.facts["sla_kept"]) == (6_623, 6_529)
    assert found.facts["sla_met"] == pytest.approx(0.985807, abs=1e-6)
    assert found.facts["sla_open_late"] == 0  # whether they are open, nobody says
    assert {row["channel"]: (row["with_target"], row["sla_kept"]) for row in found.records()} == {
        "Web": (5_143, 5_068),
        "Referral": (627, 623),
        "Phone": (482, 470),
        "Postal mail": (267, 264),
        "Fax": (102, 102),
        "Email": (2, 2),
    }


def test_requests_to_a_city_are_closed_as_fast_as_its_agencies_are(real: Path, db: Path, supportkit: Call) -> None:
    assert supportkit("load", real / "nyc311_animals" / "311_Animals_short.csv", "--guess", "--db", db)[0] == 0
    with open_store(db) as store:
        found, stock = service(store, by="team"), backlog(store).facts
    # many are closed in the second of their creation: they came and went too
    assert [stock[name] for name in ("backlog", "inflow", "outflow")] == [277, 4_969, 4_692]
    facts: Any = found.facts
    assert (facts["tickets"], facts["solved"], facts["tickets"] - facts["solved"]) == (4_969, 4_692, 277)
    assert facts["resolution_p50_s"] / HOUR == pytest.approx(4.48, abs=0.005)
    assert facts["resolution_mean_s"] / HOUR == pytest.approx(26.25, abs=0.005)
    rows: dict[Any, Any] = {row["team"]: row for row in found.records()}
    assert (rows["NYPD"]["tickets"], rows["DSNY"]["tickets"]) == (1_804, 1_695)
    assert rows["NYPD"]["resolution_p50_s"] / HOUR == pytest.approx(2.10, abs=0.005)
    assert rows["DSNY"]["resolution_p50_s"] / HOUR == pytest.approx(43.78, abs=0.005)


def test_incidents_keep_their_promise_by_priority_and_are_opened_again(real: Path, db: Path, supportkit: Call) -> None:
    maps = (
        *("ticket_id=number", "created_at=opened_at", "priority=priority", "solved_at=resolved_at"),
        *("updated_at=sys_updated_at", "reopens=reopen_count", "sla_resolution=made_sla"),
        "closed_at=''",  # the known answers leave out what was closed and never resolved
    )
    words = [word for one in maps for word in ("--map", one)]
    file = real / "incident_uci" / "incident_event_log.csv"
    code, _, err = supportkit("load", file, "--as", "tickets", *words, "--db", db)
    assert code == 0, err
    with open_store(db) as store:
        found, taken = service(store, by="priority"), handling(store)
        broken, worst = (rows(store, "service", "breached", top=top).records() for top in (None, 3))
    facts: Any = found.facts
    assert (facts["with_target"], facts["sla_kept"]) == (890, 495)
    # nothing tells of first replies: those whose resolution took longest come first
    longest = sorted(
        (float(str(row["resolution_s"])) for row in broken if row["resolution_s"] is not None), reverse=True
    )
    assert [row["resolution_s"] for row in worst] == longest[:3]
    assert facts["sla_met"] == pytest.approx(0.55618, abs=1e-5)
    assert facts["tickets"] - facts["solved"] == 29
    assert facts["resolution_p50_s"] / HOUR == pytest.approx(54.47, abs=0.005)
    assert facts["resolution_mean_s"] / HOUR == pytest.approx(315.87, abs=0.005)
    kept = {str(row["with_target"]): row["sla_kept"] for row in found.records()}
    assert kept == {"15": 1, "33": 0, "757": 456, "85": 38}
    reopened: Any = taken.facts["reopen_rate"]
    assert round(reopened * int(str(taken.facts["with_reopens"]))) == 10
