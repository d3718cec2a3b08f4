"""Erasing, purging, exporting, and everybody's own data."""
