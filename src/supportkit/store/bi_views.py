"""Stable views for BI tools, in the schema `bi`: plain columns, durations in seconds, UTC times; never renamed."""

from __future__ import annotations

from typing import Final

VIEWS: Final = """
create schema if not exists bi;
create or replace view bi.tickets as
select source, ticket_id, created_at, cast(date_trunc('week', created_at) as date) as created_week, customer_id,
       channel, status, priority, category, country, language, product, agent, team, is_complaint,
       coalesce(answer.replied_at, case when answer.ticket_id is null then first_reply_at end) as first_reply_at,
       coalesce(solved_at, closed_at) as resolved_at,
       date_diff('second', created_at,
                 coalesce(answer.replied_at, case when answer.ticket_id is null then first_reply_at end))
       as first_reply_s,
       date_diff('second', created_at, coalesce(solved_at, closed_at)) as resolution_s,
       reopens
  from main.tickets
  left join (select source, ticket_id, min(sent_at) filter (where sender = 'agent' and public) as replied_at
               from main.messages group by source, ticket_id) as answer using (source, ticket_id);
create or replace view bi.orders as
select source, order_id, ordered_at, cast(date_trunc('month', ordered_at) as date) as ordered_month, customer_id,
       amount, coalesce(refunded, 0) as refunded, amount - coalesce(refunded, 0) as net_amount, currency, status,
       country, channel, payment_method, product
  from main.orders;
create or replace view bi.answers as
select source, kind, score, scale_min, scale_max, responded_at, invited_at, customer_id, ticket_id, channel, country,
       agent,
       case when kind = 'nps' and score between 9 and 10 then 'promoter'
            when kind = 'nps' and score between 0 and 6 then 'detractor'
            when kind = 'nps' and score between 0 and 10 then 'passive' end as nps_group
  from main.surveys
 where score is not null and superseded_at is null;
create or replace view bi.events as
select source, user_id, occurred_at, cast(date_trunc('week', occurred_at) as date) as occurred_week, step, country,
       device, payment_method, plan, session_id
  from main.events;
"""
