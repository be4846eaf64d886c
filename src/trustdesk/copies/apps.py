from django.apps import AppConfig


class CopiesConfig(AppConfig):
    name = "trustdesk.copies"
    label = "copies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.copies import places  # noqa: PLC0415 - models exist only now
        from trustdesk.copies.privacy import DECLARATION  # noqa: PLC0415
        from trustdesk.kernel import registries  # noqa: PLC0415

        registries.privacy.register("copies", DECLARATION)
        registries.stores.register("copies.files", places.home)
