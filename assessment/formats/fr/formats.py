"""As Django writes French, with a comma before the time of day."""

DATETIME_FORMAT = "j F Y, H:i"
