"""What the words of an export mean: of every column whose words decide whether or how a row counts, in one place.

A word is looked for among the user's own (`[values.orders.status]`, `--value`), then the vendor's (its profile), then
whole phrases, then stems; what is found nowhere is unknown, and told with its rows and money. The words stand in the
TOML files beside this one: a language or a vendor is data.
"""

from __future__ import annotations

from supportkit.exports.meanings.vocabulary import Vocabulary, vocabulary
from supportkit.exports.meanings.word_meaning import Meaning, judge
from supportkit.exports.meanings.words import key

__all__ = ["Meaning", "Vocabulary", "judge", "key", "vocabulary"]
