from __future__ import annotations

import os
import random
import re
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from supportkit.errors import DataError, UsageError
from supportkit.exports.masking.pseudonyms import (
    PERSONAL_ID,
    Key,
    customer_id,
    derived_key,
    given_key,
    is_contact,
    load_key,
    normal_email,
    normal_phone,
    pseudonym,
)
from supportkit.exports.people.store_key import key_of, remember_key
from supportkit.store import memory_store

KEY = Key(b"k" * 32)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (" Ivan.Petrov@Mail.RU ", "ivan.petrov@mail.ru"),
        ("Ivan <ivan@mail.ru>", "ivan@mail.ru"),
        ("mailto:ivan@mail.ru", "ivan@mail.ru"),
        ("ｉｖａｎ＠mail.ru", "ivan@mail.ru"),
        ("not an address", None),
        ("a@b", None),
    ],
)
def test_an_email_has_one_form(written: str, normal: str | None) -> None:
    assert normal_email(written) == normal


@pytest.mark.parametrize(
    "written", ["+7 916 123-45-67", "8 (916) 123-45-67", "89161234567", "79161234567", "9161234567"]
)
def test_a_phone_has_one_form_however_it_is_written(written: str) -> None:
    assert normal_phone(written) == "+79161234567"


@pytest.mark.parametrize("written", ["030 1234567", "+49 30 1234567", "0049 30/1234567", "tel:+49301234567"])
def test_a_german_phone_has_one_form(written: str) -> None:
    assert normal_phone(written) == "+49301234567"


@pytest.mark.parametrize(
    ("written", "plainly"),
    [
        ("49 170 1234567", "+49 170 1234567"),
        ("49-170-1234567", "+49 170 1234567"),
        ("49 (170) 1234567", "+49 170 1234567"),
        ("(49) 170 1234567", "+49 170 1234567"),
        ("49170 1234567", "+49 170 1234567"),
        ("49 30 1234567", "+49 30 1234567"),
        ("44 7700 900123", "+44 7700 900123"),
        ("33 6 12 34 56 78", "+33 6 12 34 56 78"),
        ("34 91 123 45 67", "+34 91 123 45 67"),
        ("91 98765 43210", "+91 98765 43210"),
        ("65 9123 4567", "+65 9123 4567"),
        ("84 912 345 678", "+84 912 345 678"),
        ("375 29 123 45 67", "+375 29 123 45 67"),
        ("7 916 123 45 67", "+7 916 123 45 67"),
        ("1 415 555 2671", "+1 415 555 2671"),
        ("8 (495) 123-45-67", "+7 495 123 45 67"),
        ("8 495 123-45-67", "+7 495 123 45 67"),
        ("48 123 45 67", "+49 48 1234567"),
        ("4.91701234567E+11", "+49 170 1234567"),
        ("4,91701234567e+11", "+49 170 1234567"),
        ("4.4791112345E+11", "+44 7911 123450"),
    ],
)
def test_digits_in_groups_or_of_a_spreadsheet_are_the_phone_with_its_code(written: str, plainly: str) -> None:
    assert normal_phone(written) == normal_phone(plainly)
    assert is_contact(written)
    for kind in ("phone", "contact"):
        assert customer_id(written, KEY, kind=kind) == customer_id(plainly, KEY, kind=kind)


@pytest.mark.parametrize("rounded", ["4.91702E+11", "4.9170123E+13", "1.5E+3", "4.91701234567E+9", "2026-01-02 10:00"])
def test_a_number_of_which_digits_are_lost_is_no_phone(rounded: str) -> None:
    assert normal_phone(rounded) is None
    assert not is_contact(rounded)


@pytest.mark.parametrize("other", ["00042", "17850", "17850.0", "360012345678", "CUST-12345678", "2024", "Ivan", ""])
def test_a_vendors_id_stays_as_it_is(other: str) -> None:
    assert customer_id(other, KEY) == other


def test_a_person_has_the_same_pseudonym_however_written_and_another_key_gives_another() -> None:
    first = customer_id("Ivan@Mail.ru", KEY)
    assert re.fullmatch(r"p_[a-z2-7]{20}", first)
    assert first == customer_id("ivan@mail.ru ", KEY) == customer_id("ivan@mail.ru", KEY, kind="email")
    assert first != customer_id("ivan@mail.ru", Key(b"x" * 32))
    assert customer_id("8 916 123-45-67", KEY) == customer_id("+79161234567", KEY, kind="phone")


def test_keep_gives_the_plain_normal_form() -> None:
    assert customer_id("Ivan@Mail.ru", KEY, privacy="keep") == "ivan@mail.ru"
    assert customer_id("8 916 123-45-67", KEY, privacy="keep") == "+79161234567"


def test_what_a_column_of_emails_holds_is_never_kept_in_the_clear() -> None:
    assert customer_id("ivan at mail", KEY, kind="email").startswith("p_")
    assert customer_id("broken@address", KEY).startswith("p_")
    assert customer_id("ext. 12", KEY, kind="phone").startswith("p_")


def test_every_id_that_becomes_a_pseudonym_is_selected_in_duckdb_too() -> None:
    ids = ["a@b.de", "+7 916 1234567", "8 (916) 123-45-67", "89161234567", "00042", "17850.0", "CUST-1", "030 1234567"]
    with duckdb.connect() as con:
        rows = con.execute(
            "select id, regexp_matches(id, $pattern) from (select unnest($ids) as id)",
            {"pattern": PERSONAL_ID, "ids": ids},
        ).fetchall()
    for value, selected in rows:
        assert selected == bool(re.search(PERSONAL_ID, value))
        assert selected or customer_id(value, KEY) == value


def test_the_key_of_a_run_in_memory_comes_from_the_files_in_any_order() -> None:
    assert derived_key(["a", "b"]) == derived_key(["b", "a"])
    assert derived_key(["a"]).mark != derived_key(["b"]).mark


def test_the_key_file_is_made_once_readable_by_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUPPORTKIT_KEY", raising=False)
    path = tmp_path / "config" / "key"
    first = load_key(path)
    assert load_key(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["key"]
    assert first.secret.hex() not in repr(first)
    path.write_text("not hex")
    with pytest.raises(DataError, match="key of the pseudonyms"):
        load_key(path)


def test_two_first_loads_at_once_get_one_key(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from supportkit.exports.masking.pseudonyms import load_key; "
    code += "print(load_key(Path(sys.argv[1])).mark)"
    environment = {name: value for name, value in os.environ.items() if name != "SUPPORTKIT_KEY"}
    environment["PYTHONPATH"] = str(Path(__file__).parent.parent / "src")
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "key")], stdout=subprocess.PIPE, env=environment)
        for _ in range(3)
    ]
    assert len({process.communicate()[0] for process in running}) == 1


def test_the_environment_names_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORTKIT_KEY", "one secret of sixteen bytes")
    one = load_key()
    monkeypatch.setenv("SUPPORTKIT_KEY", "8f3a91c4d27be650f1a8c3e94b7d2065")  # sixteen bytes in hexadecimal
    assert load_key().mark != one.mark


@pytest.mark.parametrize("short", ["secret", "fifteen letters", "ab" * 15, "0123456789abcdef"])
def test_a_key_that_can_be_guessed_is_refused(short: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORTKIT_KEY", short)
    with pytest.raises(UsageError, match="16 random bytes"):
        load_key()


@pytest.mark.parametrize(
    "repeated",
    [
        "0" * 64, "ab" * 16, "a" * 40, "8f3a91c4" * 8, "secret" * 6, "correct horse " * 3, bytes(range(32)).hex(),
        "abcdefghijklmnopqrstuvwxyz", "0110" * 16,
    ],
)  # fmt: skip
def test_a_key_of_a_few_bytes_over_and_over_is_refused(repeated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORTKIT_KEY", repeated)
    with pytest.raises(UsageError, match="repeats a few bytes: it has to hold 16 random bytes") as error:
        load_key()
    assert "token_hex" in error.value.hint


def test_random_keys_and_pass_phrases_are_no_repetition(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(3)
    for given in (
        *(rng.randbytes(16).hex() for _ in range(2000)),
        "correct horse battery staple",
        "the key of the tests",
    ):
        monkeypatch.setenv("SUPPORTKIT_KEY", given)
        assert given_key() is not None, given


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_file_that_others_may_read_is_refused(mode: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUPPORTKIT_KEY", raising=False)
    path = tmp_path / "key"
    load_key(path)
    path.chmod(mode)
    with pytest.raises(DataError, match="others may read"):
        load_key(path)


def test_a_store_of_an_earlier_release_gets_the_mark_that_takes_long_to_make() -> None:
    key = load_key()
    with memory_store() as store:
        store.connection.execute("insert into main.meta values ('key_id', $mark)", {"mark": key.old_mark})
        assert remember_key(store) == key
        assert store.connection.execute("select value from main.meta where name = 'key_id'").fetchall() == [(key.mark,)]
        assert remember_key(store) == key_of(store) == key


def test_a_pseudonym_tells_nothing_without_the_key() -> None:
    assert pseudonym("+79161234567", KEY) != pseudonym("+79161234568", KEY)
    assert len({pseudonym(str(number), KEY) for number in range(10_000)}) == 10_000
