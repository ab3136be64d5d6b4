"""The craft of keeping: slips, the rule of which versions stay, proving a copy, the drill, other places."""
