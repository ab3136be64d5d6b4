"""Questions about cards that were brought together."""
