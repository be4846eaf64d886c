from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "trustdesk.retention"
    label = "retention"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.kernel import registries  # noqa: PLC0415 - models exist only now
        from trustdesk.kernel.ageing import ageing  # noqa: PLC0415
        from trustdesk.retention.idle import KIND, IdleCustomers  # noqa: PLC0415
        from trustdesk.retention.privacy import DECLARATION  # noqa: PLC0415

        registries.privacy.register("retention", DECLARATION)
        ageing.register(KIND, IdleCustomers())
