from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "trustdesk.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.intake.privacy import DECLARATION  # noqa: PLC0415 - models exist only now
        from trustdesk.kernel import registries  # noqa: PLC0415

        registries.privacy.register("intake", DECLARATION)
