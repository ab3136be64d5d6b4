"""Which cards are of one person: found, explained, and remembered where somebody said they are not.

Words: a *pair* is two customers who may be one; its *score* the probability that they are; its *verdict* same, likely
or possible; its *reasons* what speaks for it and what against, each with its weight in bits.

The room's own craft is `comparing`: what is compared of a card and what each likeness is worth. The foreign library
that compares a whole register (Splink on DuckDB) is known to `engine` alone. This room refuses to find a person twice
in two who share a home, a telephone or a name: twins, father and son, spouses, colleagues.
"""
