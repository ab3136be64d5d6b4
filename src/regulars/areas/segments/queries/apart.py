"""Who is left out where customers are shown and counted: the archived, and those who are not customers yet."""

from collections.abc import Mapping

from regulars.areas.segments.language import Tree, parse
from regulars.areas.segments.language.tree import And, Every, Test, both, tests_in

APART = (("archived", "archived"), ("prospects", "prospect"))  # a word that lets them in, the fact that keeps them out


def hidden(asked: Mapping[str, str], tree: Tree) -> list[str]:
    """The facts that keep cards out, unless they were `asked` for or the criteria themselves speak of them."""
    named = {leaf.ask.name for leaf in tests_in(tree) if isinstance(leaf, Test)}
    return [fact for word, fact in APART if not asked.get(word) and fact not in named]


def of_the_list(asked: Mapping[str, str], tree: Tree) -> Tree:
    """Whom a list shows: customers, neither archived nor still prospects, unless it was asked for them."""
    return flat(both(tree, *(parse(f"not {fact}") for fact in hidden(asked, tree))))


def flat(tree: Tree) -> Tree:
    """`everybody and X` is X."""
    if not isinstance(tree, And):
        return tree
    parts = [part for part in tree.parts if not isinstance(part, Every)]
    return both(*parts) if parts else Every()
