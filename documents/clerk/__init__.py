"""The records clerk's side of the library: forms, desk, files and registers that come in."""
