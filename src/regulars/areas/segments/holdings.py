"""A segment is a question, not an answer: nothing about any one customer is kept here."""

from regulars.kernel.registries import Holding

HOLDINGS: list[Holding] = []
