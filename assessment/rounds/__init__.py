"""A round from its start to its publication: inviting, joining, saving, submitting, correcting, closing."""
