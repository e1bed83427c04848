"""The commands of an installation: start it, let people and machines in, check the books."""

import sys
from typing import Any

import click
from django.db import OperationalError, ProgrammingError
from django.utils import translation

from loop28.back.finance import actions as finance
from loop28.back.people import actions as people
from loop28.back.people import queries as staff_queries
from loop28.back.people.models import StaffRole
from loop28.back.people.refusals import UnknownRegion, UnknownStaff
from loop28.doors.cli import serving
from loop28.doors.cli.backup import backup, restore
from loop28.doors.cli.doctor import doctor
from loop28.doors.cli.importing import import_
from loop28.doors.cli.playbook import playbook
from loop28.doors.cli.tables import Tables, refuse_other, tables
from loop28.doors.gate import personal_link
from loop28.front.privacy import retention
from loop28.insight import audit as books
from loop28.kernel.access import SYSTEM, Role
from loop28.kernel.refusals import Refusal
from loop28.middle.members import queries as members
from loop28.middle.members.actions import end_links
from loop28.middle.members.refusals import UnknownMember


class Commands(click.Group):
    """A group that says in plain words what is refused, and what to do without tables."""

    def invoke(self, ctx: click.Context) -> Any:
        with translation.override("en"):
            try:
                return super().invoke(ctx)
            except Refusal as no:
                raise click.ClickException(str(no)) from None
            except (OperationalError, ProgrammingError) as error:
                if why := _unusable(error):
                    raise click.ClickException(why) from None
                raise


def _unusable(error: Exception) -> str:
    """Why no command can work on this database; empty when it is fine and the command is not."""
    try:
        return tables().value
    except OperationalError:
        return f"The database cannot be reached: {error}"


@click.group(cls=Commands)
@click.version_option(package_name="loop28")
def loop28() -> None:
    """Runs 7+21 newcomer lines. `loop28 serve` starts everything and says what to do first."""


loop28.add_command(serving.serve)
loop28.add_command(serving.worker)
loop28.add_command(playbook)
loop28.add_command(doctor)
loop28.add_command(import_)
loop28.add_command(backup)
loop28.add_command(restore)


@loop28.command()
def migrate() -> None:
    """Make the tables, or bring them up to this program, all or nothing."""
    refuse_other(Tables.NONE, Tables.OLD)
    serving.make_tables()
    serving.erase_again()


@loop28.command()
def audit() -> None:
    """Recompute every balance, packet and budget; name each difference. Exit code 1 with any."""
    differences = books.differences()
    finance.note_audit(SYSTEM, len(differences))
    for difference in differences:
        click.echo(difference)
    if differences:
        sys.exit(1)
    click.echo("The books are clean.")


@loop28.command()
@click.option("--dry-run", is_flag=True, help="Say how much there is, and throw nothing away.")
def retain(dry_run: bool) -> None:
    """Throw away what is kept no longer; the worker does it every night. The books stay."""
    for kept, count in retention.sweep(SYSTEM, dry_run=dry_run):
        click.echo(f"{count:>10,}  {kept.key}: {kept.title}, older than {kept.days} days")
    click.echo("Nothing was thrown away." if dry_run else "These were thrown away.")


@loop28.group()
def staff() -> None:
    """Who may sign in to the console."""


@staff.command()
@click.argument("username")
@click.option("--name", required=True, help="As others see it.")
@click.option("--role", required=True, type=click.Choice(StaffRole.values))
@click.option("--region", help="Code of the region, for region managers: HD, HN, …")
def add(username: str, name: str, role: str, region: str | None) -> None:
    """Add a member of staff, and print the link by which they sign in for the first time."""
    user = people.add_staff(SYSTEM, username, name, Role(role), _region(region))
    click.echo(serving.sign_in_link(user))


def _region(code: str | None) -> int | None:
    if code is None:
        return None
    found = staff_queries.regions(SYSTEM).filter(code=code.upper()).first()
    if found is None:
        raise UnknownRegion
    return found.pk


@staff.command()
@click.argument("username")
def link(username: str) -> None:
    """Print a link that signs USERNAME in: once, within an hour."""
    user = staff_queries.find_staff(SYSTEM, username)
    if user is None:
        raise UnknownStaff
    click.echo(serving.sign_in_link(user))


@staff.command()
@click.argument("username")
def end(username: str) -> None:
    """Shut USERNAME out at once."""
    people.end_staff(SYSTEM, username)
    click.echo(f"{username} can no longer sign in.")


@loop28.group()
def member() -> None:
    """Members who lost their way in."""


@member.command("link")
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
def member_link(number: int) -> None:
    """Print the personal link of the member NUMBER. Whoever has it is this member."""
    if members.get(SYSTEM, number) is None:
        raise UnknownMember
    click.echo(personal_link(number))


@member.command("end-links")
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
def member_end_links(number: int) -> None:
    """Sign the member NUMBER out everywhere: no link and no phone of theirs works any more."""
    end_links(SYSTEM, number)
    click.echo(f"No older link or phone of member {number} works any more.")


@loop28.group()
def key() -> None:
    """Keys of machines that call the API."""


@key.command()
@click.argument("name")
def make(name: str) -> None:
    """Make a key for the machine NAME and print it: this once, only its digest is kept."""
    click.echo(people.make_key(SYSTEM, name))


@key.command()
@click.argument("name")
def revoke(name: str) -> None:
    """End the access of the machine NAME at once."""
    people.revoke_key(SYSTEM, name)
    click.echo(f"The key of {name} opens nothing any more.")
