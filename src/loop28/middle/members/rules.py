"""When two names are spelled alike: what a search forgives. (pure)"""

from itertools import combinations, pairwise


def forgiven(text: str) -> int:
    """How many slips of the finger are forgiven in a text of this length.

    None in two characters: every second name would fit.
    """
    return 0 if len(text) < 3 else 1 if len(text) < 10 else 2


def traces(text: str) -> list[tuple[str, ...]]:
    """What is left of ``text`` in any name that is `forgiven`: all parts of at least one of these.

    A database finds the candidates by them, so that only few are compared. Of a short text all
    characters but one are left. A longer one is cut up: a slip spoils one piece, or two when it
    swaps the characters on both sides of a cut.
    """
    slips = forgiven(text)
    if not slips:
        return [(text,)]
    if len(text) < 6:
        return list(dict.fromkeys(combinations(text, len(text) - 1)))
    count = 2 * slips + 1
    cuts = [len(text) * number // count for number in range(count + 1)]
    return [(text[start:end],) for start, end in pairwise(cuts)]


def distance(one: str, other: str) -> int:
    """How many characters were missed, added, mistaken or swapped with their neighbour.

    The optimal string alignment distance: no character is touched twice.
    """
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, a in enumerate(one, 1):
        here = [row]
        for column, b in enumerate(other, 1):
            best = min(above[column] + 1, here[-1] + 1, above[column - 1] + (a != b))
            if row > 1 and column > 1 and a == other[column - 2] and b == one[row - 2]:
                best = min(best, before[column - 2] + 1)
            here.append(best)
        before, above = above, here
    return above[-1]
