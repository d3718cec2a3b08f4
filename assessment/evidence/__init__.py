"""Studies, figures and findings: loading them, where they are used."""
