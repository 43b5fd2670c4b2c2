"""The benchmark of the tests: which faults it puts into a file, and that it notices when tests do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks import mutants
from benchmarks.mutation.mutant import OPERATORS, Mutant
from benchmarks.mutation.of_python import is_another_program, python_mutants
from benchmarks.mutation.of_sql import sql_mutants
from benchmarks.mutation.running import ROOT, SRC

SOURCES = {file: (SRC / file).read_text(encoding="utf-8") for files in mutants.FILES.values() for file in files}


def python(source: str) -> set[str]:
    """The sources that faults make of one, on one line each."""
    return {" ".join(one.applied(source).split()) for one in python_mutants("x.py", source)}


def sql(text: str) -> set[str]:
    """The queries that faults make of one."""
    source = f'SQL = """{text}"""'
    found = {one.applied(source) for one in sql_mutants("x.py", source)}
    return {" ".join(one.removeprefix('SQL = """').removesuffix('"""').split()) for one in found}


def test_comparisons_numbers_and_conditions_of_python_are_changed() -> None:
    assert python("def f(x): return 1 if x < 2 else None") == {
        "def f(x): return 1 if x <= 2 else None",
        "def f(x): return 2 if x < 2 else None",
        "def f(x): return 1 if x < 3 else None",
        "def f(x): return 1 if (not (x < 2)) else None",
        "def f(x): return None",
    }
    assert python("y = not a or b is None") == {
        "y = a or b is None",
        "y = not a and b is None",
        "y = not a or b is not None",
    }
    assert python("y = -a % .5") == {"y = a % .5", "y = -a * .5", "y = -a % 1.0"}


def test_arguments_and_statements_are_left_out() -> None:
    assert python("f(a, b=c)") == {"f(b=c)", "f(a)", "pass"}
    assert python("x += g()") == {"pass"}
    assert python("if not (a): raise E()") == {"if (a): raise E()", "if (not (not (a))): raise E()", "if not (a): pass"}


def test_text_types_and_columns_for_people_are_left_alone() -> None:
    assert (
        python('"""Doc 1."""\nTITLE = f(1)\nFACTS = (count("x"), figure("y", n="x"))\nx: Final[f(1)] = "a" "b"')
        == set()
    )
    assert python("from __future__ import annotations\nif TYPE_CHECKING:\n    from a import b") == set()


def test_an_assertion_is_left_alone() -> None:
    assert python("x = [f(zip(a, b, strict=True))]") == {
        "x = [f(zip(b, strict=True))]", "x = [f(zip(a, strict=True))]", "x = [f()]",
    }  # fmt: skip


def test_a_place_after_letters_of_two_bytes_is_the_right_one() -> None:
    assert python('x = "ä€" if a > 1 else "ö"') == {
        'x = "ä€" if a >= 1 else "ö"', 'x = "ä€" if a > 2 else "ö"', 'x = "ä€" if (not (a > 1)) else "ö"',
    }  # fmt: skip


def test_comparisons_constants_and_clauses_of_sql_are_changed() -> None:
    assert sql("select min(a) from t where b = 'x' and c between 1 and 2") == {
        "select max(a) from t where b = 'x' and c between 1 and 2",
        "select min(a) from t where b <> 'x' and c between 1 and 2",
        "select min(a) from t where b = 'x~' and c between 1 and 2",
        "select min(a) from t where b = 'x' or c between 1 and 2",
        "select min(a) from t where b = 'x' and c between 2 and 2",
        "select min(a) from t where b = 'x' and c between 1 and 3",
        "select min(a) from t where not (b = 'x' and c between 1 and 2)",
        "select min(a) from t where true",
    }
    assert sql("select coalesce(a, b) from t left join u on x is not null order by a, b desc") == {
        "select (a) from t left join u on x is not null order by a, b desc",
        "select (b) from t left join u on x is not null order by a, b desc",
        "select coalesce(a, b) from t join u on x is not null order by a, b desc",
        "select coalesce(a, b) from t left join u on x is null order by a, b desc",
        "select coalesce(a, b) from t left join u on not (x is not null) order by a, b desc",
        "select coalesce(a, b) from t left join u on x is not null order by b desc",
        "select coalesce(a, b) from t left join u on x is not null order by a",
        "select coalesce(a, b) from t left join u on x is not null order by a, b asc",
    }
    assert sql("select count(*) filter (where a), cast(b as decimal(18, 4)), {PART} from t") == {
        "select count(*) , cast(b as decimal(18, 4)), {PART} from t",
        "select count(*) filter (where not (a)), cast(b as decimal(18, 4)), {PART} from t",
        "select count(*) filter (where true), cast(b as decimal(18, 4)), {PART} from t",
    }


def test_the_name_of_a_field_is_no_constant_of_sql() -> None:
    assert sql("select {{'at': a}} from t") == set()


def test_what_is_no_query_has_no_faults_of_one() -> None:
    assert list(sql_mutants("x.py", 'NAME = "min of 3"\ndef f():\n    return "select 1"')) == []


def test_equal_syntax_is_no_fault_and_no_syntax_none_either() -> None:
    assert not is_another_program("x = (1)", "x = 1  # one")
    assert not is_another_program("x = 1", "x = = 1")
    assert is_another_program("x = 1", "x = 2")


def test_a_seed_draws_the_same_and_another_seed_others() -> None:
    first, again, other = (mutants.draw(mutants.FILES, SOURCES, seed, 200) for seed in (3, 3, 4))
    assert first == again
    assert first != other
    assert len(first) >= 200
    assert len(set(first)) == len(first)
    assert {metric for metric, _ in first} == set(mutants.FILES)
    assert {one.operator for _, one in first} == set(OPERATORS)
    assert all(is_another_program(SOURCES[one.file], one.applied(SOURCES[one.file])) for _, one in first)


@pytest.mark.parametrize("metric", mutants.FILES)
def test_every_metric_has_its_own_tests(metric: str) -> None:
    assert (ROOT / "tests" / f"test_{metric}.py").is_file()


def test_a_report_names_the_shares_and_the_lines_that_lived() -> None:
    drawn = [("nps", Mutant("nps.py", "constant", 4, 5, "2")), ("nps", Mutant("nps.py", "negation", 0, 1, "y"))]
    told = mutants.report(drawn, [0], {"nps.py": "x = 1\n"}, 5)
    assert told.splitlines()[0] == "seed 5: 2 mutants, 50.0% noticed by the metrics' own tests"
    assert "constant               1     0.0%" in told
    assert told.endswith("lived: nps.py:1 (constant)\n  -x = 1\n  +x = 2")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--metric", "npz"), "'npz' is no metric with tests of its own"),
        (("--count", "0"), "--count: at least 1"),
        (("--jobs", "-1"), "--jobs: at least 1"),
        (("--jobs", "two"), "--jobs: invalid"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    words: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["mutants", *words])
    with pytest.raises(SystemExit) as ended:
        mutants.main()
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


RUN = """
import sys
from pathlib import Path
from benchmarks.mutation.running import SRC, Suite, lived
suite = Suite(Path(sys.argv[1]))
suite.prepare()
source = (SRC / "period.py").read_text(encoding="utf-8")
faults = ["", "\\nraise ValueError()\\n", "\\n_UNITS['d'] = 1\\n", "\\nSEEN = 1\\n"]
print(dict(sorted(lived(((suite, "period.py", source + fault) for fault in faults), jobs=2))))
"""


def test_a_fault_that_tests_look_at_is_noticed_and_one_they_do_not_lives(tmp_path: Path) -> None:
    file = tmp_path / "test_duration.py"
    file.write_text(
        "from datetime import timedelta\n"
        "from supportkit.period import parse_duration\n"
        "def test_days():\n    assert parse_duration('2d') == timedelta(days=2)\n",
        encoding="utf-8",
    )
    words = [sys.executable, "-c", RUN, str(file)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "{0: True, 1: False, 2: False, 3: True}\n"
    file.write_text("def test_nothing():\n    assert False\n", encoding="utf-8")
    failed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "fails without a fault" in failed.stderr
