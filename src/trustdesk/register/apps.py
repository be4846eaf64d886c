from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "trustdesk.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.kernel import registries  # noqa: PLC0415  # models exist only now
        from trustdesk.kernel.ageing import ageing  # noqa: PLC0415
        from trustdesk.register.ageing import FormerValues, KeptByLaw, Notes  # noqa: PLC0415
        from trustdesk.register.privacy import DECLARATION  # noqa: PLC0415

        registries.privacy.register("register", DECLARATION)
        ageing.register("register.former", FormerValues())
        ageing.register("register.kept", KeptByLaw())
        ageing.register("register.note", Notes())
