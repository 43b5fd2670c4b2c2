"""Dates written out: with the weekday, with the name of the zone, in the order of ctime, behind their time of day, in
the five languages of months.

`Dienstag, 31. Oktober 2017 um 22:10:47 MEZ`, `mardi 31 octobre 2017 à 22h10`, `вторник, 31 октября 2017 г. в 22:10`,
`Tue Oct 31 2017 22:10:47 GMT+0100 (Central European Standard Time)`: the weekday goes, it is the day's by itself, and
what is left is brought to the plain form, with the zone's name at its end.
"""

from __future__ import annotations

from typing import Final

from supportkit.exports.value_formats.month_words import plain_sql

ENGLISH_DAYS: Final = "mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_DAYS: Final = (
    f"{ENGLISH_DAYS}|tues|thur|thurs|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|"
    "sa|so|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mer|jeu|ven|sam|dim|lunes|martes|miércoles|miercoles|"
    "jueves|viernes|sábado|sabado|domingo|mié|mie|jue|vie|sáb|sab|dom|понедельник|вторник|среда|четверг|пятница|суббота|"
    "воскресенье|пн|вт|ср|чт|пт|сб|вс"
)
_BEFORE: Final = (
    (r"^\[(.*)\]$", r"\1"),
    (rf"(?i)^(?:{_DAYS})[.,]{{0,2}} +", ""),
    (r"(?i)^mar[.,]{0,2} +(\d{1,2}\.? (?:de )?\pL)", r"\1"),  # a Tuesday, where the month comes after
    (r"([+-]\d{2}:?\d{2}|GMT|UTC) ?[(\[][^()\[\]]*[)\]]$", r"\1"),
    (r"([+-]\d{2}:?\d{2}) [A-Z]{2,5}$", r"\1"),
    (r" ?[(\[]([^()\[\]]*)[)\]]$", r" \1"),
    (r"(?i)(\d) uhr", r"\1"),
    (r"(\d) ?h ?(\d\d)", r"\1:\2"),
    (r"(?i) ([ap])\. ?m\.", r" \1m"),
    (r"^(\pL+)\.? +(\d{1,2}) +(\d{1,2}:\d\d(?::\d\d)?) ?(.*) (\d{4})$", r"\1 \2 \5 \3 \4"),
    (
        r"(?i)^(\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?[ap]m)?),? +(?:on |am |le |el )?"
        r"(\pL*\.? ?\d.*?\d)( г\.?)?( ?(?:[A-Z]{2,5}|[+-]\d\d:?\d\d))?$",
        r"\2\3 \1\4",
    ),
)
WRITTEN_OUT: Final = r"\pL|^\d{1,2}:\d\d[^-]*\d[-/. ]"
"""What a date that is written out has: a letter, or its time of day before it."""
_AFTER: Final = (
    (r"(?i)^([^:]*\d{4}),? (?:à|um|в|a las|at) (\d)", r"\1 \2"),
    (r" +", " "),
    (r" $", ""),
)


def long_sql(value: str) -> str:
    """The SQL for a date written out as a plain English one, with the zone's name behind it where it has one."""
    sql = f"regexp_replace({value}, '[\\x{{a0}}\\x{{202f}}]', ' ', 'g')"
    for pattern, plain in _BEFORE:
        sql = f"regexp_replace({sql}, '{pattern}', '{plain}')"
    sql = plain_sql(sql)
    for pattern, plain in _AFTER:
        sql = f"regexp_replace({sql}, '{pattern}', '{plain}', 'g')"
    return sql
