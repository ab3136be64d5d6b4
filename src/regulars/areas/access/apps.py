from django.apps import AppConfig

from regulars.kernel import registries


class AccessConfig(AppConfig):
    name = "regulars.areas.access"
    label = "access"

    def ready(self) -> None:
        registries.gather(self.name)
