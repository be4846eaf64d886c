from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "trustdesk.governance"
    label = "governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.governance.privacy import DECLARATION  # noqa: PLC0415 - models exist only now
        from trustdesk.governance.registering import Breaches  # noqa: PLC0415
        from trustdesk.kernel import registries  # noqa: PLC0415

        registries.privacy.register("governance", DECLARATION)
        registries.breaches.register("governance", Breaches())
