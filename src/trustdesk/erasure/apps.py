from django.apps import AppConfig


class ErasureConfig(AppConfig):
    name = "trustdesk.erasure"
    label = "erasure"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.erasure.book import folder  # noqa: PLC0415 - models exist only now
        from trustdesk.erasure.gate import LedgerGate  # noqa: PLC0415
        from trustdesk.erasure.privacy import DECLARATION  # noqa: PLC0415
        from trustdesk.erasure.services.doing import STEPS  # noqa: PLC0415
        from trustdesk.erasure.steps import steps  # noqa: PLC0415
        from trustdesk.erasure.watching import BasesFall  # noqa: PLC0415
        from trustdesk.kernel import registries  # noqa: PLC0415

        registries.privacy.register("erasure", DECLARATION)
        registries.admission.register(LedgerGate.name, LedgerGate())
        registries.farewells.register("erasure", BasesFall())
        registries.stores.register("erasure.ledger", folder)
        for step in STEPS:
            steps.register(step.name, step)
