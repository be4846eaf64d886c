from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "trustdesk.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.identity.privacy import DECLARATION  # noqa: PLC0415 - models exist only now
        from trustdesk.identity.services.alerting import ChangeWatch  # noqa: PLC0415
        from trustdesk.kernel import registries  # noqa: PLC0415

        registries.privacy.register("identity", DECLARATION)
        registries.points.register(ChangeWatch.name, ChangeWatch())
