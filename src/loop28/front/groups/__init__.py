"""Chat groups: who is in them, what was said, what waits to be sent, who was active on which day.

Not here: what a message means to a line (`lines` reacts), packets and tasks shown in the stream.
"""
