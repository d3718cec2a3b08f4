"""What people type: cleaned and compared in one way, whichever form it comes by."""
