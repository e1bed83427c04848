"""A whole line in simulated time, as a person starts it from the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from bench.stage import PLAYBOOK

SMALL = {"people": 10}


def measure(people: int = 500) -> dict[str, float]:
    """Seconds of the whole process, from its start to its report, on a database it sets up."""
    command = [
        *(str(Path(sys.executable).with_name("loop28")), "rehearse", str(PLAYBOOK)),
        *("--members", str(people), "--seed", "1", "--json"),
        *("--db", os.environ["LOOP28_DATABASE_URL"]),
    ]
    start = perf_counter()
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds = perf_counter() - start
    report = json.loads(said)
    assert report["audit"] == "clean", report["audit"]
    return {"value": seconds, "playing_s": report["seconds"]}
