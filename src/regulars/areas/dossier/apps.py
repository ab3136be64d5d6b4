from django.apps import AppConfig

from regulars.kernel import registries


class DossierConfig(AppConfig):
    name = "regulars.areas.dossier"
    label = "dossier"

    def ready(self) -> None:
        registries.gather(self.name)
