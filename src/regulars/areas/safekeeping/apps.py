from django.apps import AppConfig

from regulars.kernel import milestones, registries


class SafekeepingConfig(AppConfig):
    name = "regulars.areas.safekeeping"
    label = "safekeeping"

    def ready(self) -> None:
        registries.gather(self.name)
        if _milestone not in milestones.TOLD:
            milestones.TOLD.append(_milestone)


def _milestone(why: str, over: bool) -> None:
    """Its module is loaded when a long deed comes, not at each start."""
    from regulars.areas.safekeeping import jobs

    jobs.milestone(why, over)
