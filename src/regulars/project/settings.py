"""Settings of the one Django project. Everything an operator may choose comes from `REGULARS_…` (docs/operating)."""
