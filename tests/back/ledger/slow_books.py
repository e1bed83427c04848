"""A ledger as a child would write it: a list of what happened, and no thought for speed.

It borrows no rule of the product. What may go where is told once more, in other words.
"""

EARNED = ["commission", "task_fee", "invitation", "prize", "service_fee", "correction"]
INTO_A_WALLET = {"packet": ["gift"], "budget": EARNED, "held": EARNED, "issuer": EARNED}
INTO_A_WALLET |= {"treasury": ["correction"], "paying": ["correction"]}
ELSEWHERE = [
    "treasury fund budget",
    "budget return treasury",
    "budget reserve packet",
    "packet return budget",
    "budget reserve held",
    "held return budget",
    "wallet correction budget",
    "wallet correction treasury",
    "wallet payout paying",
    "paying payout paid",
    "issuer reserve held",
    "held return issuer",
    "wallet return issuer",
    "wallet correction issuer",
]
POINTS = ["wallet", "held", "issuer"]


class SlowBooks:
    """Does what `transfer` must do, one move after the other, on a copy that may be thrown away."""

    def __init__(self):
        self.moves = []
        self.closed = []

    def balance(self, account, moves=None):
        """What came in less what went out, counted anew every time."""
        moves = self.moves if moves is None else moves
        came = [move.amount for move in moves if move.credit == account]
        return sum(came) - sum(move.amount for move in moves if move.debit == account)

    def accounts(self):
        return {side for move in self.moves for side in (move.debit, move.credit)}

    def transfer(self, batch, partial):
        """The answers, or the name of the error; the books change only when there is none."""
        if any(not self.lawful(move) or not self.takes_back(move) for move in batch):
            return "ValueError"
        moves, answers = list(self.moves), []
        for move in batch:
            same = [other for other in moves if other.reference == move.reference]
            if same and same != [move]:
                return "ReferenceReused"
            endless = move.debit.kind in ["treasury", "issuer"]
            if same:
                answers.append(False)
            elif endless or self.balance(move.debit, moves) >= move.amount:
                answers.append(True)
                moves.append(move)
            else:
                answers.append(None)
        fresh = moves[len(self.moves) :]
        if None in answers and not partial:
            return "Insufficient"
        if any(move.credit in self.closed for move in fresh):
            return "AccountClosed"
        taken_back = [move.reverses for move in moves if move.reverses]
        if len(taken_back) > len(set(taken_back)):
            return "IntegrityError"
        self.moves = moves
        return answers

    def lawful(self, move):
        if move.debit.unit != move.credit.unit or not 1 <= move.amount <= 10**12:
            return False
        sides = [move.debit.kind, move.credit.kind]
        if any(kind not in POINTS for kind in sides) and move.debit.unit == "points":
            return False
        if "issuer" in sides and move.debit.unit == "fen":
            return False
        if move.reverses and "correction" not in [move.basis, move.movement]:
            return False
        if move.credit.kind == "wallet":
            return move.movement is None and move.basis in INTO_A_WALLET.get(move.debit.kind, [])
        return move.basis is None and f"{sides[0]} {move.movement} {sides[1]}" in ELSEWHERE

    def takes_back(self, move):
        """A correction that names a transfer takes from where it brought, and not more."""
        named = [other for other in self.moves if other.reference == move.reverses]
        if not move.reverses:
            return True
        return bool(named) and named[0].credit == move.debit and named[0].amount >= move.amount

    def merge(self, kept, lost):
        """All of one person's two wallets into the other's; the lost ones are closed."""
        moves = []
        for old, new, source in zip(lost, kept, ["treasury", "issuer"], strict=True):
            left = self.balance(old)
            company = old._replace(owner="company", kind=source)
            if left:
                moves += [(old, company, left), (company, new, left)]
        self.closed += lost
        return moves
