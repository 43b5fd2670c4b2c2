"""The lines of keys in a TOML file, for annotations at a rule's own line."""

from __future__ import annotations

import tomllib

import pytest

from supportkit.checks.rule_lines import key_lines

FILE = '''\
# [[check]] in a comment, expect = "nps >= 0"
[data]
time_zone = "Europe/Berlin"   # "[[check]]"

[[check]]
name = "a # is no comment, [[nor a header]]"
expect = "nps >= 30"
[[check]]
expect = "nps >= 30 min 30"
warn = """
nps >= 40
"""
ci = 0.95
[[check.sql]]
query = "select \\"x\\" from orders"
[[check.sql]]
query = \'\'\'
select 1
\'\'\'
[[check]]

  expect   = "csat.csat[channel=\\"chat\\"] >= 80%"
[report."a b"]
grain = "week"
sections = [
  "trends",
  { metric = "nps", by = "country" },
]
'''


def test_each_key_has_the_line_on_which_it_stands() -> None:
    found = key_lines(FILE)
    assert found["data", "time_zone"] == 3
    assert found["check", 0, "expect"] == 7  # its text is a part of the next one's
    assert found["check", 1, "expect"] == 9
    assert found["check", 1, "warn"] == 10
    assert found["check", 1, "sql", 0, "query"] == 15
    assert found["check", 1, "sql", 1, "query"] == 17
    assert found["check", 2, "expect"] == 22
    assert found["report", "a b", "sections", 1, "by"] == 27


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        (
            'check = [\n  { expect = "nps >= 0" },\n  { expect = "nps >= 1", name = "x" },\n]\n',
            ("check", 1, "expect"),
            3,
        ),
        ('[check]\nname = "one"\nexpect = "nps >= 0"\n', ("check", "expect"), 3),
        ('[[check]]\r\nname = "one"\r\nexpect = "nps >= 0"\r\n', ("check", 0, "expect"), 3),
        ("[[check]]\nci = 0.95\nexpires = 2027-03-01\nexpect = 'nps >= 0'", ("check", 0, "expect"), 4),
        ('[[check]]\nname = "ends in a backslash \\\\"\nexpect = "nps >= 0"\n', ("check", 0, "expect"), 3),
        ('[[check]]\nname = """quotes "" inside\n"""\nexpect = "nps >= 0"\n', ("check", 0, "expect"), 4),
    ],
)
def test_every_way_to_write_it_is_read(text: str, path: tuple[str | int, ...], line: int) -> None:
    tomllib.loads(text)
    assert key_lines(text)[path] == line
