"""Dates with the day first and the month as a word, so that no reader takes the one for the other; 24 hours."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
TIME_FORMAT = "H:i"
