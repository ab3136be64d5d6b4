"""Brings together: finds which cards are of one person, and makes two cards one, and two again at any time later.

Words: a *pair* is two customers who may be one; its *score* the probability that they are; its *verdict* same, likely
or possible; its *reasons* what speaks for it and what against, each with its weight in bits. The *keeper* is the card
that stays; the *absorbed* one was merged into it, and its number leads to the keeper.

The room's own craft is `comparing`: what is compared of a card and what each likeness is worth. The foreign library
that compares a whole register (Splink on DuckDB) is known to `engine` alone.

Refuses to find a person twice in two who share a home, a telephone or a name (twins, father and son, spouses,
colleagues); to merge a card into itself, a person into an organisation, or cards that are archived or merged already.
"""
