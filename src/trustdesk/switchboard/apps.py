from django.apps import AppConfig


class SwitchboardConfig(AppConfig):
    name = "trustdesk.switchboard"
    label = "switchboard"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.kernel import registries  # noqa: PLC0415 - models exist only now
        from trustdesk.switchboard.privacy import DECLARATION  # noqa: PLC0415

        registries.privacy.register("switchboard", DECLARATION)
