"""Which customers: the criteria language, the lists it gives, and the segments that keep a criterion under a name.

Words: a *criterion* is one question of the customers, in text, JSON or on screen; its *tree* is what was written, its
*meaning* what that asks of the declared facts; a *segment* is a criterion saved under a name, live: who is in it is
worked out whenever it is asked. The shelf `language/` is this room's craft: grammar, checking, SQL, sentence.

This room knows no room's tables: it asks the facts they declare (`kernel.registries`). It refuses a fact, parameter,
choice or segment that is not there, a sealed fact to who may not see it, and a segment that contains itself.
"""
