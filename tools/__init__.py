"""Small helpers for building, checking and testing Loop28. Nothing here runs in production."""
