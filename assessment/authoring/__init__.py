"""The life of a version: checks, keys, order, loading a file, publication."""
