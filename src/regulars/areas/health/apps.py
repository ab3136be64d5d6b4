from django.apps import AppConfig

from regulars.kernel import registries


class HealthConfig(AppConfig):
    name = "regulars.areas.health"
    label = "health"

    def ready(self) -> None:
        registries.gather(self.name)
