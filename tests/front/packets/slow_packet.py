"""A packet as people at a table would hand it out: a pile of notes and a list of who had one."""


class SlowPacket:
    """``pile`` are the shares in the order in which they are given, in fen."""

    def __init__(self, pile, until):
        self.pile = list(pile)
        self.total = sum(pile)
        self.until = until
        self.had = {}
        self.returned = 0
        self.closed = False

    def claim(self, people, inside, now):
        """What each is told, in the order in which they ask."""
        before, told = dict(self.had), []
        for person in people:
            if person in before:
                told.append(("before", before[person]))
            elif person not in inside:
                told.append(("outside", None))
            elif person in self.had:
                told.append(("now", self.had[person]))
            elif now > self.until:
                told.append(("expired", None))
            elif not self.pile:
                told.append(("gone", None))
            else:
                self.had[person] = self.pile.pop(0)
                told.append(("now", self.had[person]))
        if not self.pile:
            self.closed = True
        return told

    def expire(self, now):
        """What is left goes back when its time is over; whether that was now."""
        if self.closed or now <= self.until:
            return False
        self.returned, self.pile, self.closed = sum(self.pile), [], True
        return True
