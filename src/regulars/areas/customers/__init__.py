"""Who: people and organisations, what they are called, how they are reached, who belongs to whom.

Words: a *customer* is a person or an organisation; the *card* is what is kept about one; a *contact point* is an
e-mail address or phone; a *standing* is a state given to the card (archived, deceased, do not contact) with its day;
a *prospect* is not a customer yet and apart in every count.

This room refuses a card by which nobody could be recognised, two equal contact points on one card, a referral that
turns in a circle, and an edit made on an old view.
"""
