from django.apps import AppConfig

from regulars.kernel import registries


class IntakeConfig(AppConfig):
    name = "regulars.areas.intake"
    label = "intake"

    def ready(self) -> None:
        registries.gather(self.name)
