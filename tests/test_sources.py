"""Every vendor's export, with the header it really has and the traps it really sets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from supportkit.desk.having import HAVING
from supportkit.errors import DataError
from supportkit.exports import Loaded, LoadOptions, load
from supportkit.exports.recognising.header_names import normal_header, zone_of
from supportkit.exports.sources import sources
from supportkit.store import Store, memory_store


def test_notes_of_what_is_missing_name_the_exports_that_have_it() -> None:
    for name, vendors in HAVING.items():
        found = {
            source.title.split()[0]
            for source in sources()
            for export in source.exports
            if source.name != "supportkit"
            and (
                export.table == name
                or (
                    export.table == "tickets"
                    and (name in export.columns or any(one.column == name for one in export.durations))
                )
            )
        }
        assert sorted(found) == list(vendors), name


ZENDESK = (
    "Id,Requester,Requester ID,Requester external id,Requester email,Requester domain,Submitter,Assignee,Group,Subject,"
    "Tags,Status,Priority,Via,Ticket type,Created at,Updated at,Assigned at,Organization,Due date,"
    "Initially assigned at,Solved at,Resolution time,Satisfaction Score,Group stations,Assignee stations,Reopens,"
    "Replies,First reply time in minutes,Full resolution time in minutes,Motivo do Contato [list]\n"
    "42,Anna Berg,361,,Anna@Shop.example,shop.example,Anna Berg,Lena,Refunds,Where is it,late urgent_vip,Solved,-,"
    "Web form,Question,2026-07-01 09:00,2026-07-02 09:00,,Berg AG,,,2026-07-02 08:00,23,Good,1,1,0,2,15,1380,entrega\n"
)
FRESHDESK = (
    "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Due by Time,Resolved time,Closed time,"
    "Last update time,Initial response time,Time tracked,First response time (in hrs),Resolution time (in hrs),"
    "Agent interactions,Customer interactions,Resolution status,First response status,Tags,Summary,Full name,"
    "Contact ID\n"
    "T7,Broken,4,2,Email,Problem,Tom,Tech,2026-05-01 10:00:00,,2026-05-02 16:00:00,,2026-05-02 16:00:00,"
    '2026-05-01 10:30:00,,00:30:00,30:00:00,2,3,SLA Violated,Within SLA,"late, broken",,Max,77\n'
)
FRESHSERVICE = (
    "Ticket Id,Subject,Status,Priority,Source,Created Time,Resolved Time,First Response Time (in Hrs),"
    "Resolution Time (in Hrs),Requester Name,Requester Email\n"
    "9,Laptop,Open,Urgent,Portal,2026-05-01 10:00,,01:00:00,,Eva,eva@shop.example\n"
)
INTERCOM = (
    "Conversation ID,Conversation started at (America/New_York),Teammate currently assigned,Channel,"
    "Current conversation state,Conversation first replied at (America/New_York),First response time (seconds),"
    "Time to close (seconds),User email,User ID,Conversation tag\n"
    "8800,2026-07-01 08:00:00,Ann,chat,snoozed,2026-07-01 08:00:30,30,3600,u@x.example,77,a\n"
)
INTERCOM_CSAT = (
    "Conversation ID,Updated at (America/New_York),Conversation rating remark,Conversation rating,User name\n"
    "8800,2026-07-01 09:00:00,quick,5,Uma\n"
)
INTERCOM_MESSAGES = (
    "message_id,message_body,message_type,message_created_at,message_author_type,conversation_id\n"
    "1,write to me@x.example,comment,2017-11-14 21:45:08,lead,8800\n"
)
JIRA = (
    "Issue key,Issue id,Issue Type,Summary,Status,Priority,Assignee,Reporter,Created,Updated,Resolved,"
    "Custom field (Request Type),Custom field ([CHART] Date of First Response),Comment,Comment\n"
    "SD-1,10001,Incident,VPN,Waiting for customer,Highest,bo,cy,13/May/26 02:15 PM,14/May/26 9:00 AM,,Access,"
    "13/May/26 03:15 PM,first,second\n"
)
JIRA_SPANISH = (
    "Issue key,Resumen,Estado,Creada,Informador,Campo personalizado (Time to first response)\n"
    "SD-2,Correo,Resuelto,3/May/26 2:15 PM,ana,01:30\n"
)
ZAMMAD = (
    "#,Title,State,Priority,Group,Owner,Customer,Create Channel,Tags,Created At,Updated At,Closed At,First Response At,"
    "First Response In Min,Close In Min\n"
    "31001,Hello,pending reminder,3 high,Users,Kim,Nico,email,x,2026-05-01 10:00:00 UTC,2026-05-01 11:00:00 UTC,,"
    "2026-05-01 10:10:00 UTC,10,\n"
)
CHATWOOT = (
    "\ufeffReporting period 2026-05-01 to 2026-05-31\n\n"
    "Contact Name,Contact Email Address,Contact Phone Number,Link to the conversation,Agent Name,Rating,"
    "Feedback Comment,Recorded date,Review Notes\n"
    "Eva,,+4915123456789,https://app.example/accounts/1/conversations/512,Kim,4,fine,2026-05-03 10:00:00 UTC,\n"
)
SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Billing Name,Billing Country,Shipping Country,Phone,"
    "Payment Method,Refunded Amount,Id,Tags\n"
    "#1001,a@x.example,paid,2026-05-01 10:00:00 +0200,fulfilled,EUR,30,5,0,35.00,2026-05-01 09:59:00 +0200,1,Mug,10,"
    "Ada,DE,DE,'+4915123456789,card,0.00,555,\n"
    "#1001,a@x.example,,,,,,,,,,2,Beans,10,,,,,,,,\n"
    "#1002,b@x.example,paid,,,EUR,10,0,0,10.00,2026-05-02 09:00:00 +0200,1,Mug,10,Bo,AT,AT,,card,0.00,556,\n"
)
WOOCOMMERCE = (
    "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales,"
    "Attribution\n"
    "2026-05-01 10:00:00,77,€12.50,completed,Ada,new,1× Mug,1,,12.5,Direct\n"
)
STRIPE = (
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Status,Customer ID,Customer Email,"
    "colour (metadata)\n"
    'ch_1,2026-06-05 20:38:34,"1,000.00","1,000.00",eur,true,Refunded,cus_1,A@x.example,red\n'
    "ch_2,2026-06-05 20:39:34,12.50,0.00,eur,true,Paid,cus_2,,blue\n"
)
MAGENTO = (
    'ID,"Purchase Point","Purchase Date","Bill-to Name","Ship-to Name","Grand Total (Base)","Grand Total (Purchased)",'
    'Status,"Customer Email","Total Refunded"\n'
    '000000012,"Main Store","May 13, 2026 2:15:09 PM",Ada,Ada,€12.00,"€1,012.00",complete,a@x.example,€0.00\n'
)
TYPEFORM = (
    '#,"How likely are you to recommend us, from 0 to 10?",Why?,Response Type,Start Date (UTC),Stage Date (UTC),'
    "Submit Date (UTC),Network ID,Tags,Ending\n"
    "ab1,9,good,completed,2023-01-23 06:20:00,,2023-01-23 06:27:59,n1,,\n"
    "ab2,3,,partial,2023-01-23 06:20:00,,2023-01-23 06:27:59,n2,,\n"
)
SURVEYMONKEY = (
    "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1,"
    '"How likely are you\nto recommend us?",What helped?,\n'
    ",,,,,,,,,Response,Price,Speed\n"
    "114,5,05/03/2026 02:15:09 PM,05/04/2026 02:15:09 PM,1.2.3.4,a@x.example,Ada,Berg,,10,Price,\n"
)
QUALTRICS = (
    "StartDate,EndDate,Status,IPAddress,Progress,Finished,RecordedDate,ResponseId,RecipientEmail,Q1_NPS\n"
    'Start Date,End Date,Response Type,IP Address,Progress,Finished,Recorded Date,Response ID,Email,"How\nlikely?"\n'
    '"{""ImportId"":""startDate""}","{""ImportId"":""endDate""}","{""ImportId"":""status""}","{""ImportId"":""ip""}",'
    '"{""ImportId"":""p""}","{""ImportId"":""f""}","{""ImportId"":""r""}","{""ImportId"":""i""}",'
    '"{""ImportId"":""e""}","{""ImportId"":""QID1""}"\n'
    "2026-05-01 10:00:00,2026-05-01 10:01:00,IP Address,1.2.3.4,100,True,2026-05-01 10:01:01,R_1,a@x.example,8\n"
    "2026-05-01 10:00:00,2026-05-01 10:01:00,Survey Preview,1.2.3.4,100,True,2026-05-01 10:01:01,R_2,,8\n"
    "2026-05-01 10:00:00,2026-05-01 10:01:00,IP Address,1.2.3.4,50,False,2026-05-01 10:01:01,R_3,,\n"
)
QUESTIONS = (
    "StartDate,EndDate,Status,IPAddress,Progress,Finished,RecordedDate,ResponseId,RecipientEmail,Q3_NPS_GROUP,Q3,Q4,Q5\n"
    "Start Date,End Date,Response Type,IP Address,Progress,Finished,Recorded Date,Response ID,Email,"
    '"How likely are you to recommend us\nto a friend? - Group","How likely are you to recommend us\nto a friend?",'
    "How satisfied are you with the delivery?,Which plan do you have?\n"
    + ",".join(f'"{{""ImportId"":""{name}""}}"' for name in (
        "startDate", "endDate", "status", "ipAddress", "progress", "finished", "recordedDate", "_recordId",
        "recipientEmail", "QID3_NPS_GROUP", "QID3", "QID4", "QID5"))
    + "\n"
    "2026-05-01 10:00:00,2026-05-01 10:01:00,IP Address,1.2.3.4,100,True,2026-05-01 10:01:01,R_1,a@x.example,"
    "Promoter,10 - Extremely likely,Very satisfied,pro\n"
    "2026-05-01 10:00:00,2026-05-01 10:01:00,IP Address,1.2.3.4,100,True,2026-05-01 10:01:01,R_2,b@x.example,"
    "Passive,7,Satisfied,free\n"
)  # fmt: skip
DELIGHTED = "id,person_email,survey_type,score,comment,created_at\n1,a@x.example,nps,9,nice,1762128000\n"
GA4 = (
    "event_date,event_timestamp,event_name,user_pseudo_id,geo.country,device.category\n"
    "20260301,1772359200000000,add_to_cart,11.22,Germany,mobile\n"
)
POSTHOG = "uuid,event,timestamp,distinct_id,person_id,session_id\n0190-a,checkout,2026-03-01T10:00:00Z,d1,p1,s1\n"
MIXPANEL = (
    "event,properties.time,properties.distinct_id,properties.$insert_id,properties.mp_country_code\n"
    "Signed up,1602611311,u1,ABC,DE\n"
)
HUBSPOT = (
    '"Ticket ID","Ticket name","Ticket status","Create date","Ticket owner"\n'
    '"8401","Broken lamp","Waiting on contact","2026-04-01 09:15","Tom"\n'
)
GORGIAS = (
    "id,status,channel,spam,customer.email,assignee_user.name,subject,created_datetime,closed_datetime\n"
    "771,closed,email,true,a@x.example,Kim,Where is it,2026-03-01T10:00:00Z,2026-03-01T12:00:00Z\n"
)


HELP_SCOUT = (
    '{"_embedded": {"conversations": [{"id": 10, "number": 12, "threads": 2, "type": "email", "status": "active", '
    '"subject": "Help", "mailboxId": 13, "assignee": {"id": 99, "first": "Mr", "email": "kim@shop.example"}, '
    '"createdBy": {"id": 7, "type": "customer", "first": "Ann"}, "createdAt": "2026-03-01T10:00:00Z", '
    '"closedAt": "", "userUpdatedAt": "2026-03-01T12:00:00Z", '
    '"primaryCustomer": {"id": 7, "first": "Ann", "last": "Lee", "email": "a@x.example"}}]}, "page": {"size": 25}}'
)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = memory_store()
    yield opened
    opened.close()


def put(store: Store, folder: Path, text: str, **options: Any) -> Loaded:
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8", newline="")
    (done,) = load(store, [path], LoadOptions(**options))
    assert done.read == done.loaded + done.updated + done.unchanged + done.older + done.rejected
    return done


def first(store: Store, table: str, *columns: str) -> tuple[Any, ...]:
    sql = f"select {', '.join(columns)} from {table} order by source_row limit 1"
    return store.connection.execute(sql).fetchall()[0]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


CASES: list[tuple[str, str, str, tuple[str, ...], tuple[Any, ...], int]] = [
    # source, text, table, columns, their values in the first row, rows rejected
    ("zendesk", ZENDESK, "tickets", ("ticket_id", "created_at", "status", "tags", "vendor_first_reply_s", "agent"),
     ("42", utc(2026, 7, 1, 7), "solved", ["late", "urgent_vip"], 900, "Lena"), 0),  # Berlin is UTC+2 in July
    ("freshdesk", FRESHDESK, "tickets",
     ("ticket_id", "status", "priority", "vendor_resolution_s", "tags", "sla_resolution"),
     ("T7", "solved", "normal", 108_000, ["late", "broken"], "breached"), 0),  # 30:00:00 is 108,000 s
    ("freshservice", FRESHSERVICE, "tickets", ("ticket_id", "status", "priority", "vendor_first_reply_s"),
     ("9", "open", "urgent", 3600), 0),
    ("intercom", INTERCOM, "tickets", ("ticket_id", "created_at", "status", "vendor_first_reply_s"),
     ("8800", utc(2026, 7, 1, 12), "pending", 30), 0),  # New York is UTC-4 in July
    ("intercom", INTERCOM_CSAT, "surveys", ("kind", "score", "responded_at", "ticket_id", "scale_max"),
     ("csat", 5.0, utc(2026, 7, 1, 13), "8800", 5.0), 0),
    ("intercom", INTERCOM_MESSAGES, "messages", ("ticket_id", "sender", "sent_at", "text", "public"),
     ("8800", "customer", utc(2017, 11, 14, 21, 45, 8), "write to [EMAIL]", True), 0),
    ("jira", JIRA, "tickets", ("ticket_id", "created_at", "status", "priority", "category", "first_reply_at"),
     ("SD-1", utc(2026, 5, 13, 12, 15), "pending", "urgent", "Access", utc(2026, 5, 13, 13, 15)), 0),
    ("jira", JIRA_SPANISH, "tickets", ("ticket_id", "created_at", "status", "subject"),
     ("SD-2", utc(2026, 5, 3, 12, 15), "solved", "Correo"), 0),
    ("zammad", ZAMMAD, "tickets", ("ticket_id", "status", "priority", "created_at", "vendor_first_reply_s"),
     ("31001", "pending", "high", utc(2026, 5, 1, 10), 600), 0),
    ("chatwoot", CHATWOOT, "surveys", ("kind", "score", "ticket_id", "responded_at", "agent"),
     ("csat", 4.0, "512", utc(2026, 5, 3, 10), "Kim"), 0),
    ("shopify", SHOPIFY, "orders", ("order_id", "amount", "ordered_at", "country", "product", "count(*) over ()"),
     ("#1001", Decimal(35), utc(2026, 5, 1, 7, 59), "DE", None, 2), 0),  # of two products, none
    ("woocommerce", WOOCOMMERCE, "orders", ("order_id", "amount", "ordered_at", "status"),
     ("77", Decimal("12.5"), utc(2026, 5, 1, 8), "sale"), 0),
    ("stripe", STRIPE, "orders", ("order_id", "amount", "refunded", "currency", "ordered_at", "status"),
     ("ch_1", Decimal(1000), Decimal(1000), "EUR", utc(2026, 6, 5, 20, 38, 34), "refunded"), 0),
    ("magento", MAGENTO, "orders", ("order_id", "amount", "ordered_at", "refunded"),
     ("000000012", Decimal(1012), utc(2026, 5, 13, 12, 15, 9), Decimal(0)), 0),
    ("typeform", TYPEFORM, "surveys", ("kind", "score", "responded_at", "scale_max"),
     ("nps", 9.0, utc(2023, 1, 23, 6, 27, 59), 10.0), 1),
    ("surveymonkey", SURVEYMONKEY, "surveys", ("kind", "score", "responded_at"),
     ("nps", 10.0, utc(2026, 5, 4, 12, 15, 9)), 0),
    ("qualtrics", QUALTRICS, "surveys", ("kind", "score", "responded_at"),
     ("nps", 8.0, utc(2026, 5, 1, 8, 1, 1)), 2),
    ("delighted", DELIGHTED, "surveys", ("kind", "score", "responded_at", "comment"),
     ("nps", 9.0, utc(2025, 11, 3), "nice"), 0),
    ("ga4", GA4, "events", ("user_id", "occurred_at", "step", "country", "device"),
     ("11.22", utc(2026, 3, 1, 10), "add_to_cart", "DE", "mobile"), 0),
    ("posthog", POSTHOG, "events", ("user_id", "occurred_at", "step", "session_id"),
     ("p1", utc(2026, 3, 1, 10), "checkout", "s1"), 0),
    ("mixpanel", MIXPANEL, "events", ("user_id", "occurred_at", "step", "country"),
     ("u1", utc(2020, 10, 13, 17, 48, 31), "Signed up", "DE"), 0),
    ("hubspot", HUBSPOT, "tickets", ("ticket_id", "created_at", "status", "subject", "agent"),
     ("8401", utc(2026, 4, 1, 7, 15), "pending", "Broken lamp", "Tom"), 0),  # Berlin is UTC+2 in April
    ("helpscout", HELP_SCOUT, "tickets", ("ticket_id", "created_at", "closed_at", "status", "channel"),
     ("12", utc(2026, 3, 1, 10), None, "open", "email"), 0),
    ("gorgias", GORGIAS, "tickets", ("ticket_id", "created_at", "closed_at", "status", "agent"),
     ("771", utc(2026, 3, 1, 10), utc(2026, 3, 1, 12), "spam", "Kim"), 0),
]  # fmt: skip


def test_the_question_of_qualtrics_names_its_column(store: Store, tmp_path: Path) -> None:
    done = put(store, tmp_path, QUESTIONS)
    assert (done.source, done.loaded, done.rejected) == ("qualtrics", 2, 0)
    asked = "select kind, score, scale_max, properties ->> '$.\"Which plan do you have?\"' from surveys order by score"
    assert store.connection.execute(asked).fetchall() == [("nps", 7, 10, "free"), ("nps", 10, 10, "pro")]


def test_a_question_of_qualtrics_is_mapped_by_its_text_or_by_the_code_above_it(store: Store, tmp_path: Path) -> None:
    satisfied = {"kind": "'csat'", "scale_min": "'1'", "scale_max": "'5'"}
    put(store, tmp_path, QUESTIONS, map={**satisfied, "score": "How satisfied are you with the delivery?"})
    scores = "select kind, score, scale_max from surveys order by score"
    assert store.connection.execute(scores).fetchall() == [("csat", 4, 5), ("csat", 5, 5)]
    with memory_store() as other:
        put(other, tmp_path, QUESTIONS, map={**satisfied, "score": "Q4", "comment": "Q5"})
        assert other.connection.execute(scores).fetchall() == [("csat", 4, 5), ("csat", 5, 5)]


def test_a_survey_without_a_recommendation_is_one_of_satisfaction(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, QUESTIONS.replace("How likely are you to recommend us", "Which friend would you send"))
    assert store.connection.execute("select kind, score from surveys order by score").fetchall() == [
        ("csat", 4), ("csat", 5)
    ]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[2]}")
def test_an_export_is_recognised_and_typed(
    case: tuple[str, str, str, tuple[str, ...], tuple[Any, ...], int], store: Store, tmp_path: Path
) -> None:
    source, text, table, columns, values, rejected = case
    done = put(store, tmp_path, text, zone="Europe/Berlin")
    assert (done.source, done.table, done.rejected) == (source, table, rejected)
    assert first(store, table, *columns) == values


def test_a_part_of_an_export_is_read_as_the_vendors_who_is_named(store: Store, tmp_path: Path) -> None:
    part = "Ticket ID,Created time,Status,Resolution time (in hrs)\nT7,2026-05-01 10:00:00,4,30:00:00\n"
    with pytest.raises(DataError, match="not recognised"):
        put(store, tmp_path, part)
    done = put(store, tmp_path, part, source="freshdesk")
    assert (done.source, done.table) == ("freshdesk", "tickets")
    assert first(store, "tickets", "ticket_id", "status", "vendor_resolution_s") == ("T7", "solved", 108_000)
    with pytest.raises(DataError, match="read as tickets, it has no column for ticket_id, created_at"):
        put(store, tmp_path, "Subject,Status\nx,Open\n", source="freshdesk")


def test_every_vendor_of_the_list_is_tested() -> None:
    assert {source.name for source in sources()} == {case[0] for case in CASES} | {"supportkit"}
    assert len(sources()) == 22


def test_a_customer_is_one_person_in_a_help_desk_and_a_shop(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, ZENDESK.replace("Anna@Shop.example", "A@x.example"))
    put(store, tmp_path, SHOPIFY)
    put(store, tmp_path, STRIPE)
    rows = store.connection.execute(
        "select customer_id from tickets union select customer_id from orders where order_id in ('#1001', 'ch_1')"
    ).fetchall()
    assert len(rows) == 1
    assert rows[0][0].startswith("p_")


def test_a_customer_without_an_e_mail_keeps_the_vendors_id(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, STRIPE)
    rows = store.connection.execute("select customer_id, properties->>'Customer ID' from orders order by 2").fetchall()
    assert rows[1] == ("cus_2", "cus_2")
    assert rows[0][1] == "cus_1"


def test_names_and_addresses_are_left_out_unless_kept(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, ZENDESK)
    (kept,) = first(store, "tickets", "properties")
    assert "Anna" not in kept
    assert "entrega" in kept
    other = memory_store()
    put(other, tmp_path, ZENDESK, privacy="keep")
    assert "Anna Berg" in first(other, "tickets", "properties")[0]
    assert first(other, "tickets", "customer_id") == ("anna@shop.example",)
    other.close()


def test_lines_without_an_order_are_refused_with_their_line(store: Store, tmp_path: Path) -> None:
    done = put(store, tmp_path, SHOPIFY + "#1003,c@x.example,,,,,,,,,,1,Mug,10,,,,,,,,\n")
    assert (done.read, done.loaded, done.rejected) == (4, 3, 1)
    assert store.connection.execute("select line, column_name, reason from rejects").fetchall() == [
        (5, "ordered_at", "no line of the order has ordered_at")
    ]


def test_a_header_is_compared_without_its_wrapping() -> None:
    assert normal_header("\ufeff Custom field (Request Type) ") == "request type"
    assert normal_header("Motivo do  Contato [list]") == "motivo do contato"
    assert normal_header("Updated at (America/New_York)") == "updated at"
    assert normal_header("Ｓtatus") == "status"
    assert zone_of("Updated at (America/New_York)") == "America/New_York"
    assert zone_of("Created date (UTC)") == "UTC"
    assert zone_of("order(sells)") is None
