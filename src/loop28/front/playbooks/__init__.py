"""The programme as data: read a playbook, check it, publish it as an immutable version.

Not here: what happens when a beat falls due (`lines`), how tasks are measured (`tasks`).
"""
