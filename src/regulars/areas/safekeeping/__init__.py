"""Safekeeping: copies of the whole house, and whether it can be written.

A version is one copy with a slip beside it that says when, why, by whom, how large, and that it was opened and checked.
The last seven are kept; an older one is deleted only after a newer one was found whole. Copies are enciphered as the
house is; the customers' own keys are in none of them (decision 6), but `backup --to` puts one copy of those at the
other place, replaced each time.
"""
