"""A company that lives: its lines one from another, and what happens between and beside them.

Each behaviour is a script (`stage.Script`): it reads from top to bottom as the person lives it.
"""
