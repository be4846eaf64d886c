from django.apps import AppConfig
from django.urls import register_converter

from trustdesk.design.converters import PublicId


class DesignConfig(AppConfig):
    name = "trustdesk.design"
    label = "design"

    def ready(self) -> None:
        from trustdesk.design.copied import register_labels  # noqa: PLC0415 - models exist only now

        register_converter(PublicId, "public")
        register_labels()
