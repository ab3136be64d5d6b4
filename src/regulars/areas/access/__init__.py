"""Who may: the people who work here, their roles, how they come in, and the tokens of their programs.

Words: a *user* is somebody with an account; a *role* gives rights (`models.RIGHTS_OF`); a *session* is one browser
that signed in; a *token* lets a program act with some of its owner's rights; a *one-time link* lets somebody in once
(first start, invitation, forgotten password, demo).

This room refuses a second use of a link, a house without an owner, a token that may more than its owner, and guessing
without a pause. Secrets never stand in the journal (decision 34). Its own craft is
`door/`: passwords, sessions, throttle.
"""
