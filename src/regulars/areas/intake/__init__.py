"""How customers come in from files: looked through, understood, corrected, tried, brought in, taken back.

Words: an *intake* is one file somebody handed over; its *original* is kept byte-exact and enciphered; a *mapping* says
which column goes where; a *trial* does everything but keep it.

This room refuses what is no list, what a guess would make dangerous, and to change anything when the same file comes
again. It never undoes a no.
"""
