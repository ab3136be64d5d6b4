"""Lists of purchases: one row a line of an order, or one row an order. Pure functions, as all readers.

A *line* is what one row says was bought; lines of one number are one purchase, in whatever order they stand in the
file. A number that begins with C and a digit is a cancellation: its lines give back what was bought before.

Refuses: a row without a day, an amount that is no number, an order that was cancelled before it became a purchase.
"""
