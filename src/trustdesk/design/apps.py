from django.apps import AppConfig
from django.urls import register_converter

from trustdesk.design.converters import PublicId


class DesignConfig(AppConfig):
    name = "trustdesk.design"
    label = "design"

    def ready(self) -> None:
        register_converter(PublicId, "public")
