"""Makes one ticket a part of another (API reference: Tickets, Merge Tickets into Target Ticket; Job Statuses).

Zendesk does it in the background: the job is asked for until it is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from copilot.desks.base import Receipt
from copilot.desks.rest import Rest
from copilot.desks.zendesk.threads import Threads, number_of
from copilot.desks.zendesk.translate import version_of
from copilot.desks.zendesk.wire import Job, JobAnswer
from copilot.domain import RemoteId
from copilot.errors import RefusedError, UnavailableError

ASKED_AT_MOST = 30
SECONDS_BETWEEN = 1.0
Pause = Callable[[float], Awaitable[None]]


async def merge(
    rest: Rest, threads: Threads, ticket: RemoteId, into: RemoteId, *, pause: Pause = asyncio.sleep
) -> Receipt:
    """Merge, and wait for it; `ticket` is closed then. The notes Zendesk leaves on both stay with the team."""
    source, target = number_of(ticket), number_of(into)
    if source == target:
        raise RefusedError("A ticket cannot be merged into itself.")
    body = {
        "ids": [int(source)],
        "source_comment": f"Merged into #{target}.",
        "source_comment_is_public": False,
        "target_comment": f"#{source} was merged into this ticket.",
        "target_comment_is_public": False,
    }
    job = (await rest.send("POST", f"/api/v2/tickets/{target}/merge", body, JobAnswer)).value.job_status
    for _ in range(ASKED_AT_MOST):
        if job.status == "completed":
            break
        if job.status in {"failed", "killed"}:
            raise RefusedError(f"Zendesk did not merge the tickets: {job.message or 'it gave no reason'}")
        await pause(SECONDS_BETWEEN)
        job = (await rest.get(f"/api/v2/job_statuses/{job.id}", JobAnswer)).value.job_status
    else:
        raise UnavailableError("Zendesk is still merging the tickets.", "Look at them again in a while.")
    if not _succeeded(job):
        raise RefusedError("Zendesk did not merge the tickets.", "Look at both of them in Zendesk.")
    return Receipt(message=None, version=version_of((await threads.show(ticket)).ticket))


def _succeeded(job: Job) -> bool:
    """A job may be completed and have done nothing: each of its results says so."""
    results = job.results if isinstance(job.results, list) else [job.results]
    return not any(isinstance(one, dict) and one.get("success") is False for one in results)
