"""Address books (vCard 2.1, 3.0 and 4.0) as the same rows of text that a table gives: a row is a card.

Lexed by our own few rules (docs/decisions/0025): a broken line costs that line, a broken card that card, and a line of
100 MB no memory. What a property means is said in `exporters.toml`, as for every known export.
"""

from regulars.areas.intake.readers.vcards.book import cells_by_column, looked_through, records

__all__ = ["cells_by_column", "looked_through", "records"]
