"""The queue of jobs, first in, first out."""

from typing import Any

from sqlmodel import Session, col, select

from ..custom_types import JobState
from ..domain import AuditEntry, Job
from ..exceptions import Conflict, NotFound
from ..schemas import JobRead


class JobService:
    """Jobs from submission to result."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def submit(self, client_id: str, kind: str, payload: dict[str, Any]) -> JobRead:
        """Put a job at the end of the queue."""
        job = Job(client_id=client_id, kind=kind, payload=payload)
        self.session.add(job)
        self.session.add(AuditEntry(actor_id=client_id, action="job.submitted", subject=job.id))
        self.session.commit()
        return JobRead.model_validate(job)

    def get(self, job_id: str) -> JobRead:
        """Return a job, or raise `NotFound`."""
        return JobRead.model_validate(self._row(job_id))

    def of_client(self, client_id: str, limit: int = 50) -> list[Job]:
        """Return the newest jobs of a client."""
        query = select(Job).where(Job.client_id == client_id).order_by(col(Job.created_at).desc())
        return list(self.session.exec(query.limit(limit)))

    def claim(self, miner_id: str) -> Job | None:
        """Give the oldest waiting job to a miner, or return None when nothing waits."""
        waiting = select(Job).where(Job.state == JobState.QUEUED).order_by(col(Job.created_at))
        job = self.session.exec(waiting).first()
        if job is not None:
            job.miner_id, job.state = miner_id, JobState.RUNNING
            self.session.commit()
        return job

    def finish(self, job_id: str, result: dict[str, Any], failed: bool = False) -> Job:
        """Store what came out of a running job."""
        job = self._row(job_id)
        if job.state != JobState.RUNNING:
            raise Conflict(f"{job_id} is {job.state}")
        job.result, job.state = result, JobState.FAILED if failed else JobState.COMPLETED
        self.session.commit()
        return job

    def _row(self, job_id: str) -> Job:
        job = self.session.get(Job, job_id)
        if job is None:
            raise NotFound("job", job_id)
        return job
