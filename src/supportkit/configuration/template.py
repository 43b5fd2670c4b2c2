"""What `supportkit init` writes: every section, with an example, commented out."""

from __future__ import annotations

from typing import Final

TEMPLATE: Final = """\
# supportkit.toml: found in the working directory or above it. Every line is optional.

[data]
# db = "supportkit.duckdb"        # the store; also --db and SUPPORTKIT_DB
# time_zone = "Europe/Berlin"     # days and weeks are cut here
# currency = "EUR"                # of amounts without one
# privacy = "mask"                # or "keep": personal data in texts stays as it is
# keep = ["Name"]                 # columns of names and addresses that are loaded all the same

# [columns.tickets]               # our column = their header
# ticket_id = "Ticket No"
# created_at = "Opened"

# [read.mydesk]                   # how the files of a source are written, where it is not found out
# encoding = "cp1250"
# header = 3

# [values.orders.status]          # what the words of an export mean
# storniert = "cancelled"

# [orders]                        # the states that are revenue
# count = ["sale", "partly refunded"]
# complete_from = 2026-01-01      # whoever first ordered before is perhaps an older customer

# [sla.email]                     # targets per channel
# first_reply = "4h"
# resolution = "3d"
# pause = ["pending"]             # states in which the clock of the resolution stands
# [sla.urgent]                    # of a name of your own: for tickets that have these
# priority = "urgent"
# first_reply = "30m"

# [calendar]                      # working hours; [calendar.chat] for a channel, a team or a country
# hours = "Mon-Fri 09:00-18:00"
# country = "DE-BY"               # its holidays
# closed = ["2026-12-24..2026-12-31"]

# [links]                         # where an id leads, in pages, workbooks and terminals
# ticket = "https://desk.example/tickets/{id}"

# [output]
# language = "ru"                 # of what people read; also --lang and SUPPORTKIT_LANG

# [funnel]
# steps = ["visit", "cart", "payment", "paid"]
# window = "7d"

# [touchpoint.invoice]            # where customers meet the company, for touchpoints
# owner = "Accounting"
# tickets = "category=invoice"    # and step, moment (first or last contact), score = "csi[item=price]"

# [metrics.nps]                   # any option of a metric
# over = "month"

# [checks]
# period = "last-week"            # what rules judge

# [[target]]                      # what a figure should be: for rules, lights and pictures
# metric = "nps"
# value = 35
# from = 2026-07-01

# [[event]]                       # a line in pictures over time
# at = 2026-10-12
# text = "new checkout"
# where = "country=DE"

# [[check]]
# expect = "nps >= target min 30"
# period = "last-3-months"
"""
