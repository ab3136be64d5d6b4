"""What the house is: its name, country, currency, time zone, languages, hours, and the days by which it counts.

Words: a *setting* is one declared thing the owner may choose (`models.SETTINGS`: label, kind, default, help); the
*house* is all of them together as they stand, or stood at a moment (`queries.house`).

This room refuses a setting nobody declared and a value that is not of its kind. Every change is kept (decision 9), so
that last year's report counts with last year's days. Its own craft is `countries/`: what is usual in a country.
"""
