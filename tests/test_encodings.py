"""A file is read in the encoding that it is written in, or refused: letters of another alphabet are never loaded."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from benchmarks.polluted import SUBJECTS

from supportkit.errors import UsageError
from supportkit.exports.reading.encodings import CHUNK, detect_encoding, settled
from supportkit.exports.reading.letters import guesses
from supportkit.exports.reading.lines import read_lines
from supportkit.exports.reading.old_encodings import find_encoding
from tests.conftest import Call

WRITTEN = [
    ("ru", "cp866"), ("ru", "koi8-r"), ("ru", "cp1251"), ("ru", "iso8859-5"), ("pl", "cp1250"),
    ("tr", "cp1254"), ("de", "cp1252"), ("de", "cp850"), ("de", "mac-roman"), ("zh", "gb18030"), ("ja", "shift_jis"),
    ("ja", "euc_jp"), ("ru", "utf-16"), ("ru", "utf-16-le"), ("zh", "utf-16-be"), ("de", "utf-32"), ("ru", "utf-32-le"),
    ("ru", "utf-8"), ("de", "utf-8-sig"), ("ja", "iso2022_jp"), ("zh", "hz"),
]  # fmt: skip
WAITING = {"ru": "ждёт", "pl": "oczekujące", "tr": "açık", "de": "offen für", "zh": "等待", "ja": "待機中"}


def tickets(language: str, rows: int = 20) -> str:
    texts = SUBJECTS[language]
    lines = [f"{n},2026-01-{n % 28 + 1:02d},{texts[n % len(texts)]},{WAITING[language]}" for n in range(rows)]
    return "ticket_id,created_at,subject,category\r\n" + "\r\n".join(lines) + "\r\n"


@pytest.mark.parametrize(("language", "encoding"), WRITTEN)
def test_twenty_lines_tell_their_encoding(language: str, encoding: str) -> None:
    data = tickets(language).encode(encoding)
    found = detect_encoding(BytesIO(data))
    assert not found.doubt
    assert data[found.mark :].decode(found.name) == tickets(language)


@pytest.mark.parametrize(("language", "encoding"), [("pl", "iso8859-2"), ("pl", "cp852"), ("tr", "cp857")])
def test_a_rare_encoding_is_right_or_refused(language: str, encoding: str) -> None:
    data = tickets(language).encode(encoding)
    found = detect_encoding(BytesIO(data))
    assert found.doubt or data.decode(found.name) == tickets(language)


@pytest.mark.parametrize("encoding", ["cp866", "gb18030"])
def test_texts_of_another_encoding_are_loaded_as_they_read(encoding: str, tmp_path: Path, supportkit: Call) -> None:
    language = "ru" if encoding == "cp866" else "zh"
    file, db = tmp_path / "tickets.csv", tmp_path / "t.duckdb"
    file.write_bytes(tickets(language).encode(encoding))
    code, _, err = supportkit("load", file, "--db", db)
    assert (code, f"read as {encoding}, by its letters" in err) == (0, True)
    code, out, _ = supportkit("sql", "select distinct subject from tickets order by 1", "--db", db, "--format", "csv")
    assert out.split("\n")[1:-1] == sorted(SUBJECTS[language])


HUNGARIAN = ("Az erősítő nem működik", "Hűtő ajtaja törött", "Őszintén szólva csalódott vagyok")
POLISH = ("Paczka nie dotarła na czas", "Proszę o zwrot pieniędzy", "Dziękuję, wszystko działa świetnie")


@pytest.mark.parametrize("rows", [2, 3, 20])
@pytest.mark.parametrize("encoding", ["cp1250", "iso8859-2", "iso8859-16"])
@pytest.mark.parametrize("texts", [HUNGARIAN, POLISH], ids=["hu", "pl"])
def test_few_texts_of_central_europe_are_right_or_refused(texts: tuple[str, ...], encoding: str, rows: int) -> None:
    text = "ticket_id,subject\n" + "".join(f'{n},"{texts[n % len(texts)]}"\n' for n in range(rows))
    found = detect_encoding(BytesIO(text.encode(encoding)))
    assert found.doubt or text.encode(encoding).decode(found.name) == text


CZECH = ("Kde je můj balík", "Vrácení peněz", "Špatná velikost", "Děkuji", "Chyba při platbě")


@pytest.mark.parametrize("encoding", ["cp1250", "iso8859-2"])
def test_a_sign_begins_no_word(encoding: str) -> None:
    # 0xA9 is `Š`, or in the other encoding `©`
    text = "ticket_id,subject\n" + "".join(f"{n},{CZECH[n % 5]}\n" for n in range(20))
    found = detect_encoding(BytesIO(text.encode(encoding)))
    assert found.doubt or text.encode(encoding).decode(found.name) == text


@pytest.mark.parametrize(("text", "encoding"), [("주문이 도착하지 않았어요", "iso2022_kr"), ("尺寸不对", "hz")])
def test_signs_in_the_bytes_of_ascii_are_read(text: str, encoding: str) -> None:
    whole = "ticket_id,subject\n" + "".join(f"{n},{text}\n" for n in range(5))
    file = BytesIO(whole.encode(encoding))
    assert "".join(line.text or "" for line in read_lines(file, detect_encoding(file))) == whole


GREEK = ("Πού είναι η παραγγελία", "Λάθος μέγεθος", "Θέλω επιστροφή", "Ευχαριστώ", "Δεν μπορώ να συνδεθώ")
CHINESE = (
    "我的订单还没有收到", "尺寸不对", "谢谢", "修改地址", "优惠券不能用", "商品有瑕疵", "忘记密码", "请开发票",
)  # fmt: skip
TRADITIONAL = ("我的訂單還沒有收到", "重新出貨", "無法登入", "付款失敗", "忘記密碼", "沒有收到郵件")
JAPANESE = ("配送が遅い", "アカウント削除", "返金してください", "クーポンが使えない", "注文した商品が届きません")


@pytest.mark.parametrize(
    ("texts", "encoding"),
    [
        (CHINESE, "gb18030"),  # 谢谢 and 修改地址 are UTF-8 too, of other letters
        (CHINESE[:1] * 2 + CHINESE[2:4], "gb18030"),
        (TRADITIONAL, "big5"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),  # whose kana are those of GB 18030
        (GREEK, "cp1253"),
    ],
)
def test_a_few_texts_among_many_rows_tell_their_encoding(texts: tuple[str, ...], encoding: str) -> None:
    rows = [f"{n},2026-01-01,{text}\n" for n, text in enumerate((*texts, *["late"] * 20))]
    data = ("ticket_id,created_at,subject\n" + "".join(rows)).encode(encoding)
    found = detect_encoding(BytesIO(data))
    assert (data.decode(found.name), found.doubt) == (data.decode(encoding), ())


@pytest.mark.parametrize("language", ["ru", "de", "pl", "zh", "ja"])
def test_utf_8_with_a_few_lines_of_another_encoding_stays_utf_8(language: str) -> None:
    old = {"ru": "cp1251", "de": "cp1252", "pl": "cp1250", "zh": "gb18030", "ja": "shift_jis"}[language]
    first, *lines = tickets(language).splitlines(keepends=True)
    data = first.encode() + b"".join(line.encode(old if n % 9 == 0 else "utf-8") for n, line in enumerate(lines))
    assert detect_encoding(BytesIO(data)).name == "utf-8"


@pytest.mark.parametrize("encoding", ["cp866", "koi8-r", "cp1251"])
def test_one_text_in_every_row_tells_the_encoding(encoding: str) -> None:
    rows = "".join(f"{n},2026-01-01,Не пришёл заказ\n" for n in range(20))
    data = ("ticket_id,created_at,subject\n" + rows).encode(encoding)
    found = detect_encoding(BytesIO(data))
    assert (data.decode(found.name), found.doubt) == (data.decode(encoding), ())


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("退款", "gb18030"), ("返金", "shift_jis"), ("カード", "shift_jis"), ("źle", "cp1250"), ("ДОСТАВКА", "koi8-r"),
        ("Спасибо", "cp1251"), ("Děkuji", "cp1250"), ("Zwrot pieniędzy", "cp1250"), ("ödeme hatası", "cp1254"),
        ("niño", "cp1252"), ("It’s broken", "cp1252"), ("£20 refund", "cp1252"), ("café", "cp1252"),
    ],
)  # fmt: skip
def test_a_word_or_two_are_right_or_refused(text: str, encoding: str) -> None:
    data = ("ticket_id,created_at,subject\n" + f"1,2026-01-01,{text}\n" * 20).encode(encoding)
    found = detect_encoding(BytesIO(data))
    assert found.doubt or data.decode(found.name) == data.decode(encoding)


@pytest.mark.parametrize(
    ("texts", "encoding"),
    [
        # three short texts that the detector alone reads as Thai, as Korean and in an encoding of Greek on old machines
        (("我的退款在哪里", "想换尺码", "支付出错"), "gb18030"),
        (("二重に請求されました", "色が間違っています", "荷物が破損していました"), "euc_jp"),
        (("Διπλή χρέωση κάρτας", "Λάθος χρώμα", "Το δέμα ήρθε χαλασμένο"), "cp1253"),
    ],
)
def test_a_few_texts_of_an_unknown_language_are_right_or_refused(texts: tuple[str, ...], encoding: str) -> None:
    rows = "".join(f'{n},2026-01-01,"{texts[n // 6] if n % 6 == 0 else "late"}"\n' for n in range(18))
    data = ("ticket_id,created_at,subject\n" + rows).encode(encoding)
    found = detect_encoding(BytesIO(data))
    assert found.doubt or data.decode(found.name) == data.decode(encoding)


def test_letters_that_may_be_of_two_encodings_are_refused_with_both(tmp_path: Path, supportkit: Call) -> None:
    # 0xF0 and 0xFE are letters in western, central European and Turkish texts, and one of each decides nothing
    file = tmp_path / "tickets.csv"
    rows = "".join(f"{n},2026-01-01,none\n" for n in range(20))
    file.write_bytes(b"ticket_id,created_at,subject\n" + rows.encode() + b"20,2026-01-02,a\xf0\n21,2026-01-03,b\xfeo\n")
    code, _, err = supportkit("load", file, "--db", tmp_path / "t.duckdb")
    assert code == 3
    assert "is no UTF-8, and its letters may be those of" in err
    assert "--encoding" in err


def test_single_lines_that_are_no_utf8_do_not_make_the_file_another() -> None:
    data = ("Größe\n" * 9).encode() + "Straße\n".encode("cp1252")
    found = detect_encoding(BytesIO(data))
    assert (found.name, found.legacy) == ("utf-8", "cp1252")


def test_letters_behind_a_plain_first_part_are_found() -> None:
    plain = b"1,2026-01-01,late,open\n" * (CHUNK // 20)
    file = BytesIO(plain + tickets("ru").encode("koi8-r"))
    assert detect_encoding(file).name == "utf-8"
    assert settled(file, detect_encoding(file)).name == "koi8-r"


def test_a_given_encoding_is_taken_and_an_unknown_one_refused() -> None:
    data = BytesIO(tickets("ru").encode("cp866"))
    assert detect_encoding(data, "cp1251").name == "cp1251"
    assert detect_encoding(BytesIO(tickets("ru").encode("utf-16")), "utf-16").name == "utf-16-le"
    with pytest.raises(UsageError, match="there is no such encoding"):
        detect_encoding(data, "cp99")
    with pytest.raises(UsageError, match="there is no such encoding"):
        detect_encoding(data, "base64")  # is a codec, and of no text


def test_a_guess_names_the_encoding_in_which_the_letters_are_usual() -> None:
    # "ż" and "ł" are "¿" and "³" in the western encoding
    ranked = guesses(["zażółć gęślą jaźń".encode("cp1250")])
    assert ranked[0].encoding == "cp1250"
    assert find_encoding(["zażółć gęślą jaźń".encode("cp1250")] * 3).encoding == "cp1250"


ONE_BROKEN = (
    b"ticket_id,created_at,subject\n1,2026-01-01,caf\xc3\xa9 closed\n2,2026-01-01,Gr\xfc\xdfe\n"
    b'3,2026-01-02,"a\nb \xff"\n4,2026-01-02,late\n5,2026-01-02,late\n'
)


def test_a_byte_that_is_no_letter_of_the_encoding_said_is_a_fault_of_its_row(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "tickets.csv", tmp_path / "t.duckdb"
    file.write_bytes(ONE_BROKEN)
    code, _, err = supportkit("load", file, "--db", db, "--encoding", "utf-8")
    assert (code, "read 5 = loaded 3" in err, "rejected 2" in err) == (0, True, True)
    out = supportkit("rejects", "--db", db, "--format", "csv")[1]
    # the line, and the column in it, of 0xFC behind `2,2026-01-01,Gr` and of 0xFF behind `b `
    assert "3,,byte 0xfc in column 16 is no letter of utf-8" in out
    assert '4,,"byte 0xff in line 5, column 3 is no letter of utf-8"' in out
    assert "\ufffd" not in supportkit("sql", "from tickets select subject", "--db", db, "--format", "csv")[1]
    code, _, err = supportkit("load", file, "--db", tmp_path / "s.duckdb", "--encoding", "utf-8", "--strict")
    assert (code, "2 rows rejected" in err) == (3, True)


def test_a_file_of_another_encoding_than_is_said_is_refused_with_the_remedy(tmp_path: Path, supportkit: Call) -> None:
    for name, text in {
        "rows": "ticket_id,created_at,subject\n1,2026-01-01,Größe\n",
        "header": "Größe,b\n1,2\n",
    }.items():
        file = tmp_path / f"{name}.csv"
        file.write_bytes(text.encode("cp1252"))
        code, _, err = supportkit("load", file, "--db", tmp_path / "t.duckdb", "--encoding", "utf-8")
        assert (code, "byte 0xf6 in " in err) == (3, True)
        assert "--encoding" in err.split("hint: ")[1]


def test_a_letter_that_is_lost_is_told_and_not_tolerated_by_strict(tmp_path: Path, supportkit: Call) -> None:
    file, db = tmp_path / "tickets.csv", tmp_path / "t.duckdb"
    file.write_bytes(
        b"ticket_id,created_at,subject\n1,2026-01-01,\xc3\xa9t\xc3\xa9 \xc3\xa9\xff\n2,2026-01-01,\xc3\xa9\n"
    )
    code, _, err = supportkit("load", file, "--db", db, "--strict")
    assert (code, "1 line has bytes that are no letters, and --strict allows none" in err) == (3, True)
    code, _, err = supportkit("load", file, "--db", db)
    assert (code, "--encoding utf-8 rejects them" in err) == (0, True)
