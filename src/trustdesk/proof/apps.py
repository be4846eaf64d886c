from django.apps import AppConfig


class ProofConfig(AppConfig):
    name = "trustdesk.proof"
    label = "proof"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.erasure import api as erasure  # noqa: PLC0415 - models exist only now
        from trustdesk.kernel import registries  # noqa: PLC0415
        from trustdesk.proof.privacy import DECLARATION  # noqa: PLC0415
        from trustdesk.proof.steps import STEPS  # noqa: PLC0415

        registries.privacy.register("proof", DECLARATION)
        for step in STEPS:
            erasure.steps.register(step.name, step)
