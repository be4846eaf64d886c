from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "trustdesk.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.delivery.ageing import Calls, Messages  # noqa: PLC0415 - models exist only now
        from trustdesk.delivery.privacy import DECLARATION  # noqa: PLC0415
        from trustdesk.kernel import registries  # noqa: PLC0415
        from trustdesk.kernel.ageing import ageing  # noqa: PLC0415

        registries.privacy.register("delivery", DECLARATION)
        ageing.register("delivery.call", Calls())
        ageing.register("delivery.message", Messages())
