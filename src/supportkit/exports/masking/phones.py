"""Which numbers are phones: by their shape, by the words before them, or by the numbering plans of known countries."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from supportkit.exports.masking.cues import AFTER_AMOUNT
from supportkit.exports.masking.digits import Number, russian, russian_mobile
from supportkit.system.late_patterns import late

REGIONS: Final = ("RU", "DE", "US", "GB", "FR", "ES", "IT", "PL", "UA", "AT", "CH", "NL")
"""Whose national phone numbers are known without a country code."""

WITHOUT_PREFIX: Final = ("RU", "US")
"""Those of them where people leave out the leading 0 or 8 as well."""


_BARE: Final = late("1?[2-9][0-9]{2}[2-9][0-9]{6}|[78]?[3489][0-9]{9}")
"""What a phone of those two is at least: the plans themselves take long to ask."""


_POSTAL: Final = late(r"(?:(?<![^\W_])[A-Z]{2}|(?i:zip\b.{0,8}|post(?:al)?[ ]?code))[ :#.,]{0,3}\Z")
_CHINESE: Final = late("1[3-9][0-9]{9}")
_MOBILE_ABROAD: Final = late(
    "49(?:15[0-9]|16[023]|17[0-9])[0-9]{7,8}|447[3-9][0-9]{8}|33[67][0-9]{8}|34[67][0-9]{8}|393[0-9]{9}|316[0-9]{8}"
    "|436[5-9][0-9]{8,9}|417[5-9][0-9]{7}|48[5-8][0-9]{8}|380[3-9][0-9]{8}|375(?:25|29|33|44)[0-9]{7}|905[0-9]{9}"
    "|9989[0-9]{8}|91[6-9][0-9]{9}"
)
"""Mobiles with their country code and no plus, which few numbers of things begin like."""


def certain_phone(number: Number) -> int:
    """One past the last group of a number that can only be a phone, or 0."""
    if number.plus:
        return international_phone(number)
    if number.count < 7:
        return 0
    for end in number.ends(10, 11):
        shape = number.shape(end)
        if russian(number.digits(end)) and (len(shape) == 1 or shape[0] in (1, 4) or "(" in number.gap(number.at + 1)):
            return end
        if shape in ((3, 3, 4), (1, 3, 3, 4), (3, 3, 2, 2)) and number.gaps(end) <= {"-", ".", "", ")", "(", ") "}:
            return end
    if number.before.endswith("("):
        closed = number.text[number.first_end : number.first_end + 1] == ")"
        fit = number.ends(7, 13)
        return fit[-1] if closed and fit and fit[-1] > number.at + 1 else 0
    first = number.run.digits[number.run.sums[number.at] : number.run.sums[number.at + 1]]
    if first == "011":  # abroad from North America
        abroad = number.ends(11, 18)
        valid = (end for end in reversed(abroad) if _valid(number, f"+{number.digits(end)[3:]}", ()))
        if end := next(valid, abroad[-1] if abroad else 0):
            return end
    if first[0] == "0" and len(first) > 1:
        fit = number.ends(10, 17) if first.startswith("00") else number.ends(8, 13)
        return fit[-1] if fit else 0
    return 0


def international_phone(number: Number) -> int:
    """One past the last group of a number with a country code, or 0."""
    if number.digits(number.at + 1)[0] in "71" and (eleven := number.ends(11, 11)):
        return eleven[0]
    fit: list[int] = [*number.ends(7, 15)]
    fit += (end for end in number.ends(16, 16) if "(0)" in number.text[number.start : number.run.groups[end - 1][1]])
    if len(fit) > 1:  # the longest that is in use, which is asked first: to ask takes long
        for end in reversed(fit):
            if _valid(number, f"+{number.digits(end)}", ()):
                return end
    return fit[-1] if fit else 0


def likely_phone(number: Number) -> int:
    """One past the last group of what is a phone by the words before it, or by the plans of known countries, or 0."""
    if number.called:
        spoken = (end for end in reversed(number.ends(5, 15)) if not _counted(number, end))
        return next(spoken, 0)
    if number.follows:
        return 0
    for end in reversed(number.ends(7, 13)):
        if number.alone(end) and not _counted(number, end) and _fits(number, end):
            return end
    return 0


def _fits(number: Number, end: int) -> bool:
    """Whether digits that nothing speaks of are those of a phone."""
    shape = number.shape(end)
    if len(shape) > 1:
        return (
            _phone_shape(shape, number.gaps(end))
            and not _is_series(number, end)
            and not (shape == (5, 4) and _is_postal(number))
            and (sum(shape) < 9 or len(shape) > 2 or _in_use(number, number.digits(end), REGIONS))
        )
    digits = number.digits(end)
    if _BARE.fullmatch(digits) and (russian_mobile(digits) or _in_use(number, digits, WITHOUT_PREFIX)):
        return True
    if _MOBILE_ABROAD.fullmatch(digits):
        return True
    return _CHINESE.fullmatch(digits) is not None and _in_use(number, digits, ("CN",))


def _is_postal(number: Number) -> bool:
    """Whether five digits and four are an American postal code: those of mobiles of other countries begin with 9."""
    return number.text[number.start] != "9" or _POSTAL.search(number.before) is not None


def _phone_shape(shape: tuple[int, ...], gaps: set[str]) -> bool:
    """Grouped as people write phones: not thousands, sizes or a decimal fraction."""
    if shape.count(1) > 1 or "/" in gaps or max(shape) < 2:
        return False
    if gaps == {"."} and 1 in shape[1:]:
        return False  # a version
    if len(shape) == 2:
        return gaps == {"-"} if sum(shape) < 9 else gaps <= {"-", ""} and shape[0] > 1 and shape[1] > 3
    if all(length == 3 for length in shape[1:]) and shape[0] < 3 and gaps <= {"", "."}:
        return False
    return max(shape) > 2 or gaps == {"-"}


def _is_series(number: Number, end: int) -> bool:
    """Whether the groups are sizes or steps, each as much above the one before it: 38-40-42-44."""
    groups = [int(number.run.digits[number.run.sums[i] : number.run.sums[i + 1]]) for i in range(number.at, end)]
    steps = {two - one for one, two in pairwise(groups)}
    return len(groups) > 2 and len(steps) == 1 and min(steps) > 0


def _counted(number: Number, end: int) -> bool:
    """Whether the number is an amount: a currency or a unit stands beside it, or a decimal part follows."""
    return number.priced or AFTER_AMOUNT.match(number.text, number.run.groups[end - 1][1]) is not None


def _valid(number: Number, digits: str, regions: tuple[str, ...]) -> bool:
    """Whether the digits are in use in the plan of one of the regions (none: they carry their country code)."""
    import phonenumbers

    number.asked += 1
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
    return number.named or number.numbered or _valid(number, digits, regions)
