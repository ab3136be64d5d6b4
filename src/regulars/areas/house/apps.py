from django.apps import AppConfig

from regulars.kernel import registries


class HouseConfig(AppConfig):
    name = "regulars.areas.house"
    label = "house"

    def ready(self) -> None:
        registries.gather(self.name)
