"""What reads a file that strangers made, in a process of its own (documents/extraction.py).

Nothing here needs Django's settings or the database, and nothing here is imported by a server
process but the words of `refusal.py`: parsers of hostile files run only where a limit of the
kernel ends them.
"""
