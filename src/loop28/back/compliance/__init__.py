"""Policy profiles: what may be rewarded where a line runs. Rules only; this is not legal advice."""
