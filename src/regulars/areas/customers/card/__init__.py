"""The craft of the card: from the customer's JSON to clean rows, and from rows to the customer's JSON."""
