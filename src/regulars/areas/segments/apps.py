from django.apps import AppConfig

from regulars.kernel import registries


class SegmentsConfig(AppConfig):
    name = "regulars.areas.segments"
    label = "segments"

    def ready(self) -> None:
        registries.gather(self.name)
