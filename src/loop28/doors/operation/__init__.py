"""What whoever keeps an installation alive sees of it: numbers for Prometheus, a line a request."""
