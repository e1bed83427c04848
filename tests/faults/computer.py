"""A computer whose disk has faults: processes of the product on SQLite over a `platter`."""

import shutil
from pathlib import Path
from typing import Any

from django.db import connection

from tests.hold.kit import Stage


class Computer:
    """The files that its processes see, and what lies on the platter."""

    def __init__(self, folder: Path) -> None:
        self.files, self.platter = folder / "files", folder / "platter"
        self.files.mkdir()
        self.database = self.files / "loop28.sqlite3"
        self.stage = Stage("tests.faults.stage", f"sqlite:///{self.database}")

    def install(self) -> None:
        """What the test wrote into its own database becomes this computer's."""
        shutil.rmtree(self.files)
        self.files.mkdir()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(self.database)])
        self.rest()

    def rest(self) -> None:
        """In a calm hour everything is synced by itself."""
        shutil.rmtree(self.platter, ignore_errors=True)
        shutil.copytree(self.files, self.platter)

    def boot(self) -> None:
        """After a power cut there is what was on the platter."""
        shutil.rmtree(self.files)
        shutil.copytree(self.platter, self.files)

    def use(self, deeds: list[Any], **faults: Any) -> list[Any]:
        """What a process answers before the power is cut, at the latest when it is done."""
        faults = {"seed": 0, "cut_at": 0, "sync": True} | faults
        self.stage.begin("use", deeds=deeds, platter=str(self.platter), **faults)
        return [answer for _, answer in self.stage.rest()]

    def look_back(self, deeds: list[Any]) -> tuple[list[Any], list[str]]:
        """What is answered to what was acknowledged, asked again; and what is wrong."""
        self.stage.begin("look_back", deeds=deeds)
        answers, wrong = next(iter(self.stage.rest()), [[], ["nothing can be read"]])
        return answers, wrong
