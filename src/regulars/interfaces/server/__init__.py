"""`serve`: one supervisor, the web processes (granian, WSGI), one backroom (jobs, clock, signed heads, nightly copy).

They are joined by a socket in the home, over which the web knocks when there is work. The supervisor starts, watches,
restarts and ends the others by their process ids; whoever loses the supervisor ends by itself.
"""
