"""Where a row's id leads: the addresses of [links], put on the columns of the ids of tickets, orders and customers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from supportkit.result import Result

if TYPE_CHECKING:
    from supportkit.config import Config

COLUMNS: Final = {"ticket_id": "ticket", "order_id": "order", "customer_id": "customer"}


def with_links(result: Result, config: Config | None) -> Result:
    """The result with the addresses that the configuration has for its ids; as it is where there are none."""
    if config is None:
        return result
    links = config.links._asdict()
    return replace(
        result,
        columns=tuple(
            replace(column, link=links[COLUMNS[column.name]] or "") if column.name in COLUMNS else column
            for column in result.columns
        ),
    )
