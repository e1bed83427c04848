"""Sends the JSON door what its description allows, and what it forbids; nothing may be an error.

    python -m tools.ask_api [MINUTES]         in this process, on a database of its own; five

Every answer must have a status and a form that `/api/openapi.json` names. What was sent is made up
by schemathesis, each round from the next seed; the first mistake ends it with the request.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

EXAMPLES = 200


def ask(key: str, examples: int, nth: int) -> Counter[str]:
    """One round: so many requests for each door and kind of mistake; how they were answered.

    Raises what `schemathesis` raises on an answer that nobody promised.
    """
    counts: Counter[str] = Counter()
    headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
    for operation, mode in _operations():

        @seed(nth)
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def each(case: Any) -> None:
            response = case.call(headers=headers)
            counts[f"{case.operation.path} {response.status_code}"] += 1
            case.validate_response(response, checks=_checks())

        each()
    return counts


def _operations() -> Iterator[tuple[Any, Any]]:
    import schemathesis
    from django.core.wsgi import get_wsgi_application

    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
    for found in schema.get_all_operations():
        for mode in schemathesis.GenerationMode:
            yield found.ok(), mode  # type: ignore[union-attr]  # else it fails


def _checks() -> list[Any]:
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    return [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]


def main() -> None:
    """Ask for so many minutes, and say how often each door answered with what."""
    minutes = float(sys.argv[1] if sys.argv[1:] else 5)
    with tempfile.TemporaryDirectory(prefix="loop28-asked-") as home:
        key = _installation(Path(home))
        counts: Counter[str] = Counter()
        nth = 0
        until = time.monotonic() + 60 * minutes
        while time.monotonic() < until:
            counts += ask(key, EXAMPLES, nth)
            nth += 1
    for answer, count in sorted(counts.items()):
        print(f"{count:>9,}  {answer}")
    print(f"{counts.total():>9,}  in {nth} rounds")


def _installation(home: Path) -> str:
    """A fresh one with a few members and a machine's key."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "loop28.settings",
        "LOOP28_HOME": str(home),
        "LOOP28_DATABASE_URL": f"sqlite:///{home / 'asked.sqlite3'}",
    }
    import django

    django.setup()
    from django.core.management import call_command

    from loop28.back.people import actions as people
    from loop28.kernel.access import SYSTEM
    from loop28.middle.members import actions as members

    call_command("migrate", verbosity=0, interactive=False)
    for name in ("王芳", "李娜", "陈思远"):
        members.register(SYSTEM, name, adult=True, consent=True)
    return people.make_key(SYSTEM, "asked")


if __name__ == "__main__":
    main()
