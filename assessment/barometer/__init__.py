"""The live barometer: who counts, in which batch, and what is published. The rules are numbered as in its README."""
