"""The expected "no". Everything else that goes wrong is a bug and is answered with 500."""

import re
from typing import Any, ClassVar

from django.utils.functional import Promise


class Refusal(Exception):  # noqa: N818 - a refusal is no error
    """Base of every refusal: coded, translated, naming the field and what to do.

    A subclass sets ``message`` (a lazy translation, may hold ``%(name)s`` places filled from the
    keyword arguments) and, where 409 is not right, ``status``. Its code is its name in kebab-case.
    """

    code: ClassVar[str] = "refusal"
    message: ClassVar[str | Promise] = ""
    status: ClassVar[int] = 409

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    def __init__(self, *, field: str = "", **details: Any) -> None:
        super().__init__(field, details)
        self.field = field
        self.details = details

    def __str__(self) -> str:
        return str(self.message) % self.details if self.details else str(self.message)
