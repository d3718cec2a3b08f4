"""Charts: labels and numbers in, SVG text out. matplotlib is loaded at the first chart, not before."""
