from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "trustdesk.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.kernel import registries  # noqa: PLC0415  # models exist only now
        from trustdesk.register.privacy import DECLARATION  # noqa: PLC0415

        registries.privacy.register("register", DECLARATION)
