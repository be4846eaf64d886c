from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "trustdesk.audit"

    def ready(self) -> None:
        from trustdesk.audit import privacy  # noqa: PLC0415 - registers when the applications are complete

        privacy.declare()
