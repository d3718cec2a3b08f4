"""One module per part of the site; each view fetches, asks a form, and redirects or renders."""
