"""The night's watch: what a person should look at before more is paid, and chains of the paid.

Not here: the freeze itself (`back/compliance`), what is held meanwhile (`rewards`), and the hard
limits, which stand where they could be broken (`referrals`, `orders`, `finance`, `ledger`).
"""
