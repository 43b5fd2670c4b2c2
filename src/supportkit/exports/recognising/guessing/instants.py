"""When a row was: an instant that stands in several columns, as day, time of day and zone, or whose zone is none that
is known by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from supportkit.exports.meanings.words import key, tokens
from supportkit.exports.recognising.guessing.column_shapes import shapes
from supportkit.exports.recognising.guessing.known_names import named, parts, says_duration
from supportkit.exports.recognising.guessing.settled import File, Found, Question, Settled, in_sum, part_named
from supportkit.exports.value_formats.zone_names import zones_called

INSTANTS: Final = {
    "tickets": "created_at",
    "messages": "sent_at",
    "orders": "ordered_at",
    "surveys": "responded_at",
    "events": "occurred_at",
}
_READ: Final = 0.95
_BEGINNING: Final = 5
"""Letters in which the names of a day and of its time of day begin alike."""
_HOURS: Final = 6
"""Different hours at least in which a column has times of day: calls and waits are seldom so long."""
_AFTERNOON: Final = "12"
_DOTTED: Final = re.compile(r"[012]?\d\.[0-5]\d")
_ZONED: Final = re.compile(r"(?:\dZ|[A-Z]{3,5}|:\d\d[.\d]*\s?[+-]\d\d:?\d\d)\)?$")
"""What a time ends in that says its zone."""


def put_together(settled: Settled, file: File, ours: str) -> None:
    """Add an instant from a day and a time of day, with the zone beside them, or from year, month and day."""
    found = settled.found.get(ours)
    if found is not None and len(found.places) == 1:
        day = file.shapes[found.places[0]]
        if (
            day is not None
            and day.days >= _READ
            and (clock := _clock(file, found.places[0], settled.table.name, ours)) is not None
        ):
            shape = file.shapes[clock]
            if shape is not None and shape.clocks * shape.filled >= _READ:
                _day_and_clock(settled, file, found, (found.places[0], clock))
            elif shape is not None and shape.clocks:
                text = f"{in_sum(found.text)}+' '+{in_sum(file.headers[clock])}"
                settled.doubtful[ours] = Question(ours, (text,), "some rows have no time of day")
        elif day is not None and day.days >= _READ and (beside := _unnamed_clock(file, found.places[0])) is not None:
            together = f"{in_sum(found.text)}+' '+{in_sum(file.headers[beside])}"
            why = f"{file.headers[beside]} beside it has times of day"
            settled.questions[ours] = Question(ours, (together, found.text), why, places=(beside, found.places[0]))
            del settled.found[ours]
        elif day is not None and day.days >= _READ and (header := _dotted_clock(file, found.places[0])):
            why = f"{header} beside it has times of day that cannot be read: 09.15 is a number, too"
            settled.doubtful[ours] = Question(ours, (found.text,), why)
        elif day is not None and day.days < 1 - _READ:
            _with_zone(settled, file, found)
        return
    if found is not None or ours in settled.questions:
        return
    used = {place for one in settled.found.values() for place in one.places}
    places = [part_named(file, part, used) for part in ("year", "month", "day")]
    if all(place is not None for place in places):
        known = tuple(place for place in places if place is not None)
        text = "+'-'+".join(in_sum(file.headers[place]) for place in known)
        settled.found[ours] = Found(ours, text, "year, month and day stand in columns of their own", "likely", known)


def times_of_two(file: File) -> list[str]:
    """Columns beside each other that are times together and are none alone, as logs have them where blanks part the
    cells: `[03/May/2026:08:00:00` and `+0000]`."""
    found = []
    for place in range(len(file.headers) - 1):
        left, right = file.shapes[place], file.shapes[place + 1]
        if left is None or right is None or min(left.filled, right.filled) < _READ or max(left.times, left.ticks) > 0:
            continue
        if left.example[0].count(":") > 1 and _are_times(file, (place, place + 1)):
            found.append("+' '+".join(in_sum(header) for header in file.headers[place : place + 2]))
    return found


def _clock(file: File, day: int, table: str, ours: str) -> int | None:
    """Where the time of day of a day stands: in a column that is named so, else beside it in one that is named as the
    day is (`Bestelldatum`, `Bestelluhrzeit`), or as an instant (`Дата`, `Время начала`)."""
    if (named_so := part_named(file, "time", {day})) is not None:
        return named_so
    for place in (day + 1, day - 1):
        shape = file.shapes[place] if 0 <= place < len(file.headers) else None
        if shape is None or not shape.clocks:
            continue
        alike = _are_of_one_thing(file.headers[day], file.headers[place])
        if alike or named(file.headers[place], table, ours) is not None:
            return place
    return None


def _unnamed_clock(file: File, day: int) -> int | None:
    """Where beside a day times of day stand in each row, under a name that says no duration and of so many hours that
    they are none."""
    for place in (day + 1, day - 1):
        shape, cells = (file.shapes[place], file.cells[place]) if 0 <= place < len(file.headers) else (None, None)
        if shape is None or cells is None or shape.clocks * shape.filled < _READ or says_duration(file.headers[place]):
            continue
        hours = {cell.partition(":")[0].zfill(2) for cell in cells if cell}
        if len(hours) >= _HOURS and max(hours) >= _AFTERNOON:
            return place
    return None


def _dotted_clock(file: File, day: int) -> str:
    """The header of the column beside a day that is named as a time of day and has it with a dot; empty where there is
    none."""
    for place in (day + 1, day - 1):
        header, cells = (file.headers[place], file.cells[place]) if 0 <= place < len(file.headers) else ("", None)
        if cells and parts()["time"].intersection(tokens(header)) and all(map(_DOTTED.fullmatch, filter(None, cells))):
            return header
    return ""


def _are_of_one_thing(one: str, other: str) -> bool:
    """Whether a day and a time of day are named alike: by their beginnings, or but for the words for what they are
    ("Date of sale", "Time of sale")."""
    said = [[word for word in tokens(header) if word not in parts()["when"]] for header in (one, other)]
    return (bool(said[0]) and said[0] == said[1]) or _begin_alike(one, other)


def _begin_alike(one: str, other: str) -> bool:
    beginnings = {header.strip().casefold()[:_BEGINNING] for header in (one, other)}
    return len(beginnings) == 1 and all(len(header) >= _BEGINNING for header in beginnings)


def _with_zone(settled: Settled, file: File, instant: Found) -> None:
    """Add to the instants of a row the zone that stands in a column beside the first of them, where they say none."""
    zone = part_named(file, "zone", {*instant.places})
    if zone is None or abs(zone - instant.places[0]) != 1:
        zone = _zone_of(file, instant.places[0])
    if zone is None:
        return
    for ours, found in list(settled.found.items()):
        if not ours.endswith("_at") or len(found.places) != 1:
            continue
        places, cells = (found.places[0], zone), [cell for cell in file.cells[found.places[0]] or () if cell]
        if not any(_ZONED.search(cell) for cell in cells) and _are_times(file, places):
            text = f"{in_sum(file.headers[places[0]])}+' '+{in_sum(file.headers[zone])}"
            settled.found[ours] = Found(ours, text, f"{found.why}; with the zone beside it", found.sure, places)


def _zone_of(file: File, instant: int) -> int | None:
    """The column beside an instant that is named as the zone of it: `Created Datetime`, `Created Timezone`."""
    for place in (instant + 1, instant - 1):
        header = file.headers[place] if 0 <= place < len(file.headers) else ""
        words = tokens(header)
        zones = (key(" ".join(words[-many:])) in parts()["zone"] for many in (1, 2))
        if len(words) > 1 and any(zones) and words[0] in tokens(file.headers[instant]):
            return place
    return None


def ask_whose_clock(settled: Settled, file: File, ours: str) -> bool:
    """Ask for the zone of a column that is named as an instant and has a zone's name behind its times that several
    countries have; whether there is one."""
    for place, header in enumerate(file.headers):
        name, cells = named(header, settled.table.name, ours), file.cells[place]
        if name is None or not cells:
            continue
        words = {cell.rsplit(" ", 1)[-1] for cell in cells if cell}
        zones = [zone for word in words for zone in zones_called(word) if shapes([cells], zone)[0].times >= _READ]
        if zones:
            _ask(settled, ours, header, (place,), zones, " and ".join(sorted(words)))
            return True
    return False


def _day_and_clock(settled: Settled, file: File, day: Found, places: tuple[int, int]) -> None:
    """An instant from its day and its time of day, and from the zone that stands beside them: one that nobody can read
    is asked for, because the day and the time alone would be another instant."""
    ours, zone = day.ours, part_named(file, "zone", {*places})
    text = "+' '+".join(in_sum(file.headers[place]) for place in places)
    if zone is not None and min(abs(zone - place) for place in places) == 1:
        if _are_times(file, (*places, zone)):
            text += f"+' '+{in_sum(file.headers[zone])}"
            why = f"{day.why}; with the time of day and the zone beside it"
            settled.found[ours] = Found(ours, text, why, day.sure, (*places, zone))
            return
        if not file.zone_is_said and _are_times(file, places):
            del settled.found[ours]
            words = dict.fromkeys(cell for cell in file.cells[zone] or () if cell)
            _ask(
                settled, ours, text, places, [one for word in words for one in zones_called(word)], " and ".join(words)
            )
            return
    settled.found[ours] = Found(ours, text, f"{day.why}; with the time of day beside it", day.sure, places)


def _ask(settled: Settled, ours: str, text: str, places: tuple[int, ...], zones: Sequence[str], words: str) -> None:
    also = tuple(f"time_zone='{zone}'" for zone in dict.fromkeys(zones)) or ("time_zone='ZONE'",)
    why = f"its zone, {words[:40]}, is none that is known by this name alone"
    settled.questions[ours] = Question(ours, (text,) * len(also), why, places=places, also=also)


def _are_times(file: File, places: Sequence[int]) -> bool:
    """Whether what stands in columns is a time of the file's zone, taken together."""
    return shapes([file.joined(places)], file.zone)[0].times >= _READ
