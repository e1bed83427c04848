"""A region's offline events: who is invited, who has a place, who came, what it looked like.

It knows no lines: by which line somebody comes is told by the door and kept as a number.
"""
