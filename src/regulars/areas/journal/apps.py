from django.apps import AppConfig

from regulars.kernel import registries


class JournalConfig(AppConfig):
    name = "regulars.areas.journal"
    label = "journal"

    def ready(self) -> None:
        registries.gather(self.name)
