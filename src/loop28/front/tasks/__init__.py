"""Tasks given to members: opened by beats, moved by facts, check-ins and quizzes, ticked by hosts.

Not here: what a reward is paid from (`rewards`). Read `rules`, then `progress`, then `intake`.
"""
