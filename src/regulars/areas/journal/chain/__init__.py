"""The craft of the chain: blocks of frozen payloads, digests, signed heads, and proving that all of it still holds."""
