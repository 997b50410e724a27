"""Django's PostgreSQL, which is asked less often whether it is still there."""
