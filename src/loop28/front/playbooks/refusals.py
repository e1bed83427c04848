"""What `playbooks` says no to."""

from django.utils.translation import gettext_lazy as _

from loop28.front.playbooks.wording import Remark
from loop28.kernel.refusals import Refusal


class PlaybookHasMistakes(Refusal):
    """A playbook with mistakes cannot be published; ``mistakes`` holds all of them."""

    message = _(
        "This playbook cannot be published yet. Mistakes found: %(count)s. The first is in line "
        "%(line)s: %(first)s"
    )
    status = 422

    def __init__(self, mistakes: list[Remark]) -> None:
        first = mistakes[0]
        super().__init__(field="source", count=len(mistakes), line=first.line, first=first.message)
        self.mistakes = mistakes


class NoSuchPlaybook(Refusal):
    """There is no published version with this number."""

    message = _("There is no such playbook version. Choose one from the list of playbooks.")
    status = 404
