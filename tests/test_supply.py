"""What the project stands on: licences that fit, holes that are told, versions with their hashes."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from email.message import EmailMessage
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from supply.audit import audited, told
from supply.index import NotThere, Unreachable
from supply.licences import refused

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 29, tzinfo=UTC)


class Package(Distribution):
    """A package that says this of its licence."""

    def __init__(self, **says: str) -> None:
        self.says = EmailMessage()
        for name, value in ({"Name": "one", "Version": "1"} | says).items():
            self.says[name.replace("_", "-")] = value

    @property
    def metadata(self) -> Any:
        return self.says

    def read_text(self, filename: str) -> str | None:
        return None

    def locate_file(self, path: Any) -> Any:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("says", "fits"),
    [
        ({"License_Expression": "MIT"}, True),
        ({"License_Expression": "BSD-3-Clause AND MIT AND Zlib"}, True),
        ({"License_Expression": "Apache-2.0 OR GPL-3.0-only"}, True),
        ({"License_Expression": "BSD-3-Clause AND GPL-3.0-only"}, False),
        ({"License": "Apache License, Version 2.0"}, True),
        ({"License": "GPLv3"}, False),
        ({"License": "Dual License", "Classifier": "License :: OSI Approved :: BSD License"}, True),
        ({"License": "Dual License", "Classifier": "License :: Other/Proprietary License"}, False),
        ({"License": "Dual License"}, False),
        ({"Classifier": "License :: OSI Approved :: BSD License"}, True),
        ({"Classifier": "License :: Other/Proprietary License"}, False),
        ({}, False),
    ],
)
def test_a_licence_that_does_not_fit_or_is_not_told_is_refused(says: dict[str, str], fits: bool) -> None:
    assert bool(refused([Package(**says)])) is not fits


def answer(name: str, version: str) -> dict[str, Any]:
    holes = [{"id": "A-1", "summary": "reads too much", "fixed_in": ["2.0"]}, {"id": "A-2", "withdrawn": "2026-01-01"}]
    written = {"old": "2020-11-29T00:00:00Z"}.get(name, "2026-11-01T00:00:00Z")
    return {"vulnerabilities": holes if name == "holed" else [], "urls": [{"upload_time_iso_8601": written}]}


def silent(name: str, version: str) -> dict[str, Any]:
    raise Unreachable("no route")


def test_a_known_hole_fails_and_what_is_old_is_told() -> None:
    lines, code = told(audited([("holed", "1.0"), ("old", "1.0"), ("sound", "1.0")], answer, NOW))
    assert code == 1
    assert lines == [
        "hole: holed 1.0: A-1: reads too much (mended in 2.0)",
        "old: old 1.0: 6.0 years",  # 29 November 2020 to 29 November 2026
        "3 packages answered for: 1 known holes, 1 older than 3 years",
    ]


def test_an_index_that_cannot_be_asked_is_no_clean_bill() -> None:
    lines, code = told(audited([(name, "1") for name in "abcd"], silent, NOW))
    assert code == 3
    assert lines == [
        "not known of 2 of 4 packages: the index could not be asked, no route",
        "not known of 2 of 4 packages: not asked",
        "of holes and ages nothing is known",
    ]


def test_an_index_without_such_pages_is_no_clean_bill_and_asked_a_few_times() -> None:
    asked: list[str] = []

    def empty(name: str, version: str) -> dict[str, Any]:
        asked.append(name)
        raise NotThere("HTTP 404")

    lines, code = told(audited([(name, "1") for name in "abcdefghi"], empty, NOW))
    assert (code, "".join(asked)) == (3, "abcde")
    assert lines == [
        "not known of 5 of 9 packages: the index has no page of it, HTTP 404",
        "not known of 4 of 9 packages: not asked",
        "of holes and ages nothing is known",
    ]


def test_what_the_index_does_not_know_leaves_the_others_asked() -> None:
    def some(name: str, version: str) -> dict[str, Any]:
        if name.startswith("own"):
            raise NotThere("HTTP 404")
        return answer(name, version)

    packages = [("first", "1"), *((f"own{number}", "1") for number in range(8)), ("sound", "1")]
    lines, code = told(audited(packages, some, NOW))
    assert code == 3
    assert lines == [
        "not known of 8 of 10 packages: the index has no page of it, HTTP 404",
        "2 packages answered for: 0 known holes, 0 older than 3 years",
    ]


def test_the_requirements_have_every_dependency_with_its_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in text
    pinned = dict(re.findall(r"(?m)^([a-z0-9-]+)==(\S+)", text))
    assert all(re.search(rf"(?m)^{name}==[^\n]*\\\n    --hash=sha256:[0-9a-f]{{64}}", text) for name in pinned)
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert {re.split(r"[<>=; ]", one)[0].replace(".", "-") for one in wanted} <= set(pinned)
    assert tuple(map(int, pinned["duckdb"].split("."))) >= (2, 0, 1)


def test_the_versions_of_the_requirements_go_together() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"(?m)^([a-z0-9-]+)==(\S+)", text))
    apart = []
    for name in pinned:
        installed = next(iter(distributions(name=name)), None)  # what another Python needs is not here
        for one in (installed.requires or ()) if installed else ():
            wanted = Requirement(one)
            if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
                continue
            version = pinned.get(re.sub(r"[-_.]+", "-", wanted.name).lower())
            if version is None or not wanted.specifier.contains(version):
                apart.append(f"{name} wants {one}, pinned is {version}")
    assert apart == []
