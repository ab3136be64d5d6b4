"""One module per command, found by itself: `NAME`, `HELP`, `add_arguments(parser)`, `run(args) -> int`.

A command of two words (`keys rotate`) makes its own sub-parsers in `add_arguments`. `run` gets `args.json`, prints
its result with `regulars.interfaces.cli.output` and returns 0 (done) or 1 (problems found). It raises `Refused`
where a deed is refused; `main` prints the message on standard error and ends with 1. Import Django's models inside
`run`, not at the top: the parser is built before Django is set up. `DJANGO = False` for a command that sets the
scene itself (`serve`, `demo`), `DATABASE = False` for one that must work where the database does not (`keys`); for all
others the database is there, made or brought to this version.
"""
