"""The texts of a file's scores that are no plain numbers, as the query that types its rows looks them up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from functools import cached_property
from typing import Final, Literal

from supportkit.exports.meanings.scores import Answer, ScoreMeaning
from supportkit.exports.value_formats.number_formats import PLAIN
from supportkit.system.frozen import dataclass

_APART: Final = "\x1f"


@dataclass(frozen=True)
class ScoreLookup:
    """What each text means as a score, beside the kind of its survey, and each as it may be shown.

    `plain_too` says whether plain numbers are among them, of which somebody says what they mean.
    """

    meanings: Mapping[Answer, ScoreMeaning] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    plain_too: bool = False

    def __bool__(self) -> bool:
        return bool(self.meanings)

    @property
    def loses(self) -> bool:
        """Whether there is a text of which nobody knows the score."""
        return any(meaning.how == "unknown" for meaning in self.meanings.values())

    @cached_property
    def by_shown(self) -> dict[str, ScoreMeaning]:
        """The meanings by the text as it is stored."""
        return {self.shown[text]: meaning for (_, text), meaning in self.meanings.items()}

    def place_sql(self, bind: Callable[[object], str]) -> str:
        """The SQL for the place of a row's text among these, null where it is none of them."""
        keys = [f"{kind}{_APART}{text}" for kind, text in self.meanings]
        place = f"list_position({bind(keys)}, g_kind || {bind(_APART)} || g_score)"
        return place if self.plain_too else f"case when not regexp_full_match(g_score, '{PLAIN}') then {place} end"

    def values_sql(self, bind: Callable[[object], str], which: Literal["value", "low", "high"]) -> str:
        """The SQL for what a text says: its `value`, or the `low` or `high` end of its scale."""
        said = [getattr(meaning.score, which, None) for meaning in self.meanings.values()]
        found = [None if value is None else float(value) for value in said]
        return f"cast({bind(found)} as double[])[s_score]"

    def silent_sql(self, bind: Callable[[object], str]) -> str:
        """The SQL for whether a text says that there is no answer."""
        silent = [meaning.score is None and meaning.how != "unknown" for meaning in self.meanings.values()]
        return f"coalesce({bind(silent)}[s_score], false)"

    def shown_sql(self, bind: Callable[[object], str]) -> str:
        """The SQL for a text as it is stored."""
        return f"{bind([self.shown[text] for _, text in self.meanings])}[s_score]"
