from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "trustdesk.vault"
