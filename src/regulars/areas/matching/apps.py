from django.apps import AppConfig

from regulars.kernel import registries


class MatchingConfig(AppConfig):
    name = "regulars.areas.matching"
    label = "matching"

    def ready(self) -> None:
        registries.gather(self.name)
