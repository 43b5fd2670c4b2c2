"""`@once`, a property that is worked out when it is first asked: functools' cached_property without its lock.

The lock of Python 3.11 takes longer than most of what is asked of a number in a text, and nothing here is shared by
threads before it is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from functools import cached_property as once
else:

    class _Once:
        """What stands in the class; what was worked out stands in the object from then on, and is found before it."""

        def __init__(self, work_out: Any) -> None:
            self._work_out = work_out
            self._name = work_out.__name__
            self.__doc__ = work_out.__doc__

        def __get__(self, asked: Any, kind: Any) -> Any:
            """The value, worked out."""
            value = asked.__dict__[self._name] = self._work_out(asked)
            return value

    once = _Once


__all__ = ["once"]
