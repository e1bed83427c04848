"""A ledger as a child would write it: two dictionaries and no thought for speed."""

from collections import Counter

from loop28.back.ledger.accounts import AccountKey
from loop28.back.ledger.rules import Move


class SlowBooks:
    """Does what `transfer` must do, one move after the other, on copies that are thrown away."""

    def __init__(self):
        self.balances: Counter[AccountKey] = Counter()
        self.posted: dict[str, Move] = {}

    def transfer(self, moves, partial):
        """The answers, or the name of the error; the books change only when there is none."""
        balances, posted, answers = Counter(self.balances), dict(self.posted), []
        if any(
            move.reference in self.posted and self.posted[move.reference] != move for move in moves
        ):
            return "ReferenceReused"
        for move in moves:
            if move.reference in posted:
                if posted[move.reference] != move:
                    return "ReferenceReused"
                answers.append(False)
            elif move.debit.kind != "treasury" and balances[move.debit] < move.amount:
                answers.append(None)
            else:
                balances[move.debit] -= move.amount
                balances[move.credit] += move.amount
                posted[move.reference] = move
                answers.append(True)
        if None in answers and not partial:
            return "Insufficient"
        self.balances, self.posted = balances, posted
        return answers
