"""A query with its parameters written out gives what the query with its parameters gives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from supportkit.store.written_query import literal, with_values

duckdb = pytest.importorskip("duckdb")

VALUES: list[Any] = [None, True, 3, -2.5, 1e-9, Decimal("12.30"), "it's $x; --", "", "привет", date(2026, 3, 1),
                     datetime(2026, 3, 1, 4, 5, 6, 7, tzinfo=UTC), timedelta(days=2, microseconds=5), ["a", "b'"],
                     [], {"email": 3.5, "it's": 1.0}]  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
def test_a_literal_is_the_value(value: Any) -> None:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        query = "select $value is not distinct from {}"
        assert connection.execute(query.format(literal(value)), {"value": value}).fetchall() == [(True,)]


def test_names_in_texts_are_no_parameters() -> None:
    query = "select '$name', 'it''s $name', $name, regexp_matches('a', '^a$')"
    with duckdb.connect() as connection:
        assert connection.execute(with_values(query, {"name": "x'y"})).fetchall() == [
            ("$name", "it's $name", "x'y", True)
        ]


def test_what_has_no_literal_is_a_bug() -> None:
    with pytest.raises(TypeError, match="no literal for object"):
        literal(object())
