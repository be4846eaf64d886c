from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "trustdesk.vault"

    def ready(self) -> None:
        from trustdesk.vault import privacy  # noqa: PLC0415 - registered once, when Django is ready

        privacy.declare()
