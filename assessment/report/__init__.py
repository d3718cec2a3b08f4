"""What to say about a result: the one object that the page, its charts and every export show.

Pure values in, values out: no row, no request, no language (texts are handed through), no scoring of its own.
"""
