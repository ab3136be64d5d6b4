"""`regulars work`: one more background worker, beside the backroom of `serve`. Ends with Ctrl+C or SIGTERM."""

import argparse

NAME = "work"
HELP = "run one more background worker"
DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--threads", type=int, default=1, choices=range(1, 17), metavar="N", help="jobs at a time")


def run(args: argparse.Namespace) -> int:
    from regulars.interfaces.server import backroom

    return backroom.main(threads=args.threads, with_clock=False)
