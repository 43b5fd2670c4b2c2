"""supportkit.toml: found in the working directory or above it, checked whole before anything runs."""

from __future__ import annotations

import os
import shlex
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from supportkit.configuration import sections
from supportkit.configuration.calendars import Calendars, calendars
from supportkit.configuration.readers import MisreadError, anything, by_name, one_or_several, section, text, word
from supportkit.errors import UsageError
from supportkit.system.named import NamedTuple

T = TypeVar("T")


class Config(NamedTuple):
    """The whole file, its path, and whether it stands beside the data that is read and nobody has named it."""

    data: sections.Data = sections.Data()
    columns: Mapping[str, Mapping[str, str]] = sections.NONE
    read: Mapping[str, sections.Read] = sections.NONE
    values: Mapping[str, Mapping[str, Mapping[str, str]]] = sections.NONE
    orders: sections.Orders = sections.Orders()
    join: Mapping[str, sections.Joined] = sections.NONE
    calendar: Calendars = Calendars()
    sla: Mapping[str, sections.Sla] = sections.NONE
    funnel: sections.Funnel = sections.Funnel()
    touchpoint: Mapping[str, sections.Touchpoint] = sections.NONE
    links: sections.Links = sections.Links()
    output: sections.Output = sections.Output()
    metrics: Mapping[str, Mapping[str, Any]] = sections.NONE
    check: tuple[sections.Check, ...] = ()
    checks: sections.Checks = sections.Checks()
    target: tuple[sections.Target, ...] = ()
    event: tuple[sections.Event, ...] = ()
    report: Mapping[str, Mapping[str, Any]] = sections.NONE
    owners: Mapping[str, str] = sections.NONE
    path: Path = Path("supportkit.toml")
    came_with_data: bool = False

    def rules(self) -> tuple[sections.Check, ...]:
        """The [[check]] rules that speak of a figure."""
        return tuple(check for check in self.check if check.expect or check.warn)

    def sql_rules(self) -> tuple[sections.SqlRule, ...]:
        """The [[check.sql]] rules. Raises UsageError where they came with the data that is read."""
        rules = tuple(rule for check in self.check for rule in check.sql)
        return self._if_named("[[check.sql]]", "runs", rules) if rules else ()

    @property
    def privacy(self) -> Literal["mask", "keep"]:
        """How personal data is treated. Raises UsageError where it is kept as the data that is read would have it."""
        if self.data.privacy == "mask":
            return "mask"
        return self._if_named('[data] privacy = "keep"', "holds", self.data.privacy)

    @property
    def kept(self) -> tuple[str, ...]:
        """The headers of names and addresses that are loaded. Raises UsageError as `privacy` does."""
        return self._if_named("[data] keep", "holds", self.data.keep) if self.data.keep else ()

    def _if_named(self, key: str, does: str, value: T) -> T:
        """What a file may say that its reader has named, and no folder of data that somebody sends."""
        if self.came_with_data:
            raise UsageError(
                f"{self.path}: {key} stands beside the data that is read, and {does} only where the file is named",
                hint=f"if you wrote it: --config {shlex.quote(os.fspath(self.path))}",
            )
        return value

    def section(self, name: str) -> Any:
        """A section as plain dicts, what is not set left out; `sla` by name, in seconds; `calendar` as its hours."""
        if name == "calendar":
            return self.calendar.hours
        if name == "sla":
            return {name: {key: _seconds(value) for key, value in _said(one).items()} for name, one in self.sla.items()}
        if name == "touchpoint":
            return {point: _said(one) for point, one in self.touchpoint.items()}
        return _said(getattr(self, name))

    def defaults(self, metric: str) -> dict[str, Any]:
        """The options of a metric that have a section of their own."""
        return {name: value for name, value in self.funnel._asdict().items() if value} if metric == "funnel" else {}


def _seconds(value: Any) -> Any:
    return value.total_seconds() if isinstance(value, timedelta) else value


def _said(one: Any) -> dict[str, Any]:
    """The keys of a section that say something."""
    return {key: value for key, value in one._asdict().items() if value is not None}


_CONFIG: Final = section(
    Config,
    {
        "data": sections.data,
        "columns": by_name(by_name(text)),
        "read": by_name(sections.read),
        "values": by_name(by_name(by_name(word))),
        "orders": sections.orders,
        "join": by_name(sections.joined),
        "calendar": calendars,
        "sla": by_name(sections.sla),
        "funnel": sections.funnel,
        "touchpoint": by_name(sections.touchpoint),
        "links": sections.links,
        "output": sections.output,
        "metrics": by_name(by_name(anything)),
        "check": one_or_several(sections.check),
        "checks": sections.checks,
        "target": one_or_several(sections.target),
        "event": one_or_several(sections.event),
        "report": by_name(by_name(anything)),
        "owners": by_name(text),
    },
)


def read_config(path: Path, *, came_with_data: bool = False) -> Config:
    """The file, checked. Raises UsageError that names the file, the key and the nearest known key.

    A file that came with the data describes it: it lowers no privacy and runs nothing.
    """
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe would be waited for
            raise UsageError(f"{path}: is not a regular file", hint="make one with: supportkit init")
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise UsageError(f"{path}: there is no such file", hint="make one with: supportkit init") from error
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise UsageError(f"{path}: cannot be read: {why}", hint="save it as UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: {error}", hint="see docs/configuration") from error
    return checked(content, path)._replace(came_with_data=came_with_data)


def checked(content: Mapping[str, Any], path: Path = Path("supportkit.toml")) -> Config:
    """What a file says, checked. Raises UsageError as `read_config` does."""
    try:
        found: Config = _CONFIG(content)
    except MisreadError as error:
        place = ".".join(map(str, error.place))
        raise UsageError(f"{path}: [{place}] {error.message}", hint=error.hint) from error
    return found._replace(path=path)
