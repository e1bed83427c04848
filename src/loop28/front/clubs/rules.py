"""How large a member's own group may grow. Pure."""

MOST = 500
"""People in a club: as many as in a line, and as chat platforms let into a group."""
