"""`trustdesk purposes`: what a company contacts people for; listed, declared, ended."""

import click

from trustdesk.cli.companies import administering, controller_of
from trustdesk.cli.environment import existing_home, ready, running_database, say
from trustdesk.decision.contracts import PurposeKind
from trustdesk.kernel import clock


@click.group("purposes", invoke_without_command=True)
@click.option("--controller", help="The company's number or exact name; the only one where not given.")
@click.pass_context
def command(call: click.Context, controller: str | None) -> None:
    """Purposes of a company with their legal bases; without a further word they are listed."""
    home = existing_home()
    ready()
    call.with_resource(running_database(home))
    call.obj = controller_of(controller)
    if call.invoked_subcommand is None:
        _list(call.obj)


def _list(controller_id: int) -> None:
    from trustdesk.clearance.api import purposes  # noqa: PLC0415 - needs the settings

    now = clock.now()
    for purpose in purposes(administering(controller_id)):
        state = "ended" if purpose.retired_at is not None else "in force"
        if purpose.article.value.endswith("-f"):
            state += ", assessed" if purpose.assessed(now) else ", NOT ASSESSED: permits nothing"
        say(f"{purpose.code:<20}{purpose.kind.value:<17}{purpose.legal_basis:<20}{purpose.term}  ({state})")
        others = "".join(f" · {language}: {name}" for language, name in purpose.other_labels.items())
        say(f"  {purpose.label}{others}")


@command.command("declare")
@click.argument("code")
@click.option("--label", required=True, help="What people read.")
@click.option(
    "--label-in", "others", multiple=True, metavar="LANGUAGE=NAME", help="In another language: fi=Uutiskirje; several."
)
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in PurposeKind]))
@click.option("--term", required=True, help="A purpose of DPV 2.3, as in dpv:DirectMarketing.")
@click.option("--legal-basis", required=True, help="GDPR Art. 6(1) as a term, as in eu-gdpr:A6-1-a.")
@click.pass_obj
def declare(
    controller_id: int, *, code: str, label: str, others: tuple[str, ...], kind: str, term: str, legal_basis: str
) -> None:
    """Add a purpose."""
    from trustdesk.clearance.api import declare_purpose  # noqa: PLC0415 - needs the settings
    from trustdesk.clearance.contracts import NewPurpose  # noqa: PLC0415

    purpose = NewPurpose(
        code=code,
        label=label,
        other_labels=dict(other.partition("=")[::2] for other in others),
        term=term,
        kind=PurposeKind(kind),
        legal_basis=legal_basis,
    )
    declare_purpose(administering(controller_id), purpose=purpose, now=clock.now())
    say(f"declared: {code}")


@command.command("end")
@click.argument("code")
@click.pass_obj
def end(controller_id: int, code: str) -> None:
    """Nothing is permitted for it any more."""
    from trustdesk.clearance.api import retire_purpose  # noqa: PLC0415 - needs the settings

    retire_purpose(administering(controller_id), code=code, now=clock.now())
    say(f"ended: {code}")
