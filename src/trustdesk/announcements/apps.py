from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    name = "trustdesk.announcements"
    label = "announcements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.announcements.privacy import DECLARATION  # noqa: PLC0415
        from trustdesk.kernel import registries  # noqa: PLC0415

        registries.privacy.register("announcements", DECLARATION)
