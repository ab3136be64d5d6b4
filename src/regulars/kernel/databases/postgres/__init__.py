"""Django's PostgreSQL engine with the few settings the house relies on."""
