"""Lives the company from its founding to a given moment."""

from datetime import date, datetime
from pathlib import Path
from random import Random

from loop28.kernel import chance as luck
from loop28.rehearsal.company import office, timetable
from loop28.rehearsal.stage import Stage, Watch
from loop28.rehearsal.world import World


def live(world: World, folder: Path, today: date, until: datetime, seed: int, watch: Watch) -> int:
    """Live the timetable until a moment of ``today``; the number of the line that is whole.

    Weekly playbooks are looked for in ``folder``. Leaves the clock at ``until``: give it back with
    ``clock.move_to(None)``.
    """
    luck.seed(seed)
    stage = Stage(world, Random(seed))  # noqa: S311
    company = office.found(stage, today, folder)
    for script in timetable.scripts(company, until):
        stage.enter(script)
    stage.play(until, watch)
    luck.seed(None)
    whole = timetable.WHOLE
    return company.casts[whole.region, whole.starts].line.pk
