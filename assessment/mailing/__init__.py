"""The mails of the site: those of the queue, which a worker sends, and the few that leave in the request."""
