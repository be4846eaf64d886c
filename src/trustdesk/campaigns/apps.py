from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "trustdesk.campaigns"
    label = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.campaigns.ageing import Targets  # noqa: PLC0415 - models exist only now
        from trustdesk.campaigns.keeping import Keeper  # noqa: PLC0415
        from trustdesk.campaigns.privacy import DECLARATION  # noqa: PLC0415
        from trustdesk.kernel import registries  # noqa: PLC0415
        from trustdesk.kernel.ageing import ageing  # noqa: PLC0415

        registries.privacy.register("campaigns", DECLARATION)
        ageing.register("campaigns.target", Targets())
        registries.campaigns.register(registries.KEEPER, Keeper())
