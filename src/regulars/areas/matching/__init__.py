"""Brings together: two cards of one person become one, and two again, at any time later.

*keeper* the card that stays · *absorbed* the card that was merged into it; its number leads to the keeper.

Refuses to merge a card into itself, a person into an organisation, and cards that are archived or merged already.
"""
