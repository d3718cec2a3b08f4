"""Dates with the day first and the month as a word: no reader takes the one for the other."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
