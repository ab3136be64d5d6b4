"""What a history calls the lists of this room. Which facts there are to ask for, the rooms below say."""

from regulars.areas.segments.queries.lists import names_of_lists
from regulars.kernel.registries import Fact

FACTS: list[Fact] = []
NAMING = {"segments.FixedList": names_of_lists}
