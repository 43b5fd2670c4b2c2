"""supportkit.toml: found in the working directory or above it, checked whole before anything runs."""

from __future__ import annotations

import os
import shlex
import tomllib
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)

from supportkit.errors import UsageError, unknown
from supportkit.period import parse_duration, parse_period
from supportkit.store.order_states import REVENUE, STATES

T = TypeVar("T")
Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Meant = Annotated[str, BeforeValidator(lambda value: str(value).lower() if isinstance(value, bool) else value)]
"""What a word means; true and false need no quotes."""


class Section(BaseModel):
    """A part of the file in which an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Data(Section):
    """Where the data is and how it is read."""

    db: str | None = None
    time_zone: str = "UTC"
    currency: str | None = None
    privacy: Literal["mask", "keep"] = "mask"
    keep: tuple[str, ...] = ()

    @field_validator("currency")
    @classmethod
    def _three_letters(cls, name: str | None) -> str | None:
        if name is not None and not (len(name) == 3 and name.isascii() and name.isalpha()):
            raise ValueError(f"{name!r} is no currency; write for example EUR")
        return name and name.upper()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{name!r} is no time zone; write for example Europe/Berlin") from error
        return name


TELLING: Final = ("customer_id", "country", "channel")
"""What can tell orders of one number apart."""


class Orders(Section):
    """Which orders are revenue, by the states that count; and the columns that tell orders apart, the number first."""

    count: tuple[str, ...] = REVENUE
    key: tuple[str, ...] = ("order_id",)

    @field_validator("count")
    @classmethod
    def _known_states(cls, states: tuple[str, ...]) -> tuple[str, ...]:
        for state in states:
            if state not in STATES:
                raise ValueError(f"{state!r} is no state of an order; known: {', '.join(STATES)}")
        return states

    @field_validator("key")
    @classmethod
    def _number_and_more(cls, columns: tuple[str, ...]) -> tuple[str, ...]:
        if columns[:1] != ("order_id",) or not set(columns[1:]) <= set(TELLING):
            raise ValueError(f"write order_id first, then one of {', '.join(TELLING)}")
        return columns


class Joined(Section):
    """The files that are read beside those of a table: `payments.csv on order_id`."""

    with_: tuple[str, ...] = Field(default=(), alias="with")


class Calendar(Section):
    """Working hours and holidays."""

    hours: dict[str, str] = Field(default_factory=dict)
    holidays: tuple[str, ...] = ()
    time_zone: str | None = None

    def days_off(self) -> frozenset[date]:
        """The holidays that are written as days."""
        found = set()
        for text in self.holidays:
            with suppress(ValueError):
                found.add(date.fromisoformat(text.strip()))
        return frozenset(found)


class Sla(Section):
    """Targets of a channel."""

    first_reply: Duration | None = None
    resolution: Duration | None = None


class Funnel(Section):
    """The steps of the main funnel."""

    steps: tuple[str, ...] = ()
    window: Duration | None = None


def _period(text: str) -> str:
    """The words of a period, which are read when it is known from which day they count."""
    try:
        parse_period(text, date(2000, 1, 3))
    except UsageError as error:
        raise ValueError(f"{error.message}; {error.hint}") from error
    return text


PeriodWords = Annotated[str, AfterValidator(_period)]


class SqlRule(Section):
    """A query that must return no row."""

    query: str
    name: str | None = None
    on_missing: Literal["skip"] | None = None


def _listed(value: Any) -> Any:
    """A comma-separated text as a list."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


class Check(Section):
    """A rule: `expect` fails, `warn` warns; see docs/checks."""

    expect: str | None = None
    warn: str | None = None
    name: str | None = None
    period: PeriodWords | None = None
    min: int | None = None
    by: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    on_missing: Literal["skip"] | None = None
    ci: float | None = None
    expires: date | None = None
    sql: tuple[SqlRule, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Check:
        if not (self.expect or self.warn or self.sql):
            raise ValueError("a check needs expect, warn or sql")
        if self.ci is not None and self.ci != 0.95:
            raise ValueError("ci is 0.95, the level of every interval here")
        return self


class Checks(Section):
    """What holds for all rules: the period that they judge, the slices that are gone for good, and how many periods
    without trouble end one, how many without a verdict make a rule dead."""

    period: PeriodWords | None = None
    retired: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    recovered_after: Annotated[int, Field(ge=1)] = 2
    dead_after: Annotated[int, Field(ge=1)] = 4


class Target(Section):
    """What a figure should be, from a day on; see docs/checks."""

    metric: str
    value: float | str
    where: str | None = None
    start: date | None = Field(default=None, alias="from")


class Event(Section):
    """Something that happened on a day: a line in pictures over time."""

    at: datetime | date
    text: str
    where: str | None = None


class Config(Section):
    """The whole file."""

    data: Data = Data()
    columns: dict[str, dict[str, str]] = Field(default_factory=dict)
    values: dict[str, dict[str, dict[str, Meant]]] = Field(default_factory=dict)
    orders: Orders = Orders()
    join: dict[str, Joined] = Field(default_factory=dict)
    calendar: Calendar = Calendar()
    sla: dict[str, Sla] = Field(default_factory=dict)
    funnel: Funnel = Funnel()
    metrics: dict[str, dict[str, Any]] = Field(default_factory=dict)
    check: Annotated[tuple[Check, ...], BeforeValidator(lambda v: [v] if isinstance(v, dict) else v)] = ()
    checks: Checks = Checks()
    target: Annotated[tuple[Target, ...], BeforeValidator(lambda v: [v] if isinstance(v, dict) else v)] = ()
    event: Annotated[tuple[Event, ...], BeforeValidator(lambda v: [v] if isinstance(v, dict) else v)] = ()
    report: dict[str, dict[str, Any]] = Field(default_factory=dict)
    _path: Path = PrivateAttr(default=Path("supportkit.toml"))
    _came_with_data: bool = PrivateAttr(default=False)

    @property
    def path(self) -> Path:
        """The file that this was read from."""
        return self._path

    @property
    def came_with_data(self) -> bool:
        """Whether the file stands beside the data that is read and nobody has named it."""
        return self._came_with_data

    def rules(self) -> tuple[Check, ...]:
        """The [[check]] rules that speak of a figure."""
        return tuple(check for check in self.check if check.expect or check.warn)

    def sql_rules(self) -> tuple[SqlRule, ...]:
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
        if self._came_with_data:
            raise UsageError(
                f"{self.path}: {key} stands beside the data that is read, and {does} only where the file is named",
                hint=f"if you wrote it: --config {shlex.quote(os.fspath(self.path))}",
            )
        return value

    def section(self, name: str) -> Any:
        """A section as plain dicts, what is not set left out; `sla` by channel, in seconds."""
        if name == "sla":
            return {
                channel: {k: v.total_seconds() for k, v in targets.model_dump(exclude_none=True).items()}
                for channel, targets in self.sla.items()
            }
        return getattr(self, name).model_dump(exclude_none=True)

    def defaults(self, metric: str) -> dict[str, Any]:
        """The options of a metric that have a section of their own."""
        if metric != "funnel":
            return {}
        return {name: value for name, value in self.funnel.model_dump(exclude_none=True).items() if value}


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
    try:
        config = Config.model_validate(content)
    except ValidationError as error:
        raise _told(path, error) from error
    config._path = path
    config._came_with_data = came_with_data
    return config


def _told(path: Path, error: ValidationError) -> UsageError:
    """The first fault of a file in our words."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        fault = unknown("key", str(first["loc"][-1]), _known_keys(first["loc"][:-1]))
        return UsageError(f"{path}: [{place}] {fault.message}", hint=fault.hint)
    return UsageError(f"{path}: [{place}] {first['msg'].removeprefix('Value error, ')}")


def _known_keys(place: tuple[int | str, ...]) -> tuple[str, ...]:
    sections: dict[str, type[Section]] = {
        "check": Check,
        "checks": Checks,
        "target": Target,
        "event": Event,
        "data": Data,
        "calendar": Calendar,
        "orders": Orders,
        "join": Joined,
        "sla": Sla,
        "funnel": Funnel,
    }
    section = sections.get(str(place[0]), Config) if place else Config
    return tuple(field.alias or name for name, field in section.model_fields.items())


TEMPLATE: Final = """\
# supportkit.toml: found in the working directory or above it. Every line is optional.

[data]
# db = "supportkit.duckdb"        # the store; also --db and SUPPORTKIT_DB
# time_zone = "Europe/Berlin"     # days and weeks are cut here
# currency = "EUR"                # of amounts without one
# privacy = "mask"                # or "keep": personal data in texts stays as it is
# keep = ["Name"]                 # columns of names and addresses that are loaded all the same

# [columns.tickets]               # our column = their header
# ticket_id = "Ticket No"
# created_at = "Opened"

# [values.orders.status]          # what the words of an export mean
# storniert = "cancelled"

# [orders]                        # the states that are revenue
# count = ["sale", "partly refunded"]

# [sla.email]                     # targets per channel
# first_reply = "4h"
# resolution = "3d"

# [funnel]
# steps = ["visit", "cart", "payment", "paid"]
# window = "7d"

# [metrics.nps]                   # any option of a metric
# over = "month"

# [checks]
# period = "last-week"            # what rules judge

# [[target]]                      # what a figure should be: for rules, lights and pictures
# metric = "nps"
# value = 35
# from = 2026-07-01

# [[event]]                       # a line in pictures over time
# at = 2026-10-12
# text = "new checkout"
# where = "country=DE"

# [[check]]
# expect = "nps >= target min 30"
# period = "last-3-months"
"""
