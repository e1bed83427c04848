"""Tasks given to members: opened by beats, done by check-in, quiz, a host's tick or a first order.

Not here: what a reward is paid from (`rewards`); general measures and evidence come later.
"""
