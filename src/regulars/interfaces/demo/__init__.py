"""A small town's bookshop and its customers, all of them invented: what `regulars demo` shows.

The same customers for the same number and day. No number of theirs rings anywhere and no address of theirs takes mail:
phones come from the ranges that the British and the German regulator keep free for films and plays, e-mail addresses
lie under the domains reserved for examples (RFC 2606), the town's postcodes are given to no town.
"""
