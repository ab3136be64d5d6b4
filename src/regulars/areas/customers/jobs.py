"""In the background: the search keys filled in where they are due (after a long first list; after a kill in the night),
the order of all when the house's alphabet changed, and what is destroyed once a customer was forgotten."""

from regulars.areas.customers import actions
from regulars.areas.customers.actions.forgetting import let_go
from regulars.areas.customers.queries import searching
from regulars.kernel import jobs
from regulars.kernel.models import Mark

_DAY = 86_400


@jobs.job(attempts=3)
def fill_search_keys() -> int:
    """How many customers got theirs."""
    return actions.fill_search_keys(lambda done: jobs.progress(done=done))


@jobs.every(60, "search keys")
def look_whether_search_keys_are_due() -> None:
    actions.fill_search_keys_soon()


@jobs.every(_DAY, "search keys at rest", hour=2)
def wake_search_keys() -> None:
    Mark.objects.filter(name=searching.MARK).update(value="due")  # whatever a kill has left it at
    actions.fill_search_keys_soon()


@jobs.job(attempts=3)
def sort_customers() -> int:
    """How many stand in another place of the alphabet now."""
    return actions.sort_anew()


@jobs.every(60, "alphabet")
def look_whether_the_alphabet_changed() -> None:
    if actions.order_is_due():
        jobs.enqueue(sort_customers, key="alphabet")


@jobs.job(attempts=20)
def let_go_of_forgotten(numbers: list[int], files: dict[str, list[str]]) -> int:
    """Destroys the files that only these had, and the keys of their sealed values. Goes on after a kill."""
    let_go(numbers, files)
    return len(numbers)
