"""The cheap first look: whether a text could hold personal data at all."""

from __future__ import annotations

from typing import Final

from supportkit.exports.masking import paper_words, provider_keys
from supportkit.exports.masking.cues import TELEPHONE_STEMS
from supportkit.exports.masking.literals import has_one
from supportkit.exports.masking.secret_words import SHORT, WORDS, may_hold_secrets
from supportkit.exports.masking.sign_classes import AT_SIGNS, DIGITS, SEPARATOR
from supportkit.system.late_patterns import late

DIGIT: Final = f"[{DIGITS}]"
NUMBER: Final = f"{DIGIT}(?:[{SEPARATOR}]{{0,4}}{DIGIT}){{5}}"
_PAPER_WORD: Final = (
    "cni[ :]|pas(?:aport|poort|zport)|driv(?:er['’]?s?|ing) licen|de condu|patente di|rijbewijs|jazdy|dl#"
    "|(?:id|identity)[ -]card|perso(?:[ .:]|-nr)|nino|national insurance|паспорт|ausweis|führerschein|удостоверени"
    "|водительски|серия|['’]identit"
)
_PAPER: Final = "[0-9](?:[0-9a-z](?:[0-9a-z]|[^a-z]{1,4}[0-9])|[^0-9a-z]{1,4}[0-9])"
"""How the number of a paper begins, from its first digit on."""

_AT: Final = f"[@{AT_SIGNS}]|%(?:25){{0,4}}40|=40|&(?:amp;){{0,4}}(?:commat|#0{{0,4}}64|#x0{{0,4}}40);|u0040"
_AT_IN_WORDS: Final = (
    "[ _]{1,2}(?:at|ät)[ _]{1,2}[^ ]{2,64}[ _]{1,2}(?:dot|punkt)[ _]",
    "-at-[^ ]{1,64}-dot-",
    "[ ](?:собака|собачка|sobaka|arroba|arobase)[ ]",
    r"[a-zа-я0-9][ ][aä]t[ ][a-zа-я0-9.-]{1,64}\.[a-zа-я]{2}",
)
_AT_IN_BRACKETS: Final = r"[(\[{<][ ]?(?:at|ät|a|собака|собачка|arroba|arobase)[ ]?[)\]}>]"
_ODD_NUMBER: Final = (
    "[0-9](?:&(?:nbsp|[a-z]{0,3}sp|#[0-9]{2,5}|#x[0-9a-f]{2,4}|plus|hyphen|minus|ndash);|%20|%2D|[_*])+[0-9]"
)
_NEXT_CELL: Final = r"(?:[\s>|]{1,9}|(?:\s?<[^<>]{1,64}>){1,4}\s?)"
_IN_PIECES: Final = f"[0-9]{{4}}{_NEXT_CELL}[0-9]{{4,6}}{_NEXT_CELL}[0-9]{{4}}"
"""A card or an account of which each group stands in a line or a cell of its own."""
_WITH_LETTERS: Final = (
    "[a-z]{2}[0-9]{2}(?:(?:[ \u00a0-]|\r?\n)?[a-z0-9]){11}",
    "[a-z]{6}[0-9]{2}[a-z][0-9]{2}",
    "[a-z]{2}(?:[ ]?[0-9]{2}){3}[ ]?[a-d]",
)
_PAPERS: Final = (f"(?:pass[^w]|{_PAPER_WORD})[^0-9]{{0,64}}{_PAPER}|(?:pass|{_PAPER_WORD})[^0-9]{{0,8}}[&%=]",)
SIGNS: Final = (_AT, *_AT_IN_WORDS, _AT_IN_BRACKETS, _ODD_NUMBER, _IN_PIECES, *_WITH_LETTERS, *_PAPERS)
"""All parts but those for bare numbers and for secrets."""

MAY_BE_PERSONAL: Final = "(?i)" + "|".join((NUMBER, *SIGNS, WORDS, provider_keys.LOOK))
"""Selects every text that could hold personal data; the same meaning in RE2 and in Python."""

_AT_BEGINS: Final = ("@", *AT_SIGNS, "%", "=", "&", "u0040", "U0040")
_TELLING: Final = (" at ", " ät ", " собак", " собач", " sobaka ", " arroba ", " arobase ", "_at_", "-at-")
_CALLED: Final = (*TELEPHONE_STEMS, "\n")
"""Where six digits may be a phone: behind a word for telephoning, and where a number goes on in the next line."""
_PAPER_STEMS: Final = (*paper_words.STEMS, "nino", "national insurance")

_TOKEN: Final = r"(?<=\[)(?:EMAIL|PHONE|CARD|IBAN|PASSPORT|TAX|SECRET)\]"
_sign = late(f"[@{AT_SIGNS}%=&(\\[{{<_*{DIGITS}](?!{_TOKEN})")
_number = late(NUMBER)
_longer_number = late(NUMBER.replace("){5}", "){6}"))
_at = late(f"(?i){_AT}")
_odd_number = late(f"(?i){_ODD_NUMBER}|{_IN_PIECES}")
_at_in_brackets = late(f"(?i){_AT_IN_BRACKETS}")
_in_words = late("(?i)" + "|".join(_AT_IN_WORDS))
_with_letters = late(  # from its first digit on, which are fewer than letters
    "(?i)[0-9](?:(?<=[a-z]{2}[0-9])[0-9](?:(?:[ \u00a0-]|\r?\n)?[a-z0-9]){11}|(?<=[a-z]{6}[0-9])[0-9][a-z][0-9]{2}"
    "|(?<=[a-z]{4}[0-9])[0-9]{5}[hmx][a-z]{5}"
    "|(?:(?<=[a-z]{2}[0-9])|(?<=[a-z]{2}[ ][0-9]))[0-9](?:[ ]?[0-9]{2}){2}[ ]?[a-d])"
)
_paper = late("(?i)" + "|".join(_PAPERS))


def may_be_personal(text: str) -> bool:
    """Whether a text could hold personal data: the pattern above, asked for in the order of what is cheap."""
    return may_be_masked(text) or _number.search(text) is not None


def may_be_masked(text: str, *, silent: bool = False) -> bool:
    """The same without the numbers of six digits that masking keeps, since no word for telephoning stands before them:
    in tickets most of them are those of orders. A text is silent that is known to say nothing of secrets."""
    signs = _sign.search(text) is not None
    if signs and (_longer_number.search(text) or _by_its_sign(text) or _with_letters.search(text)):
        return True
    if not silent and may_hold_secrets(text):
        return True
    folded = text.casefold()
    if has_one(folded, _TELLING) and _in_words.search(text):
        return True
    if not signs:
        return False
    if _number.search(text) and (not text.isascii() or has_one(folded, _CALLED)):
        return True
    return has_one(folded, _PAPER_STEMS) and (len(text) > SHORT or _paper.search(text) is not None)


def _by_its_sign(text: str) -> bool:
    """Whether an at sign stands in it, or what is read as one, or a number with odd signs between its digits, or one
    in pieces."""
    if has_one(text, _AT_BEGINS) and _at.search(text):
        return True
    return _odd_number.search(text) is not None or _at_in_brackets.search(text) is not None
