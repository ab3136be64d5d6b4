"""Search as you type: whoever fits what was typed, best first.

Three steps. `asking` reads what was typed: words with their spellings, digits of a phone, a number. `pools` fetches a
few hundred possible customers by the keys of `customers.card.keys`, from the surest question to the widest, and stops
when it has enough. `fitting` judges each by her text and puts them in order.
"""

from regulars.areas.customers.card.keys import MARK
from regulars.areas.customers.queries.searching.asking import Asked, read
from regulars.areas.customers.queries.searching.found import Found, Hit, called_so, search

__all__ = ["MARK", "Asked", "Found", "Hit", "called_so", "read", "search"]
