from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "regulars.interfaces.web"
    label = "web"
