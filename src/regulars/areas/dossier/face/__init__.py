"""The face of a card: where each fact stands, how it is asked for, how it is shown."""
