"""What customers bought: products, places, purchases with their lines, returns, and what it comes to.

Words: a *purchase* is one document (a receipt, an order) with *lines*; a *return* is a line that takes back another
line, a *refund* money given back without goods, a *donation* money given without goods. What it is *worth* is an amount
in the house's currency, at the rate kept with the purchase. A *rollup* is what the lines of one customer come to, kept
beside them in the same transaction.

An *agreement* is what somebody has agreed to pay every so often or once: a *subscription* over goods or a *pledge* to
give; what came of it is worked out from the lines. A *giving receipt* says what was given in a year.

This room refuses to take back more than was bought, and to keep the same number of the same source twice.
"""
