"""The door: passwords and their rules, secrets, sessions, the throttle, and the middleware that says who asks.

Nothing here is a deed of the journal: what passes by the door (a sign-in, a failed try) is in no history.
"""
