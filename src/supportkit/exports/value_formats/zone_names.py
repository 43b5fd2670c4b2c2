"""Time zones as dates name them behind the time: `CET`, `МСК`, `Central European Standard Time`, `Europe/Berlin`,
`Eastern Time (US & Canada)`, `London`.

The North American abbreviations are those of RFC 2822; what means several zones elsewhere (`IST`) is not read. Names in
words are CLDR's, in the languages whose months we know; those that do not say whether it is summer time are the zone
that Windows calls as CLDR calls its winter time. A city is that of the zone that is named after it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from supportkit.exports.meanings.countries import LANGUAGES

_HOURS: Final[dict[float, str]] = {
    -10: "hst", -9: "akst", -8: "pst akdt", -7: "mst pdt", -6: "cst mdt", -5: "est cdt cot pet",
    -4: "edt ast clt", -3.5: "nst", -3: "adt brt art clst", -2.5: "ndt", 0: "ut utc gmt z wet",
    1: "cet mez met wat west bst hnec", 2: "eet cest mesz mest cat sast", 3: "msk мск eest trt eat", 4: "gst msd",
    5: "pkt", 7: "wib", 8: "hkt sgt awst", 9: "jst kst", 9.5: "acst", 10: "aest", 10.5: "acdt",
    11: "aedt", 12: "nzst", 13: "nzdt",
}  # fmt: skip
_WORLD: Final = (
    "coordinated universal time", "koordinierte weltzeit", "temps universel coordonné", "tiempo universal coordinado",
    "всемирное координированное время",
)  # fmt: skip
_REGIONS: Final = frozenset(("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"))
_REMARK: Final = re.compile(r" ?\([^()]*\)$")
_SUMMER, _WINTER = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


def zone_named(words: str) -> timedelta | str | None:
    """The offset from UTC that a name stands for, or the IANA name of the zone, in lower case; None where it is no
    name that we know."""
    name = _key(words)
    if name in _abbreviations():
        return _abbreviations()[name]
    if "/" in name:
        return next((zone for zone in available_timezones() if zone.casefold() == name), None)
    if len(name) <= 5:
        return _cities().get(name)
    bare = _REMARK.sub("", name)
    return _in_words().get(bare) or _whole_year().get(bare) or _cities().get(bare)


def is_short_name(word: str, zone: str) -> bool:
    """Whether a zone's clocks show this name in winter or in summer."""
    here = ZoneInfo(zone)
    return word.upper() in (day.astimezone(here).tzname() for day in (_WINTER, _SUMMER))


def zones_called(word: str) -> list[str]:
    """The zones whose clocks show a short name, one of each offset."""
    if not 2 < len(word) <= 5 or not word.isupper():
        return []
    found: dict[tuple[timedelta | None, ...], str] = {}
    for zone in sorted(available_timezones()):
        if zone.split("/")[0] in _REGIONS and is_short_name(word, zone):
            found[tuple(day.astimezone(ZoneInfo(zone)).utcoffset() for day in (_WINTER, _SUMMER))] = zone
    return sorted(found.values())


def _key(words: str) -> str:
    return " ".join(words.casefold().replace(".", "").replace("’", "'").split())


@cache
def _abbreviations() -> dict[str, timedelta]:
    return {name: timedelta(hours=hours) for hours, names in _HOURS.items() for name in names.split()}


@cache
def _in_words() -> dict[str, timedelta]:
    """CLDR's names of zones in winter and in summer; one that two zones bear is left out."""
    from babel import Locale
    from babel.core import get_global

    offsets: dict[str, list[timedelta]] = {}
    for zone, group in get_global("meta_zones").items():
        if zone in available_timezones():
            here = ZoneInfo(zone)
            offsets.setdefault(group, []).extend(
                offset for day in (_WINTER, _SUMMER) if (offset := day.astimezone(here).utcoffset()) is not None
            )

    def kinds(group: str) -> tuple[str, ...]:
        known = set(offsets.get(group, ()))
        return ("standard", "daylight") if len(known) > 1 else ("standard",) if known else ()

    found = dict.fromkeys(_WORLD, timedelta(0))
    shared = set()
    for language in LANGUAGES:
        for group, forms in Locale(language).meta_zones.items():
            for kind, name in forms.get("long", {}).items():
                if kind in kinds(group):
                    offset = (min if kind == "standard" else max)(offsets[group])
                    if found.setdefault(_key(name), offset) != offset:
                        shared.add(_key(name))
    return {name: offset for name, offset in found.items() if name not in shared}


@cache
def _whole_year() -> dict[str, str]:
    """CLDR's names of zones that are the same in winter and in summer, with the zone."""
    from babel import Locale
    from babel.core import get_global

    windows = {_key(name): zone for name, zone in get_global("windows_zone_mapping").items()}
    english = Locale("en").meta_zones
    groups = get_global("meta_zones")
    named = {group: windows.get(_key(forms.get("long", {}).get("standard", ""))) for group, forms in english.items()}
    zones = {group: zone for group, zone in named.items() if zone and groups.get(zone) == group}
    return {
        _key(name): zones[group]
        for language in LANGUAGES
        for group, forms in Locale(language).meta_zones.items()
        if group in zones and (name := forms.get("long", {}).get("generic"))
    }


@cache
def _cities() -> dict[str, str]:
    """The cities that zones are named after, in English; one that two zones bear is left out."""
    from babel.core import get_global

    found: dict[str, list[str]] = {}
    for zone in get_global("zone_territories"):
        if zone.split("/")[0] in _REGIONS and zone in available_timezones():
            found.setdefault(_key(zone.rsplit("/", 1)[1].replace("_", " ")), []).append(zone)
    return {city: zones[0] for city, zones in found.items() if len(zones) == 1}
