"""Which numbers are phones: by their shape, by the words before them, or by the numbering plans of known countries."""

from __future__ import annotations

from typing import Final

from supportkit.exports.masking.cues import AFTER_AMOUNT, BEFORE_AMOUNT
from supportkit.exports.masking.digits import Number, ascii_digits, russian, russian_mobile
from supportkit.system.late_patterns import late

REGIONS: Final = ("RU", "DE", "US", "GB", "FR", "ES", "IT", "PL", "UA", "AT", "CH", "NL")
"""Whose national phone numbers are known without a country code."""

WITHOUT_PREFIX: Final = ("RU", "US")
"""Those of them where people leave out the leading 0 or 8 as well."""


_BARE: Final = late("1?[2-9][0-9]{2}[2-9][0-9]{6}|[78]?[3489][0-9]{9}")
"""What a phone of those two is at least: the plans themselves take long to ask."""


_CHINESE: Final = late("1[3-9][0-9]{9}")


def certain_phone(number: Number) -> int:
    """One past the last group of a number that can only be a phone, or 0."""
    ends = number.ends
    if number.plus:
        return international_phone(number)
    if len(number.longest) < 7:
        return 0
    for end, digits in ends.items():
        shape = number.shape(end)
        if russian(digits) and (len(shape) == 1 or shape[0] in (1, 4) or "(" in number.gap(number.at + 1)):
            return end
        if shape in ((3, 3, 4), (1, 3, 3, 4), (3, 3, 2, 2)) and number.gaps(end) <= {"-", ".", "", ")", "(", ") "}:
            return end
    if number.before.endswith("("):
        inner = number.text[number.groups[number.at][1] : number.groups[number.at][1] + 1]
        fit = [end for end, digits in ends.items() if end > number.at + 1 and 7 <= len(digits) <= 13]
        return max(fit) if inner == ")" and fit else 0
    first = ends.get(number.at + 1, "") or ascii_digits(number.text[slice(*number.groups[number.at])])
    if first[0] == "0" and len(first) > 1:
        limit = (10, 17) if first.startswith("00") else (8, 13)
        fit = [end for end, digits in ends.items() if limit[0] <= len(digits) <= limit[1]]
        return max(fit) if fit else 0
    return 0


def international_phone(number: Number) -> int:
    known = {"7": 11, "1": 11}
    fit = []
    for end, digits in number.ends.items():
        if known.get(digits[0]) == len(digits):
            return end
        if 7 <= len(digits) <= 15 or (
            len(digits) == 16 and "(0)" in number.text[number.start : number.groups[end - 1][1]]
        ):
            fit.append(end)
    if len(fit) > 1:  # the longest that is in use, which is asked first: to ask takes long
        return next((end for end in reversed(fit) if _valid(f"+{number.ends[end]}", ())), fit[-1])
    return fit[0] if fit else 0


def likely_phone(number: Number) -> int:
    """One past the last group of what is a phone by the words before it, or by the plans of known countries, or 0."""
    fit: list[int] = []
    for end, digits in number.ends.items():
        if _counted(number, end) or not (number.called or number.alone(end)):
            continue
        shape, gaps = number.shape(end), number.gaps(end)
        if number.called:
            if 5 <= len(digits) <= 15:
                fit.append(end)
        elif len(shape) == 1:
            bare = _BARE.fullmatch(digits) and (russian_mobile(digits) or _in_use(number, digits, WITHOUT_PREFIX))
            if bare or (_CHINESE.fullmatch(digits) and _in_use(number, digits, ("CN",))):
                fit.append(end)
        elif (
            7 <= len(digits) <= 13
            and _phone_shape(shape, gaps)
            and (len(digits) < 9 or len(shape) > 2 or _in_use(number, digits, REGIONS))
        ):
            fit.append(end)
    return max(fit) if fit else 0


def _phone_shape(shape: tuple[int, ...], gaps: set[str]) -> bool:
    """Grouped as people write phones: not thousands, sizes or a decimal fraction."""
    if shape.count(1) > 1 or "/" in gaps or max(shape) < 2:
        return False
    if len(shape) == 2:
        return gaps == {"-"} if sum(shape) < 9 else gaps <= {"-", ""} and shape[0] > 1 and shape[1] > 3
    if all(length == 3 for length in shape[1:]) and shape[0] < 3 and gaps <= {"", "."}:
        return False
    return max(shape) > 2 or gaps == {"-"}


def _counted(number: Number, end: int) -> bool:
    """Whether the number is an amount: a currency or a unit stands beside it, or a decimal part follows."""
    stop = number.groups[end - 1][1]
    return bool(AFTER_AMOUNT.match(number.text, stop) or BEFORE_AMOUNT.search(number.before))


def _valid(digits: str, regions: tuple[str, ...]) -> bool:
    """Whether the number is in use in the plan of one of the regions (none: it carries its country code)."""
    import phonenumbers

    for region in regions or (None,):
        try:
            parsed = phonenumbers.parse(digits, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return True
    return False


def _in_use(number: Number, digits: str, regions: tuple[str, ...]) -> bool:
    """The same, which takes long to find out; nobody needs to know of the number of a thing, which is kept anyway."""
    return number.named or number.numbered or _valid(digits, regions)
