from django.apps import AppConfig


class UpdatesConfig(AppConfig):
    name = "trustdesk.updates"
    label = "updates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.kernel import registries  # noqa: PLC0415 - models exist only now
        from trustdesk.updates.privacy import DECLARATION  # noqa: PLC0415
        from trustdesk.updates.services.ordering import Secrecy  # noqa: PLC0415
        from trustdesk.updates.services.profiles import ProfileWatch  # noqa: PLC0415

        registries.privacy.register("updates", DECLARATION)
        registries.secrecy.register(Secrecy.name, Secrecy())
        registries.identities.register(ProfileWatch.name, ProfileWatch())
