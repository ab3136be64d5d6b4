"""Health: says so before it hurts.

Every room declares what can be looked at (`checks.py`); this one adds the machine, the disk, the database, background
work and mail, has everything looked at by the clock, and tells it: on the page *Health*, on *Today* where something is
wrong, by `regulars doctor` (also when the database is broken), through the API, as Prometheus metrics, and in one mail
to the owners, not ten. It mends nothing by itself, refuses nothing, and tells nothing of customers. Its own craft is
`machine/`: what Linux, macOS and Windows say about themselves.
"""
