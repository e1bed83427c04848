"""Groups that members build themselves: opened, filled by invitation, taught in.

Not here: the chat itself (`groups`), the invitation's link (`referrals`), the tasks it moves.
"""
