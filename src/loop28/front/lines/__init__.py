"""A line: one cohort through one playbook; its people, invitations, calendar of beats, screening.

Not here: what packet and task beats do (`packets`, `tasks` react), who is promoted (`ladder`).
"""
