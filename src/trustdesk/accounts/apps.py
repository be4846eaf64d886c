from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "trustdesk.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.accounts import hooks, privacy  # noqa: PLC0415  # models exist only now

        hooks.connect()
        privacy.declare()
