from django.apps import AppConfig

from regulars.kernel import registries


class SafekeepingConfig(AppConfig):
    name = "regulars.areas.safekeeping"
    label = "safekeeping"

    def ready(self) -> None:
        registries.gather(self.name)
