"""How a packet is split. Pure: chance is an argument."""

import random


def split(total: int, count: int, how: str, chance: random.Random) -> list[int]:
    """``count`` shares of at least one fen that add up to ``total`` fen, in the order of opening.

    ``equal`` differs by one fen at most, the larger shares first. ``random`` is the double-mean
    method: each share is drawn evenly from 1 to twice the mean of what is left, so that every place
    in the queue has the same mean; the last takes the rest.
    """
    if total < count:
        raise ValueError("a share must have at least one fen")
    if how == "equal":
        base, rest = divmod(total, count)
        return [base + (place < rest) for place in range(count)]
    shares = []
    left = total
    for people in range(count, 1, -1):
        most = min(2 * left // people, left - (people - 1))
        share = chance.randint(1, max(1, most))
        shares.append(share)
        left -= share
    return [*shares, left]
