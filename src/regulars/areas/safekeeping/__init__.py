"""Safekeeping: versions of the whole house, and whether it can be written.

A version is one copy with a slip beside it that says when, why, by whom, how large, what it holds, and what a process
of its own found when it opened it. Which stay is one rule of time (`keeping.ladder`); none goes before a newer one is
proved. Versions are enciphered as the house is; the customers' own keys are in none of them (decision 6), but the
second place holds one copy of those, replaced each time. What cannot be made stops nobody, and is said.
"""
