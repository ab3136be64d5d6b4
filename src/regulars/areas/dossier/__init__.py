"""All about one customer: her card, shown and edited in place, a new card, and the history of one.

This room keeps nothing of its own. Its shelf `face/` lays the declared facts and groups out on the card: which block
they stand in, how they are asked for and shown. A fact or group declared by any room appears here by itself.
It refuses an edit made on an old view, and shows what stands now, by whom and since when.
"""
