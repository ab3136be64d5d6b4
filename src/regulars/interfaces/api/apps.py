from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "regulars.interfaces.api"
    label = "api"
