from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "trustdesk.desk"
    label = "desk"

    def ready(self) -> None:
        from trustdesk.desk.copied import copied_words  # noqa: PLC0415 - models exist only now

        copied_words()
