from django.apps import AppConfig


class MandatesConfig(AppConfig):
    name = "trustdesk.mandates"
    label = "mandates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.mandates import privacy  # noqa: PLC0415  # registered once, when Django is ready

        privacy.declare()
