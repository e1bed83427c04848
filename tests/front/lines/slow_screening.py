"""Screening as somebody with a sheet of paper would do it: who sits, who was called, who said 1."""


class SlowScreening:
    """The line of a playbook whose call and ends of phases are known; times are of any kind."""

    def __init__(self, calls, closes, ends):
        self.calls = calls  # (from, until), those that will be made, too
        self.closes = closes  # the first phase, and with it the door
        self.ends = ends
        self.stopped_at = None
        self.seated, self.passed = set(), set()

    def over(self, now):
        return now >= self.ends or self.stopped_at is not None

    def join(self, person, now):
        """Whether they have a seat; nobody gets one any more when the first phase is over."""
        if now >= self.closes or self.stopped_at is not None:
            return False
        self.seated.add(person)
        return True

    def leave(self, person):
        """Whether they were there to leave. Who passed has passed."""
        there = person in self.seated
        self.seated.discard(person)
        return there

    def says_one(self, person, at, now):
        """Passes by a 1 under the latest call, if it was said while that was open."""
        made = [call for call in self.calls if call[0] <= now]
        counts = bool(made) and made[-1][0] <= at <= made[-1][1]
        if person in self.seated and counts and self.stopped_at is None:
            self.passed.add(person)

    def presses(self, person, now):
        """The button tells whether it took the answer, also from those who passed before."""
        made = [call for call in self.calls if call[0] <= now]
        open_ = bool(made) and now <= made[-1][1] and self.stopped_at is None
        if person in self.seated and open_:
            self.passed.add(person)
        return person in self.seated and open_

    def let_in(self, person, now):
        """Whoever runs the line lets in whom they want, until it is over."""
        if person in self.seated and not self.over(now):
            self.passed.add(person)

    def call_again(self, start, until, now):
        """A second call, once, when the first is over, and while the next phase goes on."""
        if self.over(now) or self.calls[0][1] >= now or len(self.calls) > 1:
            return False
        if not now < start or until > self.ends:
            return False
        self.calls.append((start, until))
        return True

    def stop(self, now):
        if self.over(now):
            return False
        self.stopped_at = now
        self.calls = [call for call in self.calls if call[0] <= now]
        return True

    def in_next_group(self, now):
        return self.seated & self.passed
