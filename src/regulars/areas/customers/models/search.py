"""What search as you type looks in. All of it is worked out from cards (`customers.card.keys`) and can be made anew."""

from django.db import models

from regulars.kernel.databases import KeyField


class SearchText(models.Model):
    """What one customer is found by, folded, in five lines: names, e-mail addresses, phones, towns, references.

    A line is empty, or each of its words has a blank before and behind it, so that where a word begins and ends can be
    asked for. Names stand there in every form of their spelling. Merged cards have none.
    """

    number = models.BigIntegerField(primary_key=True)
    text = models.TextField()

    def __str__(self) -> str:
        return str(self.number)


class SearchWord(models.Model):
    """A word that stands in somebody's name, and in how many cards. Gone when the last of them is.

    `plain` is its spelling; `head` and `tail` are its halves. A word with one error has one of them whole, so that two
    look-ups find every word that is one error away.
    """

    word = KeyField(primary_key=True)
    plain = KeyField()
    head = KeyField()
    tail = KeyField()
    count = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["head"], name="searchword_head"),
            models.Index(fields=["tail"], name="searchword_tail"),
        ]

    def __str__(self) -> str:
        return str(self.word)
