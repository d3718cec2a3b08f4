"""What the site leaves for later: a task only says "look", the rows of the mails decide."""

from django_tasks import task

from assessment.mailing.sending import deliver


@task()
def look() -> None:
    """There may be mails to send."""
    deliver()
