"""The vendor's own verdicts on its promises, as a load reads them: `within`, `breached`, `open` for none yet.

A ticket of which one verdict cannot be read is taken neither for kept nor for broken, unless the other one is broken.
"""

from __future__ import annotations

from typing import Final


def _broke(column: str) -> str:
    return f"(case {column} when 'breached' then true when 'within' then false end)"


def _unread(column: str) -> str:
    return f"({column} is null and {column}_as_written is not null)"


BROKE_FIRST_REPLY: Final = _broke("sla_first_reply")
BROKE_RESOLUTION: Final = _broke("sla_resolution")
"""The SQL for whether a promise was broken; null where the vendor does not say."""
UNREAD_FIRST_REPLY: Final = _unread("sla_first_reply")
UNREAD_RESOLUTION: Final = _unread("sla_resolution")
"""The SQL for whether the vendor says something that nobody can read."""
