"""Everything that is done to cards against a plain model of it: dictionaries, and a copy of them for each moment."""
