"""The register of what shops report: who sold what to whom, paid, refunded.

Not here yet: checkout, payment, fulfilment.
"""
