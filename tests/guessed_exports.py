"""Headers of exports, with two rows or more that are made up, read without a profile.

A comment says whose headers they are like; none was compared with an export of today, and from osTicket on they are
written from memory. Of each: the file, what it is, where our columns stand in it, and which have to be asked for.
"""

from __future__ import annotations

from typing import NamedTuple


class Example(NamedTuple):
    """A file, the table that it is, a part of its map, and the columns that are asked for."""

    name: str
    text: str
    table: str
    columns: dict[str, str]
    asked: frozenset[str] = frozenset()


EXAMPLES = (
    # kaggle.com/datasets/suraj520/customer-support-ticket-dataset: when a ticket was created is not in it
    Example(
        "customer_support_tickets.csv",
        "Ticket ID,Customer Name,Customer Email,Customer Age,Customer Gender,Product Purchased,Date of Purchase,"
        "Ticket Type,Ticket Subject,Ticket Description,Ticket Status,Resolution,Ticket Priority,Ticket Channel,"
        "First Response Time,Time to Resolution,Customer Satisfaction Rating\n"
        "1,Marisa Obrien,a@example.com,32,Other,GoPro Hero,2021-03-22,Technical issue,Product setup,"
        "I have an issue with it,Pending Customer Response,,Critical,Social media,2023-06-01 12:15:36,,\n"
        "2,Jessica Rios,b@example.com,42,Female,LG TV,2021-05-22,Billing inquiry,Peripheral,"
        "It does not turn on today,Closed,Case maybe show,Low,Chat,2023-06-01 16:45:38,2023-06-02 18:05:38,3.0\n",
        "tickets",
        {
            "ticket_id": "Ticket ID",
            "customer_id": "Customer Email",
            "status": "Ticket Status",
            "priority": "Ticket Priority",
            "channel": "Ticket Channel",
            "subject": "Ticket Subject",
            "body": "Ticket Description",
            "category": "Ticket Type",
            "product": "Product Purchased",
            "satisfaction": "Customer Satisfaction Rating",
        },
        frozenset({"created_at"}),
    ),
    # github.com/polonel/trudesk, discussion 574: the columns of its report
    Example(
        "report.csv",
        "uid,type,priority,status,created,subject,requester,group,assignee,tags\n"
        "1001,Issue,Normal,Open,2026-05-01 10:00,Printer,u-17,IT,agent4,\n"
        "1002,Task,Urgent,Closed,2026-05-02 11:30,Access to a share,u-9,HR,agent2,new\n",
        "tickets",
        {
            "ticket_id": "uid",
            "created_at": "created",
            "status": "status",
            "priority": "priority",
            "subject": "subject",
            "category": "type",
            "team": "group",
            "agent": "assignee",
        },
    ),
    # support.hubspot.com, export records: tickets by the labels of their properties
    Example(
        "hubspot-crm-exports-all-tickets.csv",
        "Ticket ID,Ticket name,Pipeline,Ticket status,Create date,Priority,Ticket owner,Source,Last activity date,"
        "Close date\n"
        "8401,Broken lamp,Support,New,2026-04-01 09:15,High,Tom,Email,2026-04-01 10:00,\n"
        "8402,Wrong size,Support,Closed,2026-04-02 09:15,Low,Ann,Chat,2026-04-03 10:00,2026-04-03 10:00\n",
        "tickets",
        {
            "ticket_id": "Ticket ID",
            "created_at": "Create date",
            "closed_at": "Close date",
            "status": "Ticket status",
            "subject": "Ticket name",
            "agent": "Ticket owner",
            "channel": "Source",
            "priority": "Priority",
        },
    ),
    # developers.gorgias.com, reference: tickets
    Example(
        "tickets.csv",
        "id,external_id,status,channel,via,spam,customer.id,customer.email,assignee_user.name,language,subject,"
        "created_datetime,opened_datetime,closed_datetime,updated_datetime\n"
        "771,x1,open,email,email,false,5,a@x.example,Kim,en,Where is it,2026-03-01T10:00:00Z,,,2026-03-01T12:00:00Z\n"
        "772,x2,closed,chat,chat,false,6,b@x.example,Kim,de,Refund,2026-03-02T10:00:00Z,2026-03-02T10:20:00Z,"
        "2026-03-03T10:00:00Z,2026-03-03T12:00:00Z\n",
        "tickets",
        {
            "customer_id": "customer.email",
            "status": "status",
            "subject": "subject",
            "language": "language",
            "closed_at": "closed_datetime",
            "updated_at": "updated_datetime",
            "ticket_id": "id",
            "created_at": "created_datetime",
        },
    ),
    # Salesforce, report of cases
    Example(
        "Cases.csv",
        '"Case Number","Case Owner","Account ID","Subject","Date/Time Opened","Date/Time Closed","Status","Priority",'
        '"Case Origin","Case Reason"\n'
        '"00001026","Amy","0015","Cannot log in","2026-02-03 09:12","","New","High","Web","Login"\n'
        '"00001027","Bob","0016","Invoice wrong","2026-02-03 10:44","2026-02-04 12:00","Closed","Low","Email",'
        '"Billing"\n',
        "tickets",
        {
            "ticket_id": "Case Number",
            "created_at": "Date/Time Opened",
            "closed_at": "Date/Time Closed",
            "agent": "Case Owner",
            "channel": "Case Origin",
            "category": "Case Reason",
            "customer_id": "Account ID",
        },
    ),
    Example(
        "vorgaenge.csv",
        "Ticketnummer;Erstellt am;Kundennummer;Betreff;Beschreibung;Kategorie;Priorität;Status;Bearbeiter;Gelöst am\n"
        "T-1;01.03.2026 09:00;K7;Lieferung;Wo ist denn mein Paket?;Versand;hoch;offen;Meier;\n"
        "T-2;15.03.2026 10:00;K8;Rechnung;Die Rechnung ist falsch;Zahlung;niedrig;gelöst;Huber;16.03.2026 10:00\n",
        "tickets",
        {
            "ticket_id": "Ticketnummer",
            "created_at": "Erstellt am",
            "customer_id": "Kundennummer",
            "subject": "Betreff",
            "body": "Beschreibung",
            "category": "Kategorie",
            "priority": "Priorität",
            "status": "Status",
            "agent": "Bearbeiter",
            "solved_at": "Gelöst am",
        },
    ),
    Example(
        "обращения.csv",
        "Номер обращения;Дата создания;Клиент;Тема;Канал;Статус;Исполнитель;Дата закрытия\n"
        "1;2026-03-01 09:00;77;Не пришёл заказ;почта;Новый;Анна;\n"
        "2;2026-03-02 09:00;78;Вернуть деньги;чат;Закрыт;Олег;2026-03-04 09:00\n",
        "tickets",
        {
            "ticket_id": "Номер обращения",
            "created_at": "Дата создания",
            "customer_id": "Клиент",
            "subject": "Тема",
            "channel": "Канал",
            "status": "Статус",
            "agent": "Исполнитель",
            "closed_at": "Дата закрытия",
        },
    ),
    Example(
        "incidencias.csv",
        "Número de ticket;Fecha de creación;Asunto;Estado;Prioridad;Agente;Fecha de cierre\n"
        "9;2026-03-01 09:00;No llega;abierto;alta;Luis;\n"
        "10;2026-03-02 09:00;Factura;cerrado;baja;Eva;2026-03-04 09:00\n",
        "tickets",
        {
            "ticket_id": "Número de ticket",
            "created_at": "Fecha de creación",
            "subject": "Asunto",
            "status": "Estado",
            "closed_at": "Fecha de cierre",
        },
    ),
    # hledger's rules for PayPal's CSV of 2018: gross and net are two amounts
    Example(
        "Download.CSV",
        '"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address",'
        '"To Email Address","Transaction ID","Item Title","Item ID","Balance","Country"\n'
        '"10/31/2019","03:46:20","PDT","Ann","Website Payment","Completed","USD","10.00","-0.59","9.41","a@x.example",'
        '"shop@y.example","60P5","Mug","",9.41,"US"\n'
        '"10/31/2019","13:00:01","PDT","Bob","Website Payment","Completed","USD","20.00","-0.88","19.12","b@x.example",'
        '"shop@y.example","60P6","Cup","",28.53,"US"\n',
        "orders",
        {
            "order_id": "Transaction ID",
            "customer_id": "From Email Address",
            "currency": "Currency",
            "ordered_at": "Date+' '+Time+' '+TimeZone",
            "status": "Status",
            "country": "Country",
        },
        frozenset({"amount"}),
    ),
    Example(
        "bestellungen.csv",
        "Bestellnummer;Bestelldatum;Kunden-Nr;Gesamtbetrag;Währung;Zahlungsart;Lieferland\n"
        "1;01.03.2026;K1;10,50;EUR;Karte;DE\n2;15.03.2026;K2;1.020,00;EUR;Rechnung;AT\n",
        "orders",
        {
            "order_id": "Bestellnummer",
            "ordered_at": "Bestelldatum",
            "customer_id": "Kunden-Nr",
            "amount": "Gesamtbetrag",
            "currency": "Währung",
            "payment_method": "Zahlungsart",
            "country": "Lieferland",
        },
    ),
    Example(
        "commandes.csv",
        "Numéro de commande,Date de commande,Courriel,Montant total,Devise\n"
        "C1,2026-03-01,a@x.example,10.00,EUR\nC2,2026-03-02,b@x.example,20.00,EUR\n",
        "orders",
        {
            "order_id": "Numéro de commande",
            "ordered_at": "Date de commande",
            "customer_id": "Courriel",
            "amount": "Montant total",
        },
    ),
    # olist's public orders with payments
    Example(
        "olist.csv",
        "order_id,customer_unique_id,order_status,order_purchase_timestamp,payment_type,payment_value\n"
        "e481,7c39,delivered,2017-10-02 10:56:33,credit_card,18.12\n"
        "53cd,af07,canceled,2018-07-24 20:41:37,boleto,141.46\n",
        "orders",
        {
            "order_id": "order_id",
            "ordered_at": "order_purchase_timestamp",
            "customer_id": "customer_unique_id",
            "status": "order_status",
            "amount": "payment_value",
            "payment_method": "payment_type",
        },
    ),
    # the flat file of orders of Amazon's Selling Partner API: item-price is of a line or of one piece
    Example(
        "orders.txt",
        "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tsales-channel\tproduct-name\tquantity\tcurrency\t"
        "item-price\tship-country\n"
        "111-1\t2026-05-01T10:00:00+00:00\t2026-05-02T10:00:00+00:00\tShipped\tAmazon.com\tMug\t1\tUSD\t10.0\tUS\n"
        "111-2\t2026-05-03T10:00:00+00:00\t2026-05-04T10:00:00+00:00\tCancelled\tAmazon.com\tCup\t2\tUSD\t20.0\tUS\n",
        "orders",
        {
            "order_id": "amazon-order-id",
            "ordered_at": "purchase-date",
            "status": "order-status",
            "country": "ship-country",
            "channel": "sales-channel",
            "product": "product-name",
        },
        frozenset({"amount"}),
    ),
    # ServiceNow, a list of incidents by its labels
    Example(
        "incident.csv",
        "Number,Short description,Caller,Priority,State,Category,Assignment group,Assigned to,Opened,Closed,Updated\n"
        "INC1,VPN down,Abel Tuter,1 - Critical,New,Network,Hardware,Beth Anglin,2026-05-01 10:00,,2026-05-01 10:00\n"
        "INC2,Mail,Joe Employee,3 - Moderate,Closed,Inquiry,Service Desk,Don Good,2026-05-02 10:00,2026-05-03 10:00,"
        "2026-05-03 10:00\n",
        "tickets",
        {
            "ticket_id": "Number",
            "created_at": "Opened",
            "closed_at": "Closed",
            "updated_at": "Updated",
            "status": "State",
            "team": "Assignment group",
            "agent": "Assigned to",
            "subject": "Short description",
        },
    ),
    # Microsoft Forms: two times, of which the later one is the answer's
    Example(
        "Survey(1-2).csv",
        "ID,Start time,Completion time,Email,Name,How satisfied are you with our service?,Comments\n"
        "1,5/1/26 10:00:00,5/1/26 10:01:00,a@x.example,Ann Berg,5,very good and kind\n"
        "2,5/21/26 10:00:00,5/21/26 10:01:00,b@x.example,Bob Ray,2,not so good at all\n",
        "surveys",
        {
            "kind": "'csat'",
            "responded_at": "Completion time",
            "score": "How satisfied are you with our service?",
            "customer_id": "Email",
        },
    ),
    Example(
        "verkauf.csv",
        "Bestell-Nr.;Datum;Kunde;Artikel;Menge;Einzelpreis;Gesamtpreis;Land\n"
        "1;01.05.2026;K1;Tasse;2;5,00;10,00;DE\n1;01.05.2026;K1;Glas;1;3,00;3,00;DE\n"
        "2;15.05.2026;K2;Tasse;1;5,00;5,00;AT\n",
        "orders",
        {
            "order_id": "Bestell-Nr.",
            "ordered_at": "Datum",
            "customer_id": "Kunde",
            "amount": "Gesamtpreis",
            "product": "Artikel",
            "quantity": "Menge",
        },
    ),
    # Google Forms: the stamp and the question
    Example(
        "Feedback (Responses).csv",
        "Timestamp,Email Address,How likely are you to recommend us to a friend or colleague?,Any other comments\n"
        "2026/05/13 2:15:09 PM GMT+2,a@x.example,9,Good work of all of you\n"
        "2026/05/14 3:15:09 PM GMT+2,b@x.example,0,It took too long for me\n",
        "surveys",
        {
            "kind": "'nps'",
            "responded_at": "Timestamp",
            "score": "How likely are you to recommend us to a friend or colleague?",
            "customer_id": "Email Address",
            "comment": "Any other comments",
        },
    ),
    Example(
        "Опрос (Ответы).csv",
        "Отметка времени,Насколько вероятно что вы порекомендуете нас?,Комментарий\n"
        "2026-05-13 14:15:09,9,Всё хорошо и очень быстро\n2026-05-14 14:15:09,3,Очень долго ждал ответа\n",
        "surveys",
        {"kind": "'nps'", "responded_at": "Отметка времени", "comment": "Комментарий"},
    ),
    # delighted.com, docs of the API: survey responses; the kind stands in a column
    Example(
        "responses.csv",
        "id,person,survey_type,score,comment,permalink,created_at,updated_at\n"
        "1,42,nps,10,Nice people to work with,https://x.example/r/1,1483228800,1483228800\n"
        "2,43,csat,4,It was all right for us,https://x.example/r/2,1483315200,1483315200\n",
        "surveys",
        {"kind": "survey_type", "score": "score", "comment": "comment", "responded_at": "created_at"},
    ),
    # support.google.com/analytics/answer/7029846: the schema of GA4's export, flattened
    Example(
        "ga4.csv",
        "event_date,event_timestamp,event_name,user_pseudo_id,geo.country,device.category\n"
        "20260301,1772359200000000,page_view,11.22,Germany,mobile\n20260301,1772359260000000,add_to_cart,11.22,Germany,mobile\n"
        "20260301,1772359270000000,page_view,33.44,France,desktop\n",
        "events",
        {"step": "event_name", "user_id": "user_pseudo_id", "country": "geo.country", "device": "device.category"},
        frozenset({"occurred_at"}),
    ),
    # posthog.com/docs/data-warehouse/sources/posthog: columns of `events`
    Example(
        "events.csv",
        "uuid,event,timestamp,distinct_id,person_id,session_id\n"
        "0190-a,$pageview,2026-03-01T10:00:00Z,d1,p1,s1\n0190-b,checkout,2026-03-01T10:01:00Z,d1,p1,s1\n"
        "0190-c,$pageview,2026-03-01T11:00:00Z,d2,p2,s2\n",
        "events",
        {"step": "event", "occurred_at": "timestamp", "session_id": "session_id"},
        frozenset({"user_id"}),
    ),
    # docs.mixpanel.com/docs/export-methods: the raw export, its properties by dotted names
    Example(
        "mixpanel.csv",
        "event,properties.time,properties.distinct_id,properties.$insert_id,properties.mp_country_code\n"
        "Signed up,1602611311,u1,ABC,DE\nPurchase,1602611400,u1,ABD,DE\nSigned up,1602611500,u2,ABE,FR\n",
        "events",
        {"step": "event", "occurred_at": "properties.time", "user_id": "properties.distinct_id"},
    ),
    Example(
        "messages.csv",
        "message_id,conversation_id,author_type,body,created_at\n"
        "1,C1,customer,Where is my order please?,2026-03-01 10:00:00\n"
        "2,C1,agent,It is on its way to you,2026-03-01 10:20:00\n"
        "3,C2,customer,I want my money back now,2026-03-01 11:00:00\n",
        "messages",
        {"ticket_id": "conversation_id", "sent_at": "created_at", "sender": "author_type", "text": "body"},
    ),
    # osTicket, a queue of tickets; from memory
    Example(
        "osticket.csv",
        "Ticket Number,Date Created,Subject,From,From Email,Priority,Department,Help Topic,Source,Current Status,"
        "Last Updated,SLA Due Date,Closed Date,Overdue,Answered,Agent Assigned,Team Assigned,Thread Count,"
        "Reopen Count\n"
        "417325,2026-03-01 09:00:00,Broken lamp,Anna Berg,a@x.example,Normal,Support,Report a Problem,Email,Open,"
        "2026-03-01 10:00:00,2026-03-03 09:00:00,,0,1,Amy,,3,0\n"
        "417326,2026-03-02 09:00:00,Refund,Tom Hill,b@x.example,High,Sales,Feedback,Web,Closed,"
        "2026-03-03 10:00:00,2026-03-04 09:00:00,2026-03-03 10:00:00,0,1,Bob,,2,1\n",
        "tickets",
        {
            "ticket_id": "Ticket Number",
            "created_at": "Date Created",
            "customer_id": "From Email",
            "category": "Help Topic",
            "status": "Current Status",
            "closed_at": "Closed Date",
            "agent": "Agent Assigned",
            "reopens": "Reopen Count",
        },
    ),
    # OTRS: columns that its setting SearchCSVData names, their German labels from memory
    Example(
        "otrs.csv",
        "Ticketnummer;Alter;Erstellt;Geschlossen;Status;Priorität;Queue;Besitzer;Kundennummer;Betreff\n"
        "2026030110;3 d 4 h;2026-03-01 09:00:00;;offen;3 normal;Support;amy;K7;Wo ist das Paket\n"
        "2026030211;2 d 1 h;2026-03-02 09:00:00;2026-03-03 10:00:00;erfolgreich geschlossen;4 hoch;Vertrieb;bob;K8;"
        "Rechnung\n",
        "tickets",
        {"ticket_id": "Ticketnummer", "agent": "Besitzer", "customer_id": "Kundennummer", "closed_at": "Geschlossen"},
    ),
    # the public set of customer support on Twitter, from memory: a message knows which it answers, no conversation
    Example(
        "twcs.csv",
        "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id\n"
        "1,115712,True,Tue Oct 31 22:10:47 +0000 2017,My line does not work at all,2,\n"
        "2,sprintcare,False,Tue Oct 31 22:11:45 +0000 2017,Please send us a private message,,1\n",
        "messages",
        {"sent_at": "created_at", "sender": "inbound", "text": "text"},
        frozenset({"ticket_id"}),
    ),
    # the public set of events of a shop of many categories (REES46), from memory
    Example(
        "2019-Oct.csv",
        "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n"
        "2019-10-01 00:00:00 UTC,view,44600062,2103807459595387724,,shiseido,35.79,541312140,72d76fde-8bb3\n"
        "2019-10-01 00:00:04 UTC,cart,3900821,2053013552326770905,appliances.iron,aqua,33.20,554748717,9333dfbd-b87a\n",
        "events",
        {"user_id": "user_id", "occurred_at": "event_time", "step": "event_type", "session_id": "user_session"},
    ),
    # Amplitude's events, from memory: who has not logged in is known by the device alone, here nobody
    Example(
        "amplitude.csv",
        "$insert_id,amplitude_id,country,device_id,event_time,event_type,session_id,user_id\n"
        "a1,71,Germany,d1,2026-03-01 09:00:00,view,1772355600000,u1\n"
        "a2,72,France,d2,2026-03-01 09:01:00,cart,1772355660000,u2\n",
        "events",
        {"user_id": "user_id", "step": "event_type", "occurred_at": "event_time", "country": "country"},
    ),
    # deals as a Russian CRM lists them, from memory: an order that may come
    Example(
        "сделки.csv",
        "ID;Название сделки;Ответственный;Этап сделки;Бюджет;Дата создания;Дата закрытия\n"
        "11;Лампа для офиса;Анна;Успешно реализовано;5900,50;01.03.2026 09:00;15.03.2026 09:00\n"
        "12;Стол для дома;Олег;Первичный контакт;1200,00;16.03.2026 09:00;\n",
        "orders",
        {"order_id": "ID", "ordered_at": "Дата создания", "amount": "Бюджет", "status": "Этап сделки"},
    ),
    # reviews of a shop, from memory: stars are a satisfaction
    Example(
        "reviews.csv",
        "Review Id,Review Created (UTC),Review Title,Review Content,Review Stars,Review Language\n"
        "r1,2026-03-01 09:00:00,Good,They sent it on time and whole,5,en\n"
        "r2,2026-03-02 09:00:00,Bad,It never came and nobody wrote,1,en\n",
        "surveys",
        {
            "kind": "'csat'",
            "score": "Review Stars",
            "responded_at": "Review Created (UTC)",
            "comment": "Review Content",
        },
    ),
    # LiveChat, its report of chats; from memory: two times may be when a chat began
    Example(
        "chats.csv",
        "chat id,chat creation date UTC,chat start date UTC,visitor nick,visitor id,visitor email,operator 1 nick,"
        "rate\n"
        "PJ0MR1,2026-03-17 09:00:00,2026-03-17 09:00:10,V,b7eff798,a@x.example,Kim,rated good\n"
        "PJ0MR2,2026-03-18 09:00:00,2026-03-18 09:00:10,V,b7eff799,b@x.example,Kim,rated bad\n"
        "PJ0MR3,2026-03-19 09:00:00,2026-03-19 09:00:10,V,b7eff79a,c@x.example,Kim,not rated\n",
        "tickets",
        {"ticket_id": "chat id", "customer_id": "visitor email", "satisfaction": "rate"},
        frozenset({"created_at"}),
    ),
    # LimeSurvey, from memory: a code stands before each name
    Example(
        "results-survey.csv",
        "id. Response ID;submitdate. Date submitted;lastpage. Last page;startlanguage. Start language;"
        "Q1. How satisfied are you with our support? (1-5);Q2. Comments\n"
        "1;2026-03-17 09:00:00;2;en;5;quick and kind\n2;2026-03-18 09:00:00;2;en;2;too slow for me\n",
        "surveys",
        {
            "responded_at": "submitdate. Date submitted",
            "score": "Q1. How satisfied are you with our support? (1-5)",
            "comment": "Q2. Comments",
        },
    ),
    # Braintree, its search of transactions; from memory
    Example(
        "transactions.csv",
        "Transaction ID,Transaction Type,Transaction Status,Created Datetime,Settlement Date,Customer ID,"
        "Customer Email,Amount Submitted For Settlement\n"
        "k2x9,sale,settled,03/17/2026 10:00:00,03/18/2026,c1,a@x.example,12.50\n"
        "k2xb,sale,voided,03/18/2026 10:00:00,03/19/2026,c2,b@x.example,20.00\n",
        "orders",
        {
            "order_id": "Transaction ID",
            "ordered_at": "Created Datetime",
            "amount": "Amount Submitted For Settlement",
            "status": "Transaction Status",
        },
    ),
    # Tiendanube, from memory
    Example(
        "ventas.csv",
        "Número de orden;Email;Fecha;Estado de la orden;Estado del pago;Moneda;Total;Nombre del comprador;País\n"
        "101;a@x.example;17/03/2026 10:00;Abierta;Anulado;ARS;1050.00;Ana;Argentina\n"
        "102;b@x.example;18/03/2026 10:00;Cerrada;Anulado;ARS;1060.00;Eva;Argentina\n",
        "orders",
        {"order_id": "Número de orden", "ordered_at": "Fecha", "amount": "Total"},
        frozenset({"status"}),
    ),
    # Zendesk in Spanish, from memory
    Example(
        "tickets-es.csv",
        "ID del ticket;Asunto;Estado;Prioridad;Solicitante;Fecha de creación;Calificación de satisfacción\n"
        "1;El pedido no llegó;Abierto;Alta;a@x.example;17/03/2026 10:00;Buena\n"
        "2;El pedido no llegó;Resuelto;Baja;b@x.example;18/03/2026 10:00;Mala\n",
        "tickets",
        {"ticket_id": "ID del ticket", "satisfaction": "Calificación de satisfacción"},
    ),
)
