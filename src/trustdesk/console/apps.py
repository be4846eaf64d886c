from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "trustdesk.console"
    label = "console"

    def ready(self) -> None:
        from trustdesk.console.copied import copied_words  # noqa: PLC0415 - models exist only now

        copied_words()
