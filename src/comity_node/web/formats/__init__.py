"""How the reader's language writes days and numbers, where it is not as Django says."""
