from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "trustdesk.rights"
    label = "rights"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from trustdesk.erasure.api import steps  # noqa: PLC0415 - models exist only now
        from trustdesk.kernel import registries  # noqa: PLC0415
        from trustdesk.rights.contracts import Kind  # noqa: PLC0415
        from trustdesk.rights.fulfilment import fulfilments  # noqa: PLC0415
        from trustdesk.rights.privacy import DECLARATION  # noqa: PLC0415
        from trustdesk.rights.services.copying import COPY  # noqa: PLC0415
        from trustdesk.rights.services.erasing import ERASURE, Erased, ToldFirst  # noqa: PLC0415
        from trustdesk.rights.services.fulfilling import OWN  # noqa: PLC0415
        from trustdesk.rights.watching import ValuesChange  # noqa: PLC0415

        registries.privacy.register("rights", DECLARATION)
        registries.corrections.register("rights", ValuesChange())
        registries.erased.register("rights", Erased())
        steps.register(ToldFirst.name, ToldFirst())
        own = {**OWN, Kind.ERASURE: ERASURE, Kind.ACCESS: COPY, Kind.PORTABILITY: COPY}
        for kind, means in own.items():
            fulfilments.register(kind, means)
