"""One measurement in a process of its own: prints what it measured as one line of JSON.

The environment says which database; `python -m bench` sets it and calls this again and again.
"""

import importlib
import json
import sys

import django


def main() -> None:
    module, size = sys.argv[1:]
    django.setup()
    figure = importlib.import_module(f"bench.{module}")
    measured = figure.measure(**figure.SMALL) if size == "small" else figure.measure()
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
