from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "loop28.ui"
    label = "ui"
