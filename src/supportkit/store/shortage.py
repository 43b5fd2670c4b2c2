"""Too little memory: who says so and in which words, and what a person can do."""

from __future__ import annotations

import errno
from typing import Final

from supportkit.errors import DataError

LESS: Final = "ask for less at once, as a shorter --period or a funnel with --counts"
_WORDS: Final = (
    "Out of Memory",
    "bad alloc",
    "bad_alloc",
    "llocation fail",
    "ailed to allocate",
    "annot allocate memory",
    "failed to map segment",  # a library that cannot be loaded
    "start new thread",
    "malloc failure",  # of the library that makes keys, in a ValueError
)
_KINDS: Final = (
    *("OutOfMemoryException", "IOException", "FatalException", "InternalException", "SerializationException"),
    *("TransactionException", "InvalidInputException", "RuntimeError", "SystemError", "ImportError", "OSError"),
)
"""DuckDB's and Python's, whose first line has no text of a person's: where it speaks of memory, it is about memory."""


def is_shortage(error: BaseException) -> bool:
    """Whether there was too little memory, whoever says so: DuckDB, Python, a library that is loaded, the system."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    told = str(error) if isinstance(error, ImportError) else str(error).partition("\n")[0]
    if isinstance(error, ValueError):
        return "malloc failure" in told
    return type(error).__name__ in _KINDS and any(words in told for words in _WORDS)


def short_of_memory(error: BaseException, where: str = "", instead: str = LESS) -> DataError:
    """The error for what neither the memory nor the temporary folder can hold; `instead` is what needs less of it."""
    told = next((line for line in str(error).splitlines() if any(words in line for words in _WORDS)), "")
    return DataError(
        f"{where}the memory does not suffice" + (f": {told.strip()}" if told else ""),
        hint=f"{instead}; or close other programs, raise the limit (ulimit -v, the container's), free space for "
        "temporary files",
    )
