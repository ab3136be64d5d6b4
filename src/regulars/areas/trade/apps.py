from django.apps import AppConfig

from regulars.kernel import registries


class TradeConfig(AppConfig):
    name = "regulars.areas.trade"
    label = "trade"

    def ready(self) -> None:
        registries.gather(self.name)
