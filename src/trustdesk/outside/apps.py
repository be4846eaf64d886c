from django.apps import AppConfig


class OutsideConfig(AppConfig):
    name = "trustdesk.outside"
    label = "outside"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.kernel import registries  # noqa: PLC0415
        from trustdesk.outside.privacy import DECLARATION  # noqa: PLC0415 - models exist only now

        registries.privacy.register("outside", DECLARATION)
