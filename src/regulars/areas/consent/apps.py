from django.apps import AppConfig

from regulars.kernel import registries


class ConsentConfig(AppConfig):
    name = "regulars.areas.consent"
    label = "consent"

    def ready(self) -> None:
        registries.gather(self.name)
