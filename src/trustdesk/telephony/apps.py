from django.apps import AppConfig


class TelephonyConfig(AppConfig):
    name = "trustdesk.telephony"
    label = "telephony"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.kernel import registries  # noqa: PLC0415
        from trustdesk.telephony.privacy import DECLARATION  # noqa: PLC0415
        from trustdesk.telephony.services.telling import tell  # noqa: PLC0415

        registries.privacy.register("telephony", DECLARATION)
        registries.announced.register("telephony.serial", tell)
