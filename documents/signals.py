"""What happens to documents that other rooms count."""

from django.dispatch import Signal

# Sent once for each download: a GET answered with a whole file, or with its beginning. Arguments:
# `file`, the DocumentFile, and `request`.
file_downloaded = Signal()
