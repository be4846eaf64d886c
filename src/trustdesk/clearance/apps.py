from django.apps import AppConfig


class ClearanceConfig(AppConfig):
    name = "trustdesk.clearance"
    label = "clearance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.clearance.ageing import Decisions, Proofs  # noqa: PLC0415 - models exist only now
        from trustdesk.clearance.dealings import last_act  # noqa: PLC0415
        from trustdesk.clearance.gate import SuppressionGate  # noqa: PLC0415
        from trustdesk.clearance.privacy import DECLARATION  # noqa: PLC0415
        from trustdesk.clearance.watch import TokenWatch  # noqa: PLC0415
        from trustdesk.kernel import registries  # noqa: PLC0415
        from trustdesk.kernel.ageing import ageing, dealings  # noqa: PLC0415

        registries.privacy.register("clearance", DECLARATION)
        ageing.register("clearance.decision", Decisions())
        ageing.register("clearance.proof", Proofs())
        dealings.register("clearance", last_act)
        registries.admission.register(SuppressionGate.name, SuppressionGate())
        registries.points.register(TokenWatch.name, TokenWatch())
