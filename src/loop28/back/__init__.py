"""The back office: the ledger, people, compliance, finance."""
