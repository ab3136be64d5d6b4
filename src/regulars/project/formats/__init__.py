"""How a language writes dates and times, where Django's own way does not fit a house anywhere in the world."""
