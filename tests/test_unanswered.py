"""Unanswered: who waits for an answer at the end of a period, on tickets and logs worked out by hand."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportkit.configuration.calendars import calendars
from supportkit.exports import LoadOptions, load
from supportkit.metrics import METRICS
from supportkit.offers.cases import rows_behind
from supportkit.period import containing
from supportkit.render.language import ENGLISH, language_of
from supportkit.service import service
from supportkit.store import Store, memory_store
from supportkit.store.conditions import Condition
from supportkit.unanswered import cases as unanswered_cases
from supportkit.unanswered import unanswered
from tests.computing import ResultOf
from tests.conftest import Call, shops

Shop = Callable[..., Store]
WEEK = containing(date(2026, 11, 5), "week")  # Monday 2 to Sunday 8 November
DAY, HOUR = 86_400, 3_600
# N: nobody answered, by a robot and a note alone; C: answered, and the customer wrote again, twice; T: thanked;
# A: the agent wrote last; S: solved without an answer; D: solved after the answer; H: on hold; L: of the next week
TICKETS = """
ticket_id,created_at,channel,status,solved_at,priority,subject,sla_first_reply,sla_resolution
N,2026-11-02T00:00:00Z,email,open,,high,Where is it,breached,open
C,2026-11-01T00:00:00Z,chat,open,,,Ring me: +49 170 1234567,within,breached
T,2026-11-03T00:00:00Z,chat,open,,,,within,open
A,2026-11-03T00:00:00Z,chat,open,,,,within,open
S,2026-11-03T00:00:00Z,email,solved,2026-11-04T00:00:00Z,,,,
D,2026-11-03T00:00:00Z,email,solved,2026-11-04T00:00:00Z,,,,
H,2026-11-04T00:00:00Z,phone,hold,,,,,
L,2026-11-09T00:00:00Z,phone,open,,,,,
M,2026-11-02T00:00:00Z,email,merged,,,,,
"""
LOG = """
ticket_id,sent_at,sender,public,kind,from_value,to_value,text
N,2026-11-02T00:00:01Z,bot,true,message,,,We have your letter
N,2026-11-02T01:00:00Z,agent,false,note,,,Who takes it?
C,2026-11-02T00:00:00Z,agent,true,message,,,Please try again
C,2026-11-03T00:00:00Z,customer,true,message,,,Still broken
C,2026-11-05T00:00:00Z,customer,true,message,,,Thanks!
T,2026-11-03T01:00:00Z,agent,true,message,,,It is sent
T,2026-11-03T02:00:00Z,customer,true,message,,,"Thank you very much, great!"
A,2026-11-03T01:00:00Z,customer,true,message,,,Hello
A,2026-11-03T02:00:00Z,agent,true,message,,,Hello
D,2026-11-03T02:00:00Z,agent,true,message,,,Hello
D,2026-11-03T03:00:00Z,customer,true,message,,,Still broken
H,2026-11-04T01:00:00Z,agent,true,message,,,We wait for the maker
H,2026-11-04T02:00:00Z,agent,false,status,open,hold,
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with shops(tmp_path_factory.mktemp("unanswered")) as make:
        yield make(tickets=TICKETS, messages=LOG)


def counts(store: Store, **asked: object) -> tuple[object, ...]:
    return tuple(unanswered(store, **asked).facts.values())  # type: ignore[arg-type]


def test_who_waits_at_the_end_of_the_week_the_oldest_first(store: Store) -> None:
    found = unanswered(store, period=WEEK)
    # L is not there yet, M no ticket, and S ended without an answer
    assert found.facts == {"unanswered": 2, "customer_wrote_last": 1, "ended_unanswered": 1, "tickets": 7}
    wanted = ("ticket_id", "channel", "age_s", "waiting_s", "state", "priority", "promise", "subject")
    assert [tuple(row[name] for name in wanted) for row in found.records()] == [
        ("C", "chat", 8 * DAY, 6 * DAY, "customer wrote last", None, "breached", "Ring me: [PHONE]"),
        ("N", "email", 7 * DAY, 7 * DAY, "never answered", "high", "breached", "Where is it"),
        ("S", "email", 6 * DAY, None, "ended unanswered", None, None, None),
    ]


def test_a_promise_to_a_ticket_that_is_over_is_not_open(shop: Shop) -> None:
    # by 11:00 A waits in time; B ended after a minute without an answer, C after half an hour, when it was broken
    tickets = """
    ticket_id,created_at,channel,status,solved_at
    A,2026-11-02T10:58:00Z,chat,open,
    B,2026-11-02T10:58:00Z,chat,solved,2026-11-02T10:59:00Z
    C,2026-11-02T10:00:00Z,chat,solved,2026-11-02T10:30:00Z
    """
    log = "ticket_id,sent_at,sender\nA,2026-11-02T10:58:00Z,customer"
    store = shop(tickets=tickets, messages=log).filtered(as_of=datetime(2026, 11, 2, 11, tzinfo=UTC))
    found = unanswered(store, targets={"chat": {"first_reply": 300.0}})
    assert {(row["ticket_id"], row["state"], row["promise"]) for row in found.records()} == {
        ("A", "never answered", "open"),
        ("B", "ended unanswered", None),
        ("C", "ended unanswered", "breached"),
    }


def test_what_is_left_out_is_told(store: Store) -> None:
    found = unanswered(store, period=WEEK)
    assert "1 answered ticket is on hold: it waits for nobody here" in found.notes


def test_a_day_has_who_waits_when_it_ends(store: Store) -> None:
    found = unanswered(store, period=WEEK, over="day")
    # N waits from Monday on; on Tuesday S comes and C and D write; S and D are solved when Wednesday begins
    assert [tuple(row.values()) for row in found.records()][:3] == [
        ("2026-11-02", 1, 0, 0, 2), ("2026-11-03", 2, 2, 0, 6), ("2026-11-04", 2, 1, 1, 7)
    ]  # fmt: skip
    assert found.facts["unanswered"] == 2


def test_a_group_has_its_counts_also_where_nobody_waits(store: Store) -> None:
    found = unanswered(store, period=WEEK, by="channel")
    assert [tuple(row.values()) for row in found.records()] == [
        ("chat", 0, 1, 0, 3), ("email", 2, 0, 1, 3), ("phone", 0, 0, 0, 1)
    ]  # fmt: skip
    assert found.chart is not None
    assert (found.chart.kind, found.chart.x) == ("bar", "channel")
    months = unanswered(store, by="channel", over="month")
    assert months.chart is not None
    assert (months.chart.kind, months.chart.series) == ("line", "channel")


def test_what_was_known_then_counts(store: Store) -> None:
    # at noon of the 3rd: N and S are without an answer; C and D wrote last
    assert counts(store.filtered(as_of=datetime(2026, 11, 3, 12, tzinfo=UTC))) == (2, 2, 0, 6)
    # a condition cuts who is looked at, and not until when
    assert counts(store.filtered([Condition("channel", "=", "email")]), period=WEEK) == (2, 0, 1, 3)
    assert counts(store) == (3, 1, 1, 8)  # L came last, and nobody answered it


def test_the_promise_is_the_one_that_service_judges_within_working_hours_too(shop: Shop) -> None:
    # Monday 9:20: A of Friday 17:30 waits 50 minutes of work, B of Friday 16:00 2 h 20; both days by the clock. C was
    # answered in five minutes, and its customer wrote again; D is of a channel without a target; E was answered late.
    tickets = """
    ticket_id,created_at,channel,status
    A,2026-11-06T17:30:00Z,chat,open
    B,2026-11-06T16:00:00Z,chat,open
    C,2026-11-06T16:30:00Z,chat,open
    D,2026-11-06T15:00:00Z,email,open
    E,2026-11-06T10:00:00Z,chat,open
    """
    log = """
    ticket_id,sent_at,sender,text
    C,2026-11-06T16:35:00Z,agent,here
    C,2026-11-06T17:00:00Z,customer,and now?
    E,2026-11-06T12:00:00Z,agent,here
    E,2026-11-09T09:20:00Z,customer,and now?
    """
    store = shop(tickets=tickets, messages=log)
    targets = {"chat": {"first_reply": 3600, "resolution": 5 * HOUR}}
    hours = calendars({"hours": "Mon-Fri 09:00-18:00"}).hours

    def promised(**asked: Any) -> dict[object, tuple[object, object]]:
        found = unanswered(store, targets=targets, **asked)
        return {row["ticket_id"]: (row["promise"], row["promised_s"]) for row in found.records()}

    assert promised(calendar=hours) == {
        "A": ("open", HOUR), "B": ("breached", HOUR), "C": ("open", 5 * HOUR), "D": (None, None),
        "E": ("breached", 5 * HOUR),
    }  # fmt: skip
    assert [name for name, (state, _) in promised().items() if state == "breached"] == ["E", "B", "C", "A"]
    asked: Any
    for asked in ({"calendar": hours}, {}):
        broken = sum(state == "breached" for state, _ in promised(**asked).values())
        assert service(store, targets=targets, **asked).facts["sla_broken"] == broken
    # at the end of Friday A had waited half an hour of work, and six and a half by the clock
    friday = containing(date(2026, 11, 6), "day")
    assert promised(period=friday, calendar=hours)["A"] == ("open", HOUR)
    assert promised(period=friday)["A"] == ("breached", HOUR)
    # the rows behind a figure have it too
    for asked in ({"calendar": hours}, {}, {"period": friday}):
        cases = unanswered_cases(store, targets=targets, **asked)
        listed = rows_behind(store, cases, "all", None, "unanswered", "").records()
        assert {row["ticket_id"]: (row["promise"], row["promised_s"]) for row in listed} == promised(**asked)


def test_a_column_of_which_no_ticket_says_anything_is_in_no_table_for_people(shop: Shop) -> None:
    tickets = "ticket_id,created_at,first_reply_at\nA,2026-11-02T00:00Z,\nB,2026-11-02T00:00Z,2026-11-02T01:00Z"
    found = unanswered(shop(tickets=tickets))
    assert [column.name for column in found.for_people().columns] == [
        "ticket_id", "channel", "age_s", "waiting_s", "state"
    ]  # fmt: skip
    assert {"priority", "promise", "promised_s", "subject"} < set(next(found.records()))
    # B was answered, and no message says who wrote last
    assert found.notes == ("1 answered ticket has no messages that say who wrote last: it is in no row",)


def test_an_answer_or_a_solve_after_the_last_ticket_is_known(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,first_reply_at,solved_at
    A,2026-11-02T10:00:00Z,2026-11-02T11:00:00Z,
    B,2026-11-02T10:30:00Z,,2026-11-02T12:00:00Z
    C,2026-11-02T10:30:00Z,2026-11-02T11:30:00Z,2026-11-02T11:45:00Z
    D,2026-11-02T10:30:00Z,,
    """
    store = shop(tickets=tickets)
    found = unanswered(store)
    # B ended without an answer, which service counts too
    assert (found.facts["unanswered"], found.facts["ended_unanswered"]) == (2, 1)
    assert service(store).facts["unanswered"] == 2
    assert found.scope.as_of == datetime(2026, 11, 2, 12, tzinfo=UTC)  # B's solve is the last that is known
    assert [(row["ticket_id"], row["age_s"]) for row in found.records()] == [("D", 1.5 * HOUR), ("B", 1.5 * HOUR)]
    # as of eleven nobody but A had an answer, and nothing later is known
    then = unanswered(store.filtered(as_of=datetime(2026, 11, 2, 11, tzinfo=UTC)))
    assert (then.facts["unanswered"], then.scope.as_of) == (3, datetime(2026, 11, 2, 11, tzinfo=UTC))


def test_nobody_waiting_is_a_result_and_no_ticket_is_none(shop: Shop) -> None:
    store = shop(tickets="ticket_id,created_at,first_reply_at\nA,2026-11-03T00:00Z,2026-11-03T01:00Z")
    found = unanswered(store)
    assert (found.facts, found.rows, found.empty) == (
        {"unanswered": 0, "customer_wrote_last": 0, "ended_unanswered": 0, "tickets": 1}, (), False
    )  # fmt: skip
    before = unanswered(store, period=containing(date(2026, 10, 1), "week"))
    assert (set(before.facts.values()), before.facts["tickets"], before.empty) == ({None, 0}, 0, True)
    assert before.notes == ()


def test_zero_of_forty_passes_a_check(supportkit: Call, tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    rows = "\n".join(f"T{k},2026-11-02T10:00:00Z,2026-11-02T11:00:00Z" for k in range(40))
    file.write_text(f"ticket_id,created_at,first_reply_at\n{rows}\n", encoding="utf-8")
    assert supportkit("unanswered", "--data", file)[0] == 0
    words = ("check", "--data", file, "--period", "all", "--expect")
    assert supportkit(*words, "unanswered.unanswered <= 0 min 40")[0] == 0


def test_an_answer_of_which_only_the_day_is_known_is_known_on_that_day(shop: Shop) -> None:
    tickets = "ticket_id,created_at\nA,2026-11-05T01:00:00Z"
    store = shop(tickets=tickets, messages="ticket_id,sent_at,sender,text\nA,2026-11-06,agent,word")
    assert (unanswered(store).facts["unanswered"], service(store).facts["unanswered"]) == (0, 0)


def test_where_nothing_tells_of_answers_nobody_is_called_unanswered(shop: Shop) -> None:
    store = shop(tickets="ticket_id,created_at,channel\nA,2026-11-02T10:00:00Z,chat\nB,2026-11-03T10:00:00Z,email")
    found = unanswered(store)
    assert tuple(found.facts.values()) == (None, None, None, 0)
    assert (found.rows, service(store).facts["unanswered"]) == ((), None)
    (note,) = found.notes
    assert note.startswith("which of 2 tickets of supportkit were answered is not known: there are no messages (as ")
    assert [row["unanswered"] for row in unanswered(store, by="channel").records()] == [None, None]


def test_a_ticket_of_two_tags_is_in_both_and_once_in_the_total_and_in_the_list(shop: Shop) -> None:
    tickets = """
    ticket_id,created_at,tags,first_reply_at
    A,2026-11-02T10:00:00Z,"late,broken",
    B,2026-11-02T10:00:00Z,late,2026-11-02T11:00:00Z
    """
    store = shop(tickets=tickets)
    found = unanswered(store, by="tags")
    assert [(row["tags"], row["unanswered"], row["tickets"]) for row in found.records()] == [
        ("broken", 1, 1), ("late", 1, 2)
    ]  # fmt: skip
    assert found.facts["unanswered"] == 1
    assert any("in several rows" in note for note in found.notes), found.notes
    assert [row["ticket_id"] for row in unanswered(store).records()] == ["A"]


# What a customer says after the answer: whether it closes the conversation.
SAID = dict.fromkeys(
    (
        "Thanks", "THANK YOU VERY MUCH!!! :)", "Thank you so much, Anna!", "Cheers mate", "I appreciate it",
        "Vielen Dank für Ihre schnelle Antwort.", "Спасибо большое!", "Merci beaucoup", "Muchas gracias por su ayuda",
        "Thanks, that worked.", "Awesome, that fixed it!",
        "Money received. Thank you!",
        "Yes, it works now", "got it, thanks",
        "ok", "Great", "All good now", "Ok, will do",
        "No worries, thanks", "no problem 🙂", "👍", "👍🏽👍🏽", "❤️", "Super 👌",
        "Danke, hat geklappt!", "Super, läuft wieder :)",
        "Alles klar, vielen Dank Frau Müller!", "Keine weiteren Fragen, danke",
        "Paket ist angekommen. Danke und schönes Wochenende!", "Problem gelöst, danke",
        "Спасибо, всё работает", "Отлично, вопрос решён, спасибо 🙏",
        "Спасибо большое, Анна! Посылка пришла.", "понял, спс",
        "merci, c'est bon", "Merci beaucoup, ça marche à nouveau !", "C'est réglé, merci pour votre aide",
        "Perfecto, muchas gracias, ya funciona.", "Vale, gracias", "¡Muchas gracias, Laura!",
        "Thanks!\n\n> It is sent.\n> Anything else?",
        "Danke\n\nAm 3. November 2026 schrieb der Shop:\n\n> Passt es jetzt?",
        "Thanks!\n\nOn Tue, Nov 3, 2026 at 10:00 Shop <shop@example.com> wrote:\nDid it help?",
        "Danke.\n\n-----Ursprüngliche Nachricht-----\nVon: Shop\nIst es da?",
        "Thanks\n-- \nAnna Berg\nExample Ltd",
        "Thanks,\nJohn Miller",
        "Works perfectly now, thank you!\n\nBest regards,\nJohn Smith\nHead of Support, Example Ltd.\n+49 30 1234567",
        "Hallo Frau Meier,\n\nvielen Dank für die schnelle Hilfe.\n\nViele Grüße\nSabine",
        "Parfait, merci.\n\nCordialement,\nPaul Durand",
        "Thank you for the quick reply.\nSent from my iPhone",
        "<p>Thanks!</p>",
    ),
    True,
) | dict.fromkeys(
    (
        "", "👎", "Thanks 😡", "ok :(", "Спасибо((", "Thanks?", "> thanks\n\nStill broken",
        "Thanks, but it still does not work", "Thanks -- it is broken", "Thanks for nothing", "No thanks", "not ok",
        "Danke, aber es geht nicht", "Danke, Problem besteht weiterhin", "Danke, funktioniert wieder nicht",
        "Спасибо, не работает", "Спасибо, но снова не работает", "Merci, ça marche plus", "Gracias, pero no funciona",
        "Works only sometimes", "It worked until yesterday", "I got this again", "I received the wrong parcel, thanks",
        "Thanks in advance", "Vielen Dank im Voraus", "Заранее спасибо", "Merci d'avance", "Gracias de antemano",
        "I'd appreciate your quick reply", "Thank you, waiting for the refund", "Спасибо, жду", "Thanks, help me",
        "Is it fixed", "Danke. Geht das jetzt", "Ok, and when does it arrive", "Понял, а когда придёт",
        "Yes, thanks", "Sure", "Refund, thanks", "ok 2", "ok please", "У меня вопрос, спасибо",
        "Thanks!\nBest regards\nAnna\nPS: the second box is missing",
        "Thanks!\nBest regards\nAnna\nIt broke again",
        "Thanks!\n\nOn Tue it broke again",
        "Thank you very much. " * 40,
    ),
    False,
)  # fmt: skip


def test_a_message_that_closes_the_conversation_waits_for_nobody(shop: Shop) -> None:
    tickets = "\n".join(["ticket_id,created_at", *(f"T{k:03},2026-11-02T10:00:00Z" for k in range(len(SAID)))])
    lines = ["ticket_id,sent_at,sender,text"]
    for k, text in enumerate(SAID):
        lines += [f"T{k:03},2026-11-02T11:00:00Z,agent,It is sent"]
        lines += [f'T{k:03},2026-11-02T12:00:00Z,customer,"{text}"']
    found = unanswered(shop(tickets=tickets, messages="\n".join(lines)))
    waiting = {row["ticket_id"] for row in found.records()}
    assert {text: f"T{k:03}" not in waiting for k, text in enumerate(SAID)} == SAID
    assert found.facts["customer_wrote_last"] == sum(not mere for mere in SAID.values())


def test_the_samples_never_answered_are_those_planted(samples: Path, result_of: ResultOf) -> None:
    def read(file: str) -> list[dict[str, str]]:
        return list(csv.DictReader((samples / file).read_text(encoding="utf-8").splitlines()))

    answered = {row["ticket_id"] for row in read("messages.csv") if (row["sender"], row["public"]) == ("agent", "true")}
    planted = {
        row["ticket_id"]
        for row in read("tickets.csv")
        if row["is_complaint"] == "true" and not (row["first_reply_at"] or row["solved_at"])
        and row["ticket_id"] not in answered
    }  # fmt: skip
    found = result_of("unanswered")
    assert {row["ticket_id"] for row in found.records() if row["state"] == "never answered"} == planted
    assert found.facts["unanswered"] == result_of("service").facts["unanswered"] == len(planted) == 31
    ages = [row["age_s"] for row in found.records()]
    assert ages == sorted(ages, key=lambda age: -float(str(age)))


def test_a_report_says_who_waits_and_how_long(store: Store, shop: Shop) -> None:
    metric = METRICS["unanswered"]
    (said,) = metric.findings(unanswered(store, period=WEEK), ENGLISH)
    assert said.text == "open without any answer: 1; the customer wrote last: 1; the oldest is 8 d old"
    assert (said.weight, said.command) == (2, ("unanswered",))
    (grouped,) = metric.findings(unanswered(store, period=WEEK, by="channel"), ENGLISH)
    assert said.sharpness > grouped.sharpness  # a report that has both says the one with the oldest
    assert grouped.text == "open without any answer: 1; the customer wrote last: 1"
    (russian,) = metric.findings(unanswered(store, period=WEEK), language_of("ru"))
    assert russian.text.startswith("открыты и без ответа: 1; клиент написал последним: 1; самому старому ")
    nobody = shop(tickets="ticket_id,created_at,first_reply_at\nA,2026-11-03T00:00Z,2026-11-03T01:00Z")
    assert metric.findings(unanswered(nobody), ENGLISH) == []


def test_a_ticket_of_each_of_two_vendors_has_its_own_row(tmp_path: Path) -> None:
    for name, hour in (("one", 9), ("two", 10)):
        text = (
            f"ticket_id,created_at,first_reply_at\nA,2026-11-02T{hour:02}:00Z,\nB,2026-11-02T08:00Z,2026-11-02T11:00Z\n"
        )
        (tmp_path / f"tickets_{name}.csv").write_text(text, encoding="utf-8")
    store = memory_store()
    for name in ("one", "two"):
        load(store, [tmp_path / f"tickets_{name}.csv"], LoadOptions(table="tickets", source=name))
    assert [(row["source"], row["ticket_id"]) for row in unanswered(store).records()] == [("one", "A"), ("two", "A")]
    store.close()


OCCASIONS = st.lists(
    st.tuples(
        st.sampled_from(["email", "chat"]),
        st.integers(0, 6 * 24),  # created, in hours of the week
        st.none() | st.integers(0, 60),  # solved so many hours later
        st.lists(st.tuples(st.sampled_from(["customer", "agent", "bot"]), st.integers(0, 60)), max_size=3),
    ),
    min_size=1,
    max_size=25,
)


@given(OCCASIONS, st.integers(1, 8))
@settings(deadline=None, max_examples=15)
def test_service_has_as_many_unanswered_at_any_instant(occasions: list[Any], day: int) -> None:
    start = datetime(2026, 11, 2, tzinfo=UTC)

    def at(hours: int) -> str:
        return f"{start + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"

    tickets, log = ["ticket_id,created_at,channel,status,solved_at"], ["ticket_id,sent_at,sender,text"]
    for number, (channel, hour, solved, lines) in enumerate(occasions):
        end = "open," if solved is None else f"solved,{at(hour + solved)}"
        tickets.append(f"T{number},{at(hour)},{channel},{end}")
        log += [f"T{number},{at(hour + later)},{sender},word" for sender, later in lines]
    with TemporaryDirectory() as folder, shops(Path(folder)) as make:
        files = {"tickets": "\n".join(tickets)} | ({"messages": "\n".join(log)} if len(log) > 1 else {})
        store = make(**files)
        then = store.filtered(as_of=start + timedelta(days=day))
        for asked in (store, then):
            every: Any = unanswered(asked, by="channel")
            wanted: Any = service(asked, by="channel")
            assert every.facts["unanswered"] == wanted.facts["unanswered"]
            counted = {row["channel"]: row["unanswered"] for row in every.records()}
            assert counted == {row["channel"]: row["unanswered"] for row in wanted.records() if row["tickets"]}
            listed = [row["state"] for row in unanswered(asked).records()]
            waits = every.facts["unanswered"], every.facts["customer_wrote_last"], every.facts["ended_unanswered"]
            if waits[0] is not None:
                assert len(listed) == waits[0] + waits[1]
                assert listed.count("ended unanswered") == waits[2]
                assert "never answered" not in listed[len(listed) - waits[2] :]
