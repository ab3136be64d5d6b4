from django.apps import AppConfig

from regulars.kernel import registries


class ApiConfig(AppConfig):
    name = "regulars.interfaces.api"
    label = "api"

    def ready(self) -> None:
        registries.gather(self.name)
