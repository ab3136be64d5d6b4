"""What was done: every deed, kept for ever, provable, and taken back on request.

Words: a *changeset* is one deed; a *link* is one transaction of it, the links make the chain; a *payload* is what a
link did to one customer, frozen; a *twin* (`…_past`) keeps each earlier version of a row; a *head* is a signed
statement, kept outside the database, of how far the chain had come.

This room refuses to rewrite a payload (it is blanked when somebody is forgotten), to lose a link, and to take back
unasked what others did since.
"""
