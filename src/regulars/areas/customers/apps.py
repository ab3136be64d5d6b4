from django.apps import AppConfig

from regulars.kernel import registries


class CustomersConfig(AppConfig):
    name = "regulars.areas.customers"
    label = "customers"

    def ready(self) -> None:
        registries.gather(self.name)
