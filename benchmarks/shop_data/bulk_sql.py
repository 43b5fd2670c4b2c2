"""The queries of the big files: row i depends on the seed and on i alone."""

from __future__ import annotations

MACROS = """
create macro draw(i, k) as (hash(i, k, getvariable('seed')) >> 12) / 4503599627370496.0;
create macro place(i, k, n) as floor(draw(i, k) * n)::int;
create macro lognormal(i, k, median, spread) as
    median * exp(spread * sqrt(-2 * ln(1 - draw(i, k))) * cos(2 * pi() * draw(i, k + 1)));
create macro moment(i, n) as timestamp '2025-11-02 23:00:00' + to_seconds((i * 32288400.0 / n)::bigint);
create macro iso(t) as strftime(t, '%Y-%m-%dT%H:%M:%SZ');
create macro email(person, name) as
    concat(name, '.', chr(97 + (person % 26)::int), person,
           ['@example.org', '@example.com'][1 + (person % 5 > 0)::int]);
"""

TICKETS = """
with drawn as (
    select i, moment(i, $rows) as created, place(i, 1, $people) as person, place(i, 2, 100) as category_place,
           place(i, 3, 100) as channel_place, place(i, 4, 60) as agent_place, draw(i, 5) as personal_draw,
           draw(i, 6) as unanswered_draw, draw(i, 7) as reopened_draw, 100000 + place(i, 8, 900000) as order_id
      from range($rows) as row_number(i)
),
told as (
    select drawn.*, country.*, category.*, channel.*, agent.agent,
           created + to_seconds(greatest(8, lognormal(i, 10, median_s, spread))::bigint) as replied,
           unanswered_draw < 0.01 and complaint > 0.5 as unanswered
      from drawn
      join country on country.place = person % 100
      join category on category.place = category_place
      join channel on channel.place = channel_place
      join agent on agent.language = country.language and agent.place = agent_place
)
select 'T' || (20001 + i) as ticket_id,
       iso(created) as created_at,
       email(person, name) as customer_id,
       told.channel,
       case when unanswered then 'open' else 'closed' end as status,
       ['low', 'high', 'high', 'normal', 'normal', 'normal', 'normal', 'normal'][1 + place(i, 12, 8)] as priority,
       replace(subject.text, '{order}', order_id::text) as subject,
       replace(replace(
           concat_ws(' ', nullif(greeting.text, ''), problem.text, nullif(detail.text, ''), nullif(ask.text, ''),
                     case when personal_draw < 0.05 then replace(replace(personal.text, '{number}',
                         (1000 + place(i, 13, 9000))::text), '{person}', person::text) end,
                     nullif(closing.text, '')),
           '{order}', order_id::text), '{amount}', (5 + place(i, 14, 300)) || '.90') as body,
       told.category,
       ['vip', 'annual', 'annual,callback'][1 + place(i, 15, 8)] as tags,
       told.country,
       told.language,
       product.product,
       told.agent,
       team,
       case when not unanswered then iso(replied) end as first_reply_at,
       case when not unanswered then iso(replied + to_seconds(lognormal(i, 16, solve_s, 0.9)::bigint)) end as solved_at,
       iso(replied + interval 3 day) as updated_at,
       case when not unanswered and reopened_draw < 0.09 then 1 else 0 end as reopens,
       case when unanswered then 0 else 1 + place(i, 18, 3) end as replies,
       complaint > draw(i, 19) or unanswered as is_complaint,
       case when team = 'logistics' then courier.courier end as courier
  from told
  join wording as subject on subject.key = concat(told.language, told.category, 'subject')
                         and subject.place = place(i, 20, 60)
  join wording as problem on problem.key = concat(told.language, told.category, 'problem')
                         and problem.place = place(i, 21, 60)
  join wording as detail on detail.key = concat(told.language, told.category, 'detail')
                         and detail.place = place(i, 22, 60)
  join wording as greeting on greeting.key = told.language || 'greeting'
                         and greeting.place = place(i, 23, 60)
  join wording as ask on ask.key = told.language || 'ask'
                         and ask.place = place(i, 24, 60)
  join wording as closing on closing.key = told.language || 'closing'
                         and closing.place = place(i, 25, 60)
  join wording as personal on personal.key = told.language || 'personal'
                         and personal.place = place(i, 26, 60)
  join product on product.place = place(i, 27, 60)
  join courier on courier.place = place(i, 28, 60)
"""

ORDERS = """
with drawn as (
    select i, moment(i, $rows) as ordered, least(place(i, 41, $people), place(i, 42, $people)) as person,
           place(i, 3, 60) as product_place, draw(i, 4) as status_draw
      from range($rows) as row_number(i)
)
select 100001 + i as order_id,
       iso(ordered) as ordered_at,
       email(person, name) as customer_id,
       price as amount,
       'EUR' as currency,
       case when status_draw < 0.05 then price else 0 end as refunded,
       case when status_draw < 0.05 then 'refunded'
            when status_draw < 0.07 then 'cancelled'
            else 'completed' end as status,
       country,
       ['phone', 'app', 'app', 'app', 'web', 'web', 'web', 'web', 'web', 'web'][1 + place(i, 5, 10)] as channel,
       ['card', 'card', 'card', 'paypal', 'sepa'][1 + place(i, 6, 5)] as payment_method,
       product.product,
       product.plan
  from drawn
  join country on country.place = person % 100
  join product on product.place = product_place
"""

SURVEYS = """
with drawn as (
    select i, moment(i, $rows) as invited, place(i, 43, $people) as person, place(i, 2, 60) as kind_place,
           place(i, 3, 60) as score_place, place(i, 4, 100) as channel_place, place(i, 5, 60) as agent_place,
           draw(i, 6) as answered_draw
      from range($rows) as row_number(i)
)
select kind.kind,
       case when answered then score.score end as score,
       case when answered then iso(invited + to_seconds(lognormal(i, 7, 14400, 1.3)::bigint)) end as responded_at,
       kind.low as scale_min,
       kind.high as scale_max,
       null as item,
       null as weight,
       case when answered and place(i, 9, 8) = 0 then comment.text end as comment,
       email(person, name) as customer_id,
       case when kind.kind = 'csat' then 'T' || (20001 + i) end as ticket_id,
       case when kind.kind = 'csat' then channel.channel end as channel,
       country.country,
       case when kind.kind = 'csat' then agent.agent end as agent,
       iso(invited) as invited_at
  from (select *, answered_draw < $answered as answered from drawn) as drawn
  join country on country.place = person % 100
  join kind on kind.place = kind_place
  join score on score.kind = kind.kind and score.place = score_place
  join channel on channel.place = channel_place
  join agent on agent.language = country.language and agent.place = agent_place
  join wording as comment on comment.key = country.language || 'comment'
                         and comment.place = place(i, 10, 60)
"""

EVENTS = """
with visitor as (
    select i, moment(least(i, $visits), $visits) as started, place(i, 44, $people) as person
      from range($enough) as row_number(i)
),
visit as (
    select visitor.*, country.country, country.name,
           case when draw(i, 2) > 0.72 then 1
                when draw(i, 3) > 0.8 then 2
                when draw(i, 4) > case when country.country = 'DE' then 0.69 else 0.81 end then 3
                else 4 end as depth
      from visitor
      join country on country.place = person % 100
),
step as (
    select *, unnest(range(depth)) as number from visit
)
select email(person, name) as user_id,
       iso(started + to_seconds(number * (60 + place(i, 5, 600)))) as occurred_at,
       ['visit', 'cart', 'payment', 'paid'][number + 1] as step,
       country,
       case when draw(i, 6) < 0.55 then 'mobile' else 'desktop' end as device,
       case when number >= 2 then ['card', 'card', 'card', 'paypal', 'sepa'][1 + place(i, 7, 5)] end as payment_method,
       ['annual', 'annual', 'monthly', null][1 + place(i, 8, 4)] as plan
  from step
 limit $rows
"""

QUERIES = {"tickets": TICKETS, "orders": ORDERS, "surveys": SURVEYS, "events": EVENTS}
