"""A crowd at a real `serve`: `python -m benchmarks.crowd [--seconds S]`.

Fifty who write and two hundred who read, while a list comes in and a version is made. They come one after another;
each asks anew so long after the last answer (`--pause`). Goals: 95 % of the writes within 200 ms, of the reads within
100 ms, no error.
"""

import argparse
import os

WRITES, READS = 200, 100  # milliseconds


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--seconds", type=float, default=60)
    given.add_argument("--writers", type=int, default=50)
    given.add_argument("--readers", type=int, default=200)
    given.add_argument("--pause", type=float, default=0.5, help="seconds between an answer and the next question")
    asked = given.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "regulars.project.settings"
    from tests.durability import crowd, forks, homes

    with homes.workshop() as folder:
        place = homes.built(folder / "home")
        import django

        django.setup()
        forks.done(lambda: homes.furnish(place), 600)
        writes, reads, faults = crowd.measured(
            place,
            writers=asked.writers,
            readers=asked.readers,
            seconds=asked.seconds,
            rows=2_000,
            pause=asked.pause,
        )
    for name, times, goal in (("writes", writes, WRITES), ("reads", reads, READS)):
        half, most, all_of_them = (crowd.at(times, share) for share in (0.5, 0.95, 1))
        print(f"{name}: {len(times)}, half within {half:.0f} ms, 95 % within {most:.0f} ms (goal {goal}), ", end="")
        print(f"the slowest {all_of_them:.0f} ms")
    print(f"errors: {len(faults)}", *faults[:10], sep="\n")


if __name__ == "__main__":
    main()
