"""What the words of tickets and of their logs mean: states, verdicts, who wrote what to whom, and who nobody is."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from supportkit.exports import LoadOptions, load
from supportkit.exports.meanings import judge, vocabulary
from supportkit.exports.telling_words import unknown_words
from supportkit.metrics import METRICS
from supportkit.period import containing
from supportkit.service import service
from supportkit.service_value import service_value
from supportkit.store import Store, memory_store
from supportkit.store.conditions import parse_conditions
from supportkit.survey_quality import survey_quality
from tests.conftest import Call

Shop = Callable[..., Store]


@pytest.mark.parametrize(
    ("name", "meaning", "words"),
    [
        ("tickets_status", "open", "Open|In Progress|in Bearbeitung|ouvert|Abierto|Открыт|в работе|reopened"),
        ("tickets_status", "new", "New|neu|nouveau|nuevo|Новый|To Do"),
        ("tickets_status", "pending", "Pending|waiting on customer|Wartend|wartet auf Kunden|en attente|pendiente"
         "|Ожидание|ожидает ответа клиента|Awaiting customer's reply|snoozed|pending reminder"),
        ("tickets_status", "hold", "On-hold|onhold|zurückgestellt|zurueckgestellt|приостановлен|paused"),
        ("tickets_status", "solved", "Solved|Resolved|Done|gelöst|geloest|résolu|Resuelto|решён|Решен"),
        ("tickets_status", "closed", "Closed|geschlossen|Fermé|clos|cerrado|закрыт|completed|Closed by agent"),
        ("tickets_status", "merged", "merged|Merged into #31|zusammengeführt|fusionné|fusionado|объединён"),
        ("tickets_status", "spam", "Spam|junk|suspended|спам|pourriel|correo no deseado"),
        ("tickets_status", "deleted", "Deleted|trash|gelöscht|supprimé|eliminado|удалён"),
        ("sla_verdict", "within", "Within SLA|met|achieved|on time|In Time|TRUE|yes|1|timely|eingehalten|rechtzeitig|ja"
         "|respecté|à temps|oui|cumplido|a tiempo|sí|соблюдён|выполнен|в срок|да|Not breached|не нарушен|✓"),
        ("sla_verdict", "open", "SLA breach in 2h|Breaches in 1 h 20 min|due in 3 days|Will breach in 15 minutes"),
        ("sla_verdict", "breached", "Breached|SLA violated|missed|not met|failed|late|overdue|FALSE|no|0|verletzt"
         "|verpasst|überfällig|nein|non respecté|en retard|non|incumplido|tarde|нарушен|просрочено|не выполнен|нет"
         "|Breached by 2h|Resolved late|✗|SLA nicht eingehalten|délai dépassé"),
        ("sla_verdict", "open", "active|running|paused|Pending|in progress"),
        ("message_sender", "customer", "customer|end-user|End User|user|lead|Contact|visitor|requester|client|incoming"
         "|Kunde|cliente|клиент|Пользователь"),
        ("message_sender", "agent", "agent|admin|operator|staff|teammate|employee|support|outgoing|Mitarbeiter|agente"
         "|оператор|Сотрудник|поддержка"),
        ("message_sender", "bot", "bot|operator bot|workflow|Automation|auto-reply|campaign|бот|автоответ"),
        ("message_kind", "message", "message|comment|reply|email|Public comment|Nachricht|сообщение"),
        ("message_kind", "note", "note|private note|private_note|privateNote|internal note|Internal comment"
         "|interne Notiz|заметка"),
        ("message_public", "false", "private|Internal|intern|privé|interno|внутренний|not public"),
        ("message_public", "true", "public|öffentlich|публичный"),
        ("ticket_complaint", "true", "complaint|Beschwerde|жалоба"),
        # who waits is said by the order of the words
        ("tickets_status", "open", "Клиент ждёт ответа|Customer waiting for reply|Kunde wartet auf Antwort"
         "|Client en attente|Cliente esperando respuesta|Диалог не завершён"),
        ("tickets_status", "pending", "Ждёт ответа клиента|Waiting for customer|Wartet auf Kunden|Оператор ответил"
         "|En attente du client|Esperando al cliente"),
        ("tickets_status", "closed", "Диалог завершён|Chat ended"),
        ("sla_verdict", "open", "Nearing Noncompliance"),
        ("sla_verdict", "breached", "Noncompliant"),
        ("tickets_satisfaction", "bad", "Отрицательная"),
        ("tickets_satisfaction", "good", "Положительная"),
        ("tickets_satisfaction", "unoffered", "Нет оценки"),
        # Italian, Dutch, Polish, Portuguese and Turkish
        ("tickets_status", "new", "Nuovo|Nieuw|Nowe|Novo|Yeni"),
        ("tickets_status", "open", "In lavorazione|in behandeling|W trakcie|Em andamento|Aberto|Açık|AÇIK|İşlemde"),
        ("tickets_status", "pending", "In attesa del cliente|Wacht op klant|Oczekuje na klienta|Aguardando cliente"
         "|Müşteri yanıtı bekleniyor|en attente du client"),
        ("tickets_status", "hold", "Sospeso|In de wacht|Wstrzymane|Em espera|Askıda"),
        ("tickets_status", "solved", "Risolto|Opgelost|Rozwiązane|rozwiązany|Resolvido|Çözüldü"),
        ("tickets_status", "closed", "Chiuso|Gesloten|Afgesloten|Zamknięte|Fechado|Encerrado|Kapalı|Kapatıldı"),
        ("tickets_status", "deleted", "Eliminato|Verwijderd|Usunięte|Excluído|Silindi"),
        ("sla_verdict", "within", "Rispettato|op tijd|Dotrzymane|W terminie|No prazo|Zamanında|sì|tak|sim|evet"),
        ("sla_verdict", "breached", "Violato|te laat|Przekroczone|Fora do prazo|Gecikti|nee|nie|não|hayır"),
        ("tickets_satisfaction", "good", "Molto soddisfatto|Zeer tevreden|Zadowolony|Ótimo|Memnun"),
        ("tickets_satisfaction", "bad", "Insoddisfatto|ontevreden|Niezadowolona|Ruim|Memnun değil"),
        ("message_sender", "customer", "Klant|Klient|Utente|Requerente|Müşteri"),
        ("message_sender", "agent", "Medewerker|Konsultant|Operatore|Atendente|Temsilci"),
    ],
)  # fmt: skip
def test_a_word_has_its_meaning_in_five_languages(name: str, meaning: str, words: str) -> None:
    known = vocabulary(name)
    assert {word: judge(word, known).value for word in words.split("|")} == dict.fromkeys(words.split("|"), meaning)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tickets_status", "not merged|nicht gelöscht|merge requested|не удален|solved?? then reopened|Warteschleife"),
        ("sla_verdict", "breach reviewed, met|42|-|verletzt oder eingehalten|Achieved late|never met|almost breached"),
        ("sla_verdict", "0:05|1:30|0,5|SLA breached: no|нарушен: нет|verletzt - nein|Missed: 0|late=0"),
        ("tickets_status", "merged: false|is_resolved=0|Resolved: no|спам: нет|not closed as spam"),
        ("message_sender", "agent, customer|xyz"),
    ],
)
def test_what_says_two_things_or_no_is_unknown(name: str, words: str) -> None:
    assert {word: judge(word, vocabulary(name)).value for word in words.split("|")} == dict.fromkeys(words.split("|"))


STATES = """
ticket_id,created_at,channel,status,solved_at,first_reply_at
1,2026-06-01T10:00:00Z,chat,solved,2026-06-01T10:40:00Z,2026-06-01T10:10:00Z
2,2026-06-01T10:00:00Z,chat,Gelöst,2026-06-01T18:00:00Z,2026-06-01T10:10:00Z
3,2026-06-01T10:00:00Z,chat,merged,2026-06-01T10:01:00Z,
4,2026-06-01T10:00:00Z,chat,Spam,,
5,2026-06-01T10:00:00Z,chat,удалён,2026-06-01T10:01:00Z,
"""
LEFT_OUT = "tickets left out: 1 merged, 1 spam, 1 deleted; --where status=merged shows them"


def test_merged_spam_and_deleted_tickets_are_in_no_figure_and_told(shop: Shop) -> None:
    store = shop(tickets=STATES)
    found = service(store)
    assert (found.facts["tickets"], found.facts["unanswered"], found.facts["solved"]) == (2, 0, 2)
    assert found.facts["resolution_p50_s"] == 4 * 3600 + 20 * 60  # between 40 minutes and 8 hours
    assert found.scope.rows == 2
    assert LEFT_OUT in METRICS["trends"].compute(store, period=containing(date(2026, 6, 1), "week")).notes
    for name in ("service", "contacts", "causes", "survey-quality"):
        options = {"by": "category"} if name == "causes" else {}
        assert LEFT_OUT in METRICS[name].compute(store, **options).notes, name
    # a condition that asks for a state finds them; one that asks for anything else does not
    for condition, tickets in (
        ("status=merged", 1), ("status=Spam", 1), ("status in (merged, spam, deleted)", 3), ("status=удалён", 1),
        ("status!=solved", 0), ("channel=chat", 2), ("status=solved", 2),
    ):  # fmt: skip
        cut = store.filtered(parse_conditions([condition]))
        assert service(cut).facts["tickets"] == tickets, condition
        assert (LEFT_OUT in service(cut).notes) == (condition in ("status!=solved", "channel=chat")), condition


def test_only_what_a_period_has_is_told_to_be_left_out_of_it(shop: Shop) -> None:
    store = shop(tickets=STATES + "6,2026-07-01T10:00:00Z,chat,merged,,\n7,2026-07-01T10:00:00Z,chat,open,,\n")
    july = service(store, period=containing(date(2026, 7, 1), "month"))
    assert july.facts["tickets"] == 1
    assert "tickets left out: 1 merged; --where status=merged shows them" in july.notes


@pytest.mark.parametrize(
    ("header", "cell", "state"),
    [
        ("tags", "closed_by_merge", "merged"), ("tags", "vip closed_by_merge late", "merged"),
        ("tags", '"vip,closed_by_merge"', "merged"), ("tags", "not_closed_by_merge", None),
        ("merged", "Yes", "merged"), ("Is merged", "да", "merged"), ("merged_into", "31", "merged"),
        ("merged_into", "none", None), ("merged_into", "0", None), ("merged_into", "-", None),
        ("Merged into", "N/A", None),
        ("merged_into", "нет", None), ("merged_into", "never", None), ("merged_into", "T-10", "merged"),
        ("spam", "1", "spam"), ("is_spam", "false", None), ("is_spam", "", None), ("is_deleted", "ja", "deleted"),
        ("Deleted", "true", "deleted"), ("merged", "31", None), ("Spam", "нет", None), ("Spam", "maybe", "unknown"),
        ("is_deleted", "vielleicht", "unknown"), ("Merged", "possibly", "unknown"),
    ],
)  # fmt: skip
def test_a_tag_or_a_flag_beside_the_state_says_that_a_ticket_is_merged(
    header: str, cell: str, state: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "tickets.csv"
    with memory_store() as store:
        for columns, cells in ((f"status,{header}", f"Closed,{cell}"), (header, cell)):  # with a state, and without
            file.write_text(f"ticket_id,created_at,{columns}\n1,2026-06-01T10:00:00Z,{cells}\n", encoding="utf-8")
            load(store, [file], LoadOptions(source=None))
            rows = store.connection.execute("select status from tickets order by loaded_at desc limit 1").fetchall()
            assert rows == [(state or ("closed" if "status" in columns else None),)], columns


def test_a_flag_that_nobody_can_read_is_named_by_the_load_and_under_the_figure(tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    rows = "1,2026-06-01,Solved,perhaps\n2,2026-06-01,Solved,no\n3,2026-06-01,Spam,perhaps\n"
    file.write_text(f"ticket_id,created_at,status,Spam\n{rows}", encoding="utf-8")
    with memory_store() as store:
        (done,) = load(store, [file], LoadOptions())
        named = "unknown status Solved · Spam: perhaps (1)"  # the third is spam in any case
        assert [line for line in unknown_words(done.words) if named in line]
        note = "1 of 2 tickets of unknown status: Solved · Spam: perhaps (1); each is open until a date says otherwise"
        assert [line for line in service(store).notes if line.startswith(note)]


VERDICTS = [
    ("within", "missed"), ("met", "not met"), ("on time", "late"), ("achieved", "failed"), ("да", "нет"),
    ("eingehalten", "verletzt"), ("Respecté", "Non respecté"), ("cumplido", "incumplido"), ("TRUE", "FALSE"),
]  # fmt: skip


@pytest.mark.parametrize("column", ["sla_resolution", "sla_first_reply"])
@pytest.mark.parametrize(("kept", "broken"), VERDICTS)
def test_half_of_sixty_verdicts_is_half_in_every_figure(kept: str, broken: str, column: str, shop: Shop) -> None:
    head = f"ticket_id,created_at,customer_id,channel,status,solved_at,{column}"
    rows = [
        f"{n},2026-01-01T10:00:00Z,c{n},chat,solved,2026-01-02T10:00:00Z,{kept if n % 2 else broken}" for n in range(60)
    ]
    orders = "order_id,ordered_at,customer_id,amount\n1,2026-11-01T10:00:00Z,c1,10\n"
    store = shop(tickets="\n".join([head, *rows]), orders=orders)
    for metric in (service, survey_quality):
        facts = metric(store).facts
        assert (facts["with_target"], facts["sla_met"]) == (60, 0.5), metric
    groups = {str(row["exposure"]): row["tickets"] for row in service_value(store).records()}
    assert (groups["sla: met"], groups["sla: breached"]) == (30, 30)


def test_an_unreadable_verdict_is_in_no_sla_figure_and_named_under_each(shop: Shop) -> None:
    head = "ticket_id,created_at,customer_id,channel,status,solved_at,sla_resolution"
    words = ["within", "missed", "jein", "jein", ""]
    rows = [f"{n},2026-01-01T10:00:00Z,c{n},chat,solved,2026-01-02T10:00:00Z,{word}" for n, word in enumerate(words)]
    orders = "order_id,ordered_at,customer_id,amount\n1,2026-11-01T10:00:00Z,c1,10\n"
    store = shop(tickets="\n".join([head, *rows]), orders=orders)
    note = (
        "2 of 5 tickets of unknown sla_resolution: jein (2); each is in no SLA figure; say what they mean: "
        "[values.tickets.sla_resolution]"
    )
    for metric in (service, survey_quality):
        found = metric(store)
        assert (found.facts["with_target"], found.facts["sla_met"]) == (2, 0.5)
        assert note in found.notes
    found = service_value(store)
    groups = {str(row["exposure"]): row["tickets"] for row in found.records()}
    assert (groups["sla: met"], groups["sla: breached"]) == (1, 1)
    assert note in found.notes
    assert not any("sla_resolution" in line for line in METRICS["contacts"].compute(store).notes)
    stored = store.connection.execute(
        "select sla_resolution, sla_resolution_as_written from tickets order by ticket_id"
    )
    assert stored.fetchall() == [
        ("within", None), ("breached", "missed"), (None, "jein"), (None, "jein"), (None, None)
    ]  # fmt: skip


def test_of_two_verdicts_one_that_nobody_can_read_leaves_open_what_the_other_does_not_settle(shop: Shop) -> None:
    head = "ticket_id,created_at,customer_id,channel,status,solved_at,first_reply_at,sla_first_reply,sla_resolution"
    pairs = [("jein", "within"), ("jein", "breached"), ("within", "jein"), ("within", "within"), ("jein", "jein")]
    span = "solved,2026-01-02T10:00:00Z,2026-01-01T10:10:00Z"
    rows = [f"{n},2026-01-01T10:00:00Z,c{n},chat,{span},{one},{two}" for n, (one, two) in enumerate(pairs)]
    orders = "order_id,ordered_at,customer_id,amount\n1,2026-11-01T10:00:00Z,c1,10\n"
    store = shop(tickets="\n".join([head, *rows]), orders=orders)

    def met(**targets: float) -> list[tuple[object, object]]:
        goals = {"default": targets} if targets else None
        return [
            (facts["with_target"], facts["sla_met"])
            for facts in (service(store, targets=goals).facts, survey_quality(store, targets=goals).facts)
        ]

    assert met() == [(2, 0.5)] * 2  # the second one is broken, the fourth kept
    groups = {str(row["exposure"]): row["tickets"] for row in service_value(store).records()}
    assert (groups["sla: met"], groups["sla: breached"]) == (1, 1)
    # a target that can be judged needs no verdict: of the first reply kept by all, and the first is within for the rest
    assert met(first_reply=600) == [(3, pytest.approx(2 / 3))] * 2


def test_a_check_is_not_judged_by_verdicts_that_nobody_can_read_and_other_figures_are(
    tmp_path: Path, supportkit: Call
) -> None:
    file = tmp_path / "tickets.csv"
    words = ["within"] * 9 + ["jein"]  # one of ten
    lines = [f"{n},2026-06-01T10:00:00Z,2026-06-01T11:00:00Z,{word}\n" for n, word in enumerate(words)]
    file.write_text("ticket_id,created_at,first_reply_at,sla_resolution\n" + "".join(lines), encoding="utf-8")
    check = ("check", "--data", file, "--period", "all")
    assert supportkit(*check, "--expect", "service.first_reply_p50_s <= 2h")[0] == 0
    code, out, _ = supportkit(*check, "--expect", "service.sla_met >= 50%")
    assert (code, "words that nobody knows" in out) == (3, True)
    # a row is judged by its own words
    two = tmp_path / "two.csv"
    rows = [f"{n},2026-06-01T10:00:00Z,{'chat' if n < 10 else 'email'},within\n" for n in range(20)]
    two.write_text(
        "ticket_id,created_at,channel,sla_resolution\n" + "".join(rows) + "x,2026-06-01T10:00:00Z,chat,jein\n",
        encoding="utf-8",
    )
    by_channel = ("--expect", "service.sla_met >= 50% by channel", "--format", "csv")
    code, out, _ = supportkit("check", "--data", two, "--period", "all", *by_channel)
    assert {row["slice"]: row["state"] for row in csv.DictReader(out.splitlines())} == {
        "chat": "no verdict", "email": "pass"
    }  # fmt: skip


def test_a_check_on_replies_is_not_judged_by_senders_that_nobody_knows(tmp_path: Path, supportkit: Call) -> None:
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,created_at,solved_at\n"
        + "".join(f"{n},2026-06-01T10:00:00Z,2026-06-01T12:00:00Z\n" for n in range(6)),
        encoding="utf-8",
    )
    (tmp_path / "messages.csv").write_text(
        "ticket_id,sent_at,sender\n"
        + "".join(f"{n},2026-06-01T10:0{n}:00Z,{'xyz' if n == 5 else 'agent'}\n" for n in range(6)),
        encoding="utf-8",
    )
    check = ("check", "--data", tmp_path, "--period", "all", "--expect")
    assert supportkit(*check, "service.replied >= 1")[0] == 3  # one of six messages
    assert supportkit(*check, "service.first_reply_p50_s <= 1h by channel")[0] == 3
    assert supportkit(*check, "service.resolution_p50_s <= 3h")[0] == 0


MESSAGES = """ticket_id,sent_at,sender,{header}
1,2026-06-01T10:01:00Z,agent,{yes}
1,2026-06-01T10:05:00Z,agent,{no}
"""


@pytest.mark.parametrize(
    ("header", "hidden", "seen"),
    [
        ("public", "false", "true"), ("is_public", "no", "yes"), ("Is public", "0", "1"), ("private", "true", "false"),
        ("is_private", "YES", "NO"), ("internal", "ja", "nein"), ("Is Internal", "да", "нет"), ("private", "sí", "no"),
        ("internal", "internal", "public"), ("public", "Intern", "Öffentlich"), ("private", "1.0", "0.0"),
    ],
)  # fmt: skip
def test_what_no_customer_sees_is_no_reply_however_the_header_asks(
    header: str, hidden: str, seen: str, tmp_path: Path
) -> None:
    (tmp_path / "messages.csv").write_text(MESSAGES.format(header=header, yes=hidden, no=seen), encoding="utf-8")
    (tmp_path / "tickets.csv").write_text("ticket_id,created_at\n1,2026-06-01T10:00:00Z\n", encoding="utf-8")
    with memory_store() as store:
        load(store, [tmp_path / "messages.csv", tmp_path / "tickets.csv"], LoadOptions())
        assert service(store).facts["first_reply_p50_s"] == 300  # the second one, after five minutes


@pytest.mark.parametrize("kind", ["note", "private_note", "internal note", "Interne Notiz", "внутренний комментарий"])
def test_a_note_is_seen_by_no_customer_unless_the_export_says_so(kind: str, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text("ticket_id,created_at\n1,2026-06-01T10:00:00Z\n", encoding="utf-8")
    log = tmp_path / "messages.csv"

    def reply(header: str, *cells: str) -> object:
        lines = [f"1,2026-06-01T10:0{n}:00Z,agent,{cell}\n" for n, cell in enumerate(cells, 1)]
        log.write_text(f"ticket_id,sent_at,sender,{header}\n" + "".join(lines), encoding="utf-8")
        with memory_store() as store:
            load(store, [log, tmp_path / "tickets.csv"], LoadOptions())
            return service(store).facts["first_reply_p50_s"]

    assert reply("kind", kind, "comment") == 120
    assert reply("kind,public", f"{kind},", "comment,") == 120
    assert reply("kind,public", f"{kind},true", "comment,true") == 60
    assert reply("kind,private", f"{kind},", "comment,") == 120


def test_a_word_for_who_sees_it_is_the_users_to_give(tmp_path: Path, supportkit: Call) -> None:
    log, db = tmp_path / "messages.csv", tmp_path / "t.db"
    log.write_text(MESSAGES.format(header="public", yes="yes", no="quux"), encoding="utf-8")
    code, _, err = supportkit("load", log, "--db", db)
    assert code == 0
    assert "unknown public quux (1) is seen by no customer: --value public:quux=MEANING" in err
    supportkit("load", log, "--db", tmp_path / "u.db", "--value", "public:quux=true", "--value", "public:yes=false")
    _, out, _ = supportkit(
        "sql", "select public, public_as_written from messages order by sent_at", "--db", tmp_path / "u.db", "-f", "csv"
    )
    assert out == "public,public_as_written\nfalse,yes\ntrue,quux\n"
    supportkit("load", log, "--db", db, "--value", "public:quux=true")
    _, out, _ = supportkit("sql", "select count(*) as n, count(public) as known from messages", "--db", db, "-f", "csv")
    assert out == "n,known\n2,2\n"  # read again, and no row more


def test_no_agent_is_no_agent(tmp_path: Path) -> None:
    words = ["No Agent", "Unassigned", "none", "-", "Nicht zugewiesen", "Не назначен", "Non assigné", "SIN ASIGNAR"]
    file = tmp_path / "tickets.csv"
    rows = [f"{n},2026-06-01T10:00:00Z,{word}\n" for n, word in enumerate([*words, "Nona", "Agent Smith"])]
    file.write_text("ticket_id,created_at,agent\n" + "".join(rows), encoding="utf-8")
    with memory_store() as store:
        load(store, [file], LoadOptions())
        found = [(row["agent"], row["tickets"]) for row in service(store, by="agent").records()]
    assert found == [("(none)", len(words)), ("Agent Smith", 1), ("Nona", 1)]


def test_freshdesk_tells_who_opened_a_ticket_by_its_source(tmp_path: Path) -> None:
    file = tmp_path / "freshdesk.csv"
    file.write_text(
        "Ticket ID,Status,Source,Agent,Group,Created time,Last update time\n"
        "1,2,Outbound Email,Ann,No Group,2026-05-01 10:00,2026-05-01 10:00\n"
        "2,7,Email,No Agent,Tech,2026-05-01 10:00,2026-05-01 10:00\n",
        encoding="utf-8",
    )
    with memory_store() as store:
        load(store, [file], LoadOptions())
        rows = store.connection.execute("select opener, status, agent, team from tickets order by ticket_id").fetchall()
    assert rows == [("agent", "open", "Ann", None), ("customer", "hold", None, "Tech")]


def test_chatwoots_messages_are_read_by_their_codes(tmp_path: Path) -> None:
    log = tmp_path / "messages.csv"
    log.write_text(
        "id,conversation_id,message_type,content,private,created_at,sender_name\n"
        "1,5,0,hello,false,1777629600,Bob\n2,5,1,look,true,1777629660,Ann\n3,5,1,hi,false,1777629720,Ann\n"
        "4,5,2,resolved,false,1777629780,\n5,5,3,rate us,false,1777629840,\n",
        encoding="utf-8",
    )
    with memory_store() as store:
        (done,) = load(store, [log], LoadOptions())
        rows = store.connection.execute("select sender, public, agent from messages order by source_row").fetchall()
    assert done.source == "chatwoot"
    assert rows == [
        ("customer", True, None), ("agent", False, "Ann"), ("agent", True, "Ann"), ("system", True, None),
        ("bot", True, None),
    ]  # fmt: skip


def test_true_and_false_need_no_quotes_in_the_configuration(tmp_path: Path, supportkit: Call) -> None:
    config, log = tmp_path / "supportkit.toml", tmp_path / "messages.csv"
    config.write_text("[values.messages.public]\nquux = false\n", encoding="utf-8")
    log.write_text(MESSAGES.format(header="public", yes="yes", no="quux"), encoding="utf-8")
    code, _, err = supportkit("load", log, "--db", tmp_path / "t.db", "--config", config)
    assert (code, "unknown" in err) == (0, False)
    assert "public: false = quux (1); true (1)" in err


def test_of_who_wrote_the_names_of_customers_are_not_kept(tmp_path: Path) -> None:
    log = tmp_path / "messages.csv"
    log.write_text(
        "ticket_id,sent_at,sender,author_name\n1,2026-06-01T10:00:00Z,user,Bob Berg\n"
        "1,2026-06-01T10:01:00Z,staff,Ann\n1,2026-06-01T10:02:00Z,xyz,Eve\n",
        encoding="utf-8",
    )
    with memory_store() as store:
        load(store, [log], LoadOptions())
        rows = store.connection.execute("select sender, agent, properties from messages order by sent_at").fetchall()
    assert rows == [("customer", None, None), ("agent", "Ann", None), ("unknown", None, None)]


def test_a_message_that_was_loaded_before_agents_had_a_column_is_known_again(tmp_path: Path, supportkit: Call) -> None:
    log, db = tmp_path / "messages.csv", tmp_path / "t.db"
    log.write_text("ticket_id,sent_at,sender,agent\n1,2026-06-01T10:01:00Z,agent,Ann\n", encoding="utf-8")
    supportkit("load", log, "--db", db)
    _, out, _ = supportkit("sql", "select content_hash from messages", "--db", db, "-f", "csv")
    # as an older release had it: the name stands among the extra columns of the row
    text = '["1",1780308060000000,"agent",true,null,null,null,null,null,{"agent":"Ann"}]'
    from hashlib import sha256

    assert out.split() == ["content_hash", sha256(text.encode()).hexdigest()[:32]]


def test_jira_tells_what_is_left_of_a_promise(tmp_path: Path) -> None:
    file = tmp_path / "jira.csv"
    file.write_text(
        "Issue key,Summary,Created,Custom field (Time to resolution),Custom field (Time to first response)\n"
        "A-1,x,13/May/26 02:15 PM,1:30,-0:10\nA-2,x,13/May/26 02:15 PM,-2h 5m,3h\n"
        "A-3,x,13/May/26 02:15 PM,0:05,-0:05\n",
        encoding="utf-8",
    )
    with memory_store() as store:
        load(store, [file], LoadOptions())
        rows = store.connection.execute("select sla_first_reply, sla_resolution from tickets order by 1").fetchall()
    assert rows == [("breached", "within"), ("breached", "within"), ("within", "breached")]


def test_verdicts_and_states_of_an_old_store_are_read_as_they_were(tmp_path: Path, supportkit: Call) -> None:
    import duckdb

    from tests.old_stores import store_0_1_0

    db = store_0_1_0(tmp_path / "old.duckdb")
    with duckdb.connect(str(db)) as con:
        con.execute("update tickets set sla_resolution = case when ticket_id = 'S1' then 'SLA Violated' else 'Met' end")
        con.execute("update tickets set sla_resolution = 'jein' where ticket_id = 'S2'")
    found: dict[str, Any] = json.loads(supportkit("service", "--db", db, "-f", "json")[1])
    facts = found["facts"]
    assert facts["sla_met"] == pytest.approx((facts["with_target"] - 1) / facts["with_target"])
    assert facts["with_target"] == facts["tickets"] - 1
    assert any("unknown sla_resolution: jein (1)" in note for note in found["notes"])


def test_the_load_lists_the_words_of_a_log(tmp_path: Path, supportkit: Call) -> None:
    log = tmp_path / "messages.csv"
    log.write_text(
        "ticket_id,sent_at,sender,kind\n1,2026-06-01T10:00:00Z,End-User,comment\n1,2026-06-01T10:01:00Z,Operator,note\n"
        "1,2026-06-01T10:02:00Z,xyz,note\n",
        encoding="utf-8",
    )
    _, _, err = supportkit("load", log, "--db", tmp_path / "t.db")
    assert "  sender: customer = End-User (1); agent = Operator (1)\n" in err
    assert "  kind: note (2); message = comment (1)\n" in err
    assert "  unknown sender xyz (1) is neither a question nor a reply: --value sender:xyz=MEANING\n" in err
    _, out, _ = supportkit("tables", "--db", tmp_path / "t.db", "-f", "csv")
    assert next(csv.DictReader(out.splitlines()))["table"] == "messages"
