"""What is asked of the machine itself: who the user is, who may read a file, how far the process may grow.

Linux can tell and bound all of it, macOS and Windows only some. What they cannot is said here, once, by `unbounded`
and by HAS_MODES; nobody else asks which system it is.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO, Final

HAS_MODES: Final = sys.platform != "win32"
"""Whether a file's mode, and the umask with it, says who may read it; elsewhere its folder does."""
QUIET_OPEN: Final = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""Flags with which every file is opened: no program that is started gets it, and no byte of it is changed."""
NO_WAITING: Final = getattr(os, "O_NONBLOCK", 0)
"""The flag by which a pipe that nobody writes to is opened at once."""
NO_LINKS: Final = getattr(os, "O_NOFOLLOW", 0)
"""The flag by which a symbolic link is not followed."""
_PAGES: Final = Path("/proc/self/statm")


def user_name() -> str:
    """What tells this user's temporary files from those of others."""
    if sys.platform == "win32":
        return "".join(char if char.isalnum() else "_" for char in os.environ.get("USERNAME", "user"))
    return str(os.getuid())


def is_private(found: os.stat_result) -> bool:
    """Whether a file or folder is this user's, and nobody else may read it; True where modes tell nothing."""
    if sys.platform == "win32":
        return True
    return found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o077


def make_durable(path: Path) -> None:
    """Have the system write what it holds of a file or a folder; Windows has no such call for a folder."""
    if sys.platform == "win32" and path.is_dir():
        return
    handle = os.open(path, (os.O_RDONLY if HAS_MODES else os.O_RDWR) | QUIET_OPEN)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_at(file: BinaryIO, start: int, length: int) -> bytes:
    """So many bytes of a file from a place on; where it is read stays as it was."""
    if sys.platform != "win32" and hasattr(os, "pread"):
        return os.pread(file.fileno(), length, start)
    before = file.tell()
    try:
        file.seek(start)
        return file.read(length)
    finally:
        file.seek(before)


def is_limited() -> bool:
    """Whether the process may take no more than so much memory."""
    if sys.platform == "win32":
        return False
    try:
        import resource
    except ImportError:
        return False
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def unbounded() -> str:
    """What of a query cannot be bounded here, in words; empty where all of it can be."""
    if sys.platform != "win32" and _PAGES.exists():
        return ""
    return "this system does not bound the memory of the process: --memory bounds what DuckDB takes, and no more"


class Growth:
    """How far the process may grow: `limit` bounds it, where the system can, and `free` takes the bound away."""

    def __init__(self) -> None:
        self._before: tuple[int, int] | None = None

    def limit(self, megabytes: int) -> bool:
        """Let it grow by so much from now on and no more; whether that bounds it."""
        if sys.platform == "win32":
            return False
        try:
            import resource

            soft, hard = resource.getrlimit(resource.RLIMIT_AS)
            size = int(_PAGES.read_text().split()[0]) * resource.getpagesize()
            limit = size + (megabytes << 20)
            if limit < soft or soft == resource.RLIM_INFINITY:
                resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
                self._before = soft, hard
        except (ImportError, OSError, ValueError):
            return False
        return self._before is not None

    def free(self) -> None:
        """Take the bound away."""
        if sys.platform != "win32" and self._before is not None:
            import resource

            resource.setrlimit(resource.RLIMIT_AS, self._before)
            self._before = None
