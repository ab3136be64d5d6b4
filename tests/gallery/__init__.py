"""Pages with every component on them, for tests and for looking: `python -m tests.gallery` serves them."""
