"""The peer of the page bench: the product's own web process, with openings switched off. Nowhere but here."""

from trustdesk.cli import web


class _Silence:
    """Stands in for the journal's way of writing openings."""

    def __call__(self, *_given: object, **_named: object) -> None:
        """Nothing is written: that is the measure."""


def main() -> None:
    from trustdesk.cli.environment import ready  # noqa: PLC0415  # as the web process does, before it serves

    ready()
    from trustdesk.audit.services.journal import DatabaseJournal  # noqa: PLC0415  # after the settings

    DatabaseJournal.opening = _Silence()  # type: ignore[method-assign]
    web.main()


if __name__ == "__main__":
    main()
