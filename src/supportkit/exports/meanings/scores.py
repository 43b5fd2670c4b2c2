"""What an answer's score is: a number with its label or its scale, stars, or a word of a scale of words.

A number at the start of a cell is the score (`10 - Extremely likely`), and so is one that is set apart at its end
(`Extremely likely (10)`). `4/5` and `4 out of 5` say their scale, stars are of five. Words are read by the scales in
`score.toml`, all those of one kind of answer together: `good` is the best beside `bad`, and the second best
beside `excellent`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

from supportkit.exports.meanings.score_words import ScoreScale, levels_of, read_by_scales, score_words
from supportkit.exports.meanings.word_meaning import How
from supportkit.exports.meanings.words import LONGEST, key, plain, tokens
from supportkit.system.late_patterns import late
from supportkit.system.named import NamedTuple

NO_ANSWER: Final = "no answer"
STARS: Final = 5
_LONGEST_SCALE: Final = 100
_N: Final = r"[+−-]?\d{1,4}(?:[.,]\d+)?"
_FULL, _EMPTY = "★⭐🌟✭✮🌠", "☆✩✰"
_ONLY_STARS: Final = late(rf"[{_FULL}{_EMPTY}\s]+")
_BETWEEN: Final = " \t\u00a0-–—−:;=.,)(][|/>→•·*"
_LEADING: Final = late(rf"[(\[]?\s*({_N})(?![\w%‰])\s*(.*)", re.DOTALL)
_TRAILING: Final = late(rf"(.*[^\s\d(\[:=–—-])\s*(?:[(\[:=]|\s[-–—])\s*({_N})\s*[)\]]?", re.DOTALL)
_TRAILING_SCALE: Final = late(rf"(.*[^\s\d][\s:(\[]+)({_N})\s*/\s*({_N})\s*[)\]]?", re.DOTALL)
_GIVEN: Final = late(r"(-?\d+(?:[.,]\d+)?)(?:\s*/\s*(\d+))?")
_INVISIBLE: Final = late("[\ufe0e\ufe0f\u200d\u200b]")


class Score(NamedTuple):
    """A score, with the lowest and the highest one that can be given where the answer says so."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def text(self) -> str:
        """The score as a person writes it: 4, or 4/5."""
        return f"{self.value:g}" if self.high is None else f"{self.value:g}/{self.high:g}"


class ScoreMeaning(NamedTuple):
    """The score of a text; none where it says that there is no answer, or where nobody knows (`how` is "unknown")."""

    score: Score | None
    how: How

    @property
    def text(self) -> str | None:
        """The meaning in a word, None where it is unknown."""
        return self.score.text if self.score else None if self.how == "unknown" else NO_ANSWER


UNKNOWN: Final = ScoreMeaning(None, "unknown")
Answer = tuple[str, str]
"""The kind of a survey, and the text of an answer."""


def given_score(text: str) -> Score | None:
    """The score of a person's own meaning for a word: `4`, `4/5`; None where it is none."""
    match = _GIVEN.fullmatch(text.strip())
    if match is None:
        return None
    return _of_scale(match[1], match[2]) if match[2] else Score(_number(match[1]))


def read_scores(
    answers: Iterable[Answer], user: Mapping[str, str], vendor: Mapping[str, str]
) -> dict[Answer, ScoreMeaning]:
    """The meaning of each text among the answers of its kind; `user` and `vendor` have words by their key."""
    kinds: dict[str, list[str]] = {}
    for kind, text in answers:
        kinds.setdefault(kind, []).append(text)
    return {
        (kind, text): meaning
        for kind, texts in kinds.items()
        for text, meaning in _read(kind, texts, user, vendor).items()
    }


def _read(
    kind: str, texts: Iterable[str], user: Mapping[str, str], vendor: Mapping[str, str]
) -> dict[str, ScoreMeaning]:
    found: dict[str, ScoreMeaning] = {}
    words: dict[str, str] = {}
    for text in texts:
        spelled = key(_INVISIBLE.sub("", text))
        if len(text) > LONGEST:
            found[text] = UNKNOWN
        elif spelled in user:
            found[text] = ScoreMeaning(given_score(user[spelled]), "user")
        elif spelled in vendor:
            found[text] = ScoreMeaning(given_score(vendor[spelled]), "vendor")
        elif spelled in score_words().no_answer:
            found[text] = ScoreMeaning(None, "phrase")
        elif score := written_score(text):
            found[text] = ScoreMeaning(score, "phrase")
        else:
            words[text] = spelled
    by_word = read_by_scales(set(words.values()), kind)
    for text, spelled in words.items():
        known = by_word.get(spelled)
        found[text] = ScoreMeaning(_of_level(*known), "phrase") if known else UNKNOWN
    return _without_backward_numbers(kind, _from_nought(kind, found))


def written_score(text: str) -> Score | None:
    """The score that a text says in figures or stars; None where it says none."""
    if len(text) > LONGEST or any(unicodedata.category(char) == "No" for char in text):
        return None
    text = plain(_INVISIBLE.sub("", text))
    if _ONLY_STARS.fullmatch(text):
        return _of_stars(text)
    if match := _LEADING.fullmatch(text):
        return _with_what_follows(match[1], match[2])
    if (match := _TRAILING_SCALE.fullmatch(text)) and _is_label(match[1]):
        return _of_scale(match[2], match[3])
    if (match := _TRAILING.fullmatch(text)) and _is_label(match[1]):
        return Score(_number(match[2]))
    return None


def _with_what_follows(number: str, rest: str) -> Score | None:
    """The score of a number by what stands behind it: a scale, stars, a label, or nothing."""
    known = score_words()
    if match := re.fullmatch(rf"(?:/|(?:{known.out_of_pattern})\b)\s*({_N})(?![\w%])(.*)", rest, re.DOTALL):
        return _of_scale(number, match[1]) if not re.search(r"\d", match[2]) else None
    if re.fullmatch(rf"-?\s*(?:[{_FULL}]+|(?:{known.stars_pattern})\b)\W*", rest):
        return Score(_number(number), 1, STARS if _number(number) <= STARS else 2 * STARS)
    left = rest.strip(_BETWEEN)
    return Score(_number(number)) if not left or _is_label(left) else None


def _is_label(text: str) -> bool:
    """Whether a text may stand beside a score: words or signs, without a figure, and no measure such as minutes."""
    if re.search(r"\d|[%‰<>≤≥~]", text):
        return False
    if not any(char.isalpha() or unicodedata.category(char) == "So" for char in text):
        return False
    return not any(word in score_words().measures for word in tokens(text)[:1])


def _of_stars(text: str) -> Score | None:
    full, empty = (sum(text.count(char) for char in chars) for chars in (_FULL, _EMPTY))
    if not full:
        return None
    high = full + empty if empty else STARS if full <= STARS else 2 * STARS
    return Score(full, 1, high) if full <= high <= 2 * STARS else None


def _of_scale(number: str, highest: str) -> Score | None:
    value, high = _number(number), _number(highest)
    if not (0 <= value <= high <= _LONGEST_SCALE and high == int(high) >= 1):
        return None
    return Score(value, 0 if high in (1, _LONGEST_SCALE) or value == 0 else 1, high)


def _of_level(scale: ScoreScale, level: int) -> Score:
    return Score(scale.low + level, scale.low, scale.low + scale.levels - 1)


def _number(text: str) -> float:
    return float(text.replace(",", ".").replace("−", "-"))


def _from_nought(kind: str, found: dict[str, ScoreMeaning]) -> dict[str, ScoreMeaning]:
    """Scales that begin with 0 do so in all answers of a kind: 0-10 where one of them is `0/10`, or asks for an NPS."""
    scored = [meaning.score for meaning in found.values() if meaning.score and meaning.score.high is not None]
    begin = {score.high for score in scored if score.low == 0} | ({10.0} if kind == "nps" else set())
    return {
        text: ScoreMeaning(score._replace(low=0), how) if score and score.low == 1 and score.high in begin else meaning
        for text, meaning in found.items()
        for score, how in [meaning]
    }


def _without_backward_numbers(kind: str, found: dict[str, ScoreMeaning]) -> dict[str, ScoreMeaning]:
    """Numbers that run against their own labels, as `1 - Very satisfied` to `5 - Very dissatisfied`, say nothing for
    sure; of an effort both ways are usual, and a person says which."""
    labelled = {
        text: (meaning.score.value, label)
        for text, meaning in found.items()
        if kind != "ces" and meaning.how == "phrase" and meaning.score and (label := _label(text))
    }
    levels = levels_of({label for _, label in labelled.values()}, kind)
    pairs = sorted((value, levels[label]) for value, label in labelled.values() if label in levels)
    rising = [before[1] < after[1] for before, after in pairwise(pairs) if before[1] != after[1]]
    if not rising or any(rising):
        return found
    return {text: UNKNOWN if text in labelled else meaning for text, meaning in found.items()}


def _label(text: str) -> str:
    """What stands beside the number of an answer, as words are compared."""
    return key(re.sub(r"\d+", " ", text)) if re.search(r"\d", text) else ""
