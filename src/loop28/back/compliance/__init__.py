"""Policy profiles: what may be rewarded where a line runs. Freezes: whose money waits for a person.

Who is frozen and why is found out further up. This is not legal advice.
"""
