"""Power cuts, kills, rotten bits, full disks and crowds: what was confirmed stays (docs/operating/endurance.md).

A scenario (`scenarios`) says what is done, what it confirms and what must hold afterwards; every trial uses the same.
`python3 run.py endurance` runs the trials at length, the tests here at small.
"""
