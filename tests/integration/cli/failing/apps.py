from django.apps import AppConfig


class FailingConfig(AppConfig):
    name = "tests.integration.cli.failing"
    label = "failing"
