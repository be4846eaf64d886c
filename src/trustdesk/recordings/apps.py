from django.apps import AppConfig


class RecordingsConfig(AppConfig):
    name = "trustdesk.recordings"
    label = "recordings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.kernel import registries  # noqa: PLC0415 - models exist only now
        from trustdesk.recordings import places  # noqa: PLC0415
        from trustdesk.recordings.privacy import DECLARATION  # noqa: PLC0415
        from trustdesk.recordings.watching import RecordingsFollow, RecordingsHeld  # noqa: PLC0415

        registries.privacy.register("recordings", DECLARATION)
        registries.conversations.register("recordings", RecordingsFollow())
        registries.holds.register("recordings", RecordingsHeld())
        registries.stores.register("recordings.files", places.home)
