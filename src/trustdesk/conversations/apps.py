from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "trustdesk.conversations"
    label = "conversations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.conversations.dealings import last_spoken_with  # noqa: PLC0415 - models exist only now
        from trustdesk.conversations.privacy import DECLARATION  # noqa: PLC0415
        from trustdesk.kernel import registries  # noqa: PLC0415
        from trustdesk.kernel.ageing import dealings  # noqa: PLC0415

        registries.privacy.register("conversations", DECLARATION)
        dealings.register("conversations", last_spoken_with)
