"""Every figure the README claims, repeatable: ``make bench``, or ``python -m bench NAME``."""
