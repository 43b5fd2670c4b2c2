"""Customers' ids: one form for each e-mail and phone, and a keyed pseudonym in its place.

A pseudonym is keyed BLAKE2b over the normalised value, 96 bits, written `p_` and base32: the same person has the
same pseudonym in every table of every load made with the same key, and without the key it cannot be recomputed (a
plain hash of all phone numbers of a country takes minutes). The key lives outside the database.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shlex
import stat
import unicodedata
from collections.abc import Iterable
from dataclasses import field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final, Literal

from supportkit.errors import DataError, UsageError
from supportkit.system.frozen import dataclass
from supportkit.system.machine import HAS_MODES

Privacy = Literal["mask", "keep"]
LEAST: Final = 16
"""Random bytes in a key."""

_DIFFERENT: Final = 8
"""The fewest different ones among them: of sixteen random bytes not one in a billion has fewer."""

_MAKE_ONE: Final = "make one with: python3 -c 'import secrets; print(secrets.token_hex(32))'"

PERSONAL_ID: Final = (
    "[@＠]|^[ ]*[+][ ]*[0-9]|^[ ]*[(]?[0-9]+[)]?[ ().-]+[0-9][0-9 ().-]*$|^[ ]*[78][3-9][0-9]{9}[ ]*$|^(?:tel|mailto):"
)
"""Selects the ids that are an e-mail or may be a phone (RE2 and Python); every other id is the vendor's and stays."""

REGIONS: Final = ("RU", "DE", "US", "GB", "FR", "ES", "IT", "PL", "UA", "AT", "CH", "NL")

_email = re.compile(r"^[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+$")
_plain_email = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]+")
_scientific = re.compile(r"([1-9])[.,]([0-9]{7,14})[eE]\+?([0-9]{2})")
_bare = re.compile(r"\(?([0-9]+)[0-9 ().\-/]*")
_in_brackets = re.compile(r"<([^<>]*@[^<>]*)>\s*$")


@dataclass(frozen=True)
class Key:
    """What pseudonyms are made with; its mark is stored beside the data, the secret never is."""

    secret: bytes = field(repr=False)

    @property
    def mark(self) -> str:
        """What a store knows its key by. It takes long to make, so that whoever has the store and guesses at the key
        has to wait for each guess."""
        return _mark(self.secret)

    @property
    def old_mark(self) -> str:
        """The mark in stores of earlier releases, which takes no time to make."""
        return hashlib.blake2b(b"supportkit key id", key=self.secret, digest_size=6).hexdigest()


@cache
def _mark(secret: bytes) -> str:
    return hashlib.scrypt(secret, salt=b"supportkit key mark", n=1 << 14, r=8, p=1, dklen=6).hex() + "s"


def load_key(path: Path | None = None) -> Key:
    """The key from `SUPPORTKIT_KEY`, else from a file of mode 0600 in the user's config folder, made at first use."""
    if given := given_key():
        return given
    path = path or _key_file()
    if not os.path.lexists(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with contextlib.suppress(FileExistsError):
                _write_key(path)
        except OSError as error:
            raise _unreadable(path, error) from error
    return _read_key(path)


def known_key(path: Path | None = None) -> Key | None:
    """The same key, or None where there is none yet: nothing is made."""
    if given := given_key():
        return given
    path = path or _key_file()
    return _read_key(path) if os.path.lexists(path) else None


def _key_file() -> Path:
    import platformdirs

    return Path(platformdirs.user_config_dir("supportkit")) / "key"


def _read_key(path: Path) -> Key:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if HAS_MODES and mode & 0o077:
        raise DataError(
            f"{path}: others may read the key of the pseudonyms (mode {mode:04o})",
            hint=f"chmod 600 {shlex.quote(str(path))}; whoever has read it and has the store too knows who is who",
        )
    if len(secret) < LEAST:
        raise DataError(f"{path}: the key of the pseudonyms is too short", hint="restore it from a copy")
    return Key(secret)


def _unreadable(path: Path, error: Exception) -> DataError:
    return DataError(
        f"{path}: the key of the pseudonyms cannot be read: {error}", hint="set SUPPORTKIT_KEY, or restore the file"
    )


def given_key() -> Key | None:
    """The key from `SUPPORTKIT_KEY`, where it is set. Raises UsageError for one that could be guessed."""
    given = os.environ.get("SUPPORTKIT_KEY")
    if not given:
        return None
    held = _bytes_of(given)
    if len(held) < LEAST:
        raise UsageError(f"SUPPORTKIT_KEY is too short: it has to hold {LEAST} random bytes", hint=_MAKE_ONE)
    if len(set(held)) < _DIFFERENT or _repeats(held):
        raise UsageError(f"SUPPORTKIT_KEY repeats a few bytes: it has to hold {LEAST} random bytes", hint=_MAKE_ONE)
    return Key(
        hashlib.blake2b(given.encode("utf-8", "surrogateescape"), digest_size=32, person=b"supportkit key").digest()
    )


def _bytes_of(given: str) -> bytes:
    """The bytes that a key may hold: two digits are one where it is written in hexadecimal."""
    text = given.strip()
    if re.fullmatch("[0-9a-fA-F]+", text):
        return bytes.fromhex(text[: len(text) // 2 * 2])
    return text.encode("utf-8", "surrogateescape")


def _repeats(held: bytes) -> bool:
    """Whether bytes are one pattern over and over, or go up or down by the same step."""
    steps = {(two - one) % 256 for one, two in pairwise(held)}
    return len(steps) == 1 or any(
        held[length:] == held[:-length] for length in range(1, min(LEAST, len(held) // 2 + 1))
    )


def _write_key(path: Path) -> None:
    """Whole or not at all, and never over a key that is there: two first loads at once get one key."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def derived_key(digests: Iterable[str]) -> Key:
    """The key of a run in memory: made from the files' digests, so that the same files give the same output."""
    mixed = hashlib.blake2b(digest_size=32, person=b"supportkit memo")
    for digest in sorted(digests):
        mixed.update(digest.encode() + b"\n")
    return Key(mixed.digest())


_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS: Final = tuple(a + b for a in _LETTERS for b in _LETTERS)


@cache
def _keyed(secret: bytes) -> hashlib.blake2b:
    return hashlib.blake2b(key=secret, digest_size=12)


def pseudonym(value: str, key: Key) -> str:
    """`p_` and 20 letters and digits that stand for the value."""
    hashed = _keyed(key.secret).copy()  # which takes less time than to begin with the key
    hashed.update(value.encode("utf-8", "surrogatepass"))
    bits = int.from_bytes(hashed.digest(), "big")  # base 32, two letters at a time
    high, low, two = bits >> 46, (bits & (1 << 46) - 1) << 4, _PAIRS
    return (
        f"p_{two[high >> 40]}{two[high >> 30 & 1023]}{two[high >> 20 & 1023]}{two[high >> 10 & 1023]}{two[high & 1023]}"
        f"{two[low >> 40]}{two[low >> 30 & 1023]}{two[low >> 20 & 1023]}{two[low >> 10 & 1023]}{two[low & 1023]}"
    )


def normal_email(value: str) -> str | None:
    """The address in one form (NFKC, lower case, without a name around it), or None if this is none."""
    if _plain_email.fullmatch(value):
        return value
    text = unicodedata.normalize("NFKC", value).strip()
    if match := _in_brackets.search(text):
        text = match[1].strip()
    text = text.removeprefix("mailto:").lower()
    return text if _email.match(text) else None


def normal_phone(value: str, regions: tuple[str, ...] = REGIONS) -> str | None:
    """The number in E.164, read by the first region in whose plan it is valid, or None if this is none."""
    import phonenumbers

    text = written_out(_in_ascii(value).removeprefix("tel:"))
    digits = re.sub(r"\D", "", text)
    if not 7 <= len(digits) <= 17 or re.search(r"[^\W\d_]", re.sub(r"(?i)\s*(?:ext|x)\.?\s*\d+$", "", text)):
        return None
    if text.startswith("00"):
        text = "+" + text[2:]
    if _is_mobile(digits) if text == digits else _has_its_code(text, digits):
        text = f"+{digits}"
    for region in (None,) if text.startswith("+") else regions:
        try:
            parsed = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed) or text.startswith("+"):
            return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    if len(digits) == 11 and digits[0] == "7":
        return f"+{digits}"
    return _international(digits) if text == digits and digits[0] != "0" else None


def _in_ascii(value: str) -> str:
    """A text in its plain form, with the digits of any script as 0 to 9."""
    text = unicodedata.normalize("NFKC", value).strip()
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def written_out(text: str) -> str:
    """The digits of a number that a spreadsheet shows as `4.91701234567E+11`, where all are there; else the text."""
    match = _scientific.fullmatch(text.strip())
    if match is None:
        return text
    first, rest, places = match[1], match[2], int(match[3])
    return first + rest.ljust(places, "0") if len(rest) <= places <= len(rest) + 2 else text


def _has_its_code(text: str, digits: str) -> bool:
    """Whether digits in groups, as `49 170 1234567`, begin with the code of a country: it is a group of its own, or the
    whole is a mobile phone with it and is not dialled at home in Russia."""
    import phonenumbers

    match = _bare.fullmatch(text)
    if match is None or not 10 <= len(digits) <= 15:
        return False
    try:
        number = phonenumbers.parse(f"+{digits}", None)
    except phonenumbers.NumberParseException:
        return False
    if match[1] == str(number.country_code):
        if len(digits) > 10:
            return phonenumbers.is_possible_number(number)
        return len(match[1]) < 3 and phonenumbers.is_valid_number(number)
    return _is_mobile(digits) and not (len(digits) == 11 and digits[0] == "8" and digits[1] in "34589")


def _international(digits: str) -> str | None:
    """The number that bare digits are with a plus before them, where there is such a one."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(f"+{digits}", None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def is_contact(value: str) -> bool:
    """Whether a customer's id is an e-mail or a phone, however it is written: with its country's code and without a
    plus too, where that is a mobile phone, and as it is dialled at home."""
    text = written_out(_in_ascii(value))
    if "@" in text or re.search(PERSONAL_ID, text):
        return normal_email(text) is not None or normal_phone(text) is not None
    if not text.isdecimal() or not 10 <= len(text) <= 16:
        return False
    if text.startswith("00"):
        return _international(text[2:]) is not None
    if text.startswith("0"):
        return normal_phone(text) is not None
    return _is_mobile(text)


def _is_mobile(digits: str) -> bool:
    """Whether bare digits are a mobile phone with its country's code."""
    import phonenumbers

    if not 11 <= len(digits) <= 15 or digits[0] == "0" or (number := _international(digits)) is None:
        return False
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    return phonenumbers.number_type(phonenumbers.parse(number, None)) in kinds


def first_of_several(value: str) -> str:
    """The first of the people whom a cell names, where it names several: addresses with commas, semicolons or blanks
    between them, or a person a line; else the value."""
    if "@" not in value:
        lines = value.split("\n") if "\n" in value else ()
        return next((line.strip() for line in lines if line.strip()), value)
    if value.count("@") < 2 or normal_email(value) is not None:
        return value
    pieces = [piece for piece in re.split(r"[,;\s]+", value) if piece]
    return pieces[0] if all(normal_email(piece) is not None for piece in pieces) else value


def customer_id(
    value: str,
    key: Key,
    *,
    privacy: Privacy = "mask",
    kind: Literal["email", "phone", "contact", "id"] = "id",
    regions: tuple[str, ...] = REGIONS,
) -> str:
    """The id under which a customer is known in every table.

    An e-mail or a phone is brought to one form and, with privacy "mask", replaced by its pseudonym; a vendor's id
    stays as it is. `kind` says that the column holds phones or e-mails, so that bare digits are read as a phone, and
    what cannot be read as either is pseudonymised too; among contacts it may be an id, and stays.
    """
    normal = normal_email(value)
    if normal is None and (kind in ("phone", "contact") or (kind == "id" and re.search(PERSONAL_ID, value))):
        normal = normal_phone(value, regions)
    if normal is None:
        if kind in ("id", "contact") and "@" not in unicodedata.normalize("NFKC", value):
            return value
        normal = unicodedata.normalize("NFKC", value).strip().lower()
    return pseudonym(normal, key) if privacy == "mask" else normal
