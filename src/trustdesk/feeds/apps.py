from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "trustdesk.feeds"
    label = "feeds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.feeds import places  # noqa: PLC0415 - models exist only now
        from trustdesk.feeds.privacy import DECLARATION  # noqa: PLC0415
        from trustdesk.kernel import registries  # noqa: PLC0415

        registries.privacy.register("feeds", DECLARATION)
        registries.stores.register("feeds.files", places.home)
