"""Words everybody shares: money, time, refusals, access, the journal. Knows nobody."""
