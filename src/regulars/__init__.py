"""Regulars: a self-hosted customer register that turns customers into regulars."""
