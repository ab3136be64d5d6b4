"""What is compared of two cards, and what each likeness is worth.

`features` makes of a card what can be compared; `model` says in levels what likeness of it is worth; `conditions` lets
each level be asked in SQL (of a whole register, by `engine`) and in Python (of a few, by `scoring`); `blocks` says who
is compared with whom.
"""
