"""A round from its start to its publication: joining, saving, submitting, correcting, closing."""
