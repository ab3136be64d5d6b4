"""The command line: each command is one module in `commands/`, each calls the same deeds as page and API."""
