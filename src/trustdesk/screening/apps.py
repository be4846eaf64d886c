from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "trustdesk.screening"
    label = "screening"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.kernel import registries  # noqa: PLC0415 - models exist only now
        from trustdesk.screening.engines import folders  # noqa: PLC0415
        from trustdesk.screening.privacy import DECLARATION  # noqa: PLC0415

        registries.privacy.register("screening", DECLARATION)
        registries.stores.register("screening.snapshots", folders.home)
