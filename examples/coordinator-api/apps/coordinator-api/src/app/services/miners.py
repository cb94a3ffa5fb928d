"""Machines that do jobs."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from ..domain import Gpu, Job, Miner
from ..exceptions import NotAllowed, NotFound
from ..utils import clock as wall_clock
from .jobs import JobService

ALIVE = timedelta(minutes=5)


class MinerService:
    """Registering machines and handing them work."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.jobs = JobService(session)

    def register(self, owner_id: str, name: str, gpus: list[dict[str, Any]]) -> Miner:
        """Add a machine and its accelerators."""
        miner = Miner(owner_id=owner_id, name=name)
        self.session.add(miner)
        self.session.flush()
        self.session.add_all(Gpu(miner_id=miner.id, **spec) for spec in gpus)
        self.session.commit()
        return miner

    def get(self, miner_id: str, owner_id: str) -> Miner:
        """Return a machine of this owner."""
        miner = self.session.get(Miner, miner_id)
        if miner is None:
            raise NotFound("miner", miner_id)
        if miner.owner_id != owner_id:
            raise NotAllowed("this miner belongs to somebody else")
        return miner

    def next_job(self, miner_id: str, owner_id: str) -> Job | None:
        """Note that the machine is alive and return its next job, if any waits."""
        self.get(miner_id, owner_id).seen_at = wall_clock.utcnow()
        self.session.commit()
        return self.jobs.claim(miner_id)

    def hand_in(self, miner_id: str, owner_id: str, job_id: str, result: dict[str, Any], failed: bool) -> Job:
        """Take a result from the machine that has the job."""
        self.get(miner_id, owner_id)
        if self.jobs.get(job_id).miner_id != miner_id:
            raise NotAllowed(f"{job_id} was not given to {miner_id}")
        return self.jobs.finish(job_id, result, failed)

    def alive(self) -> list[Miner]:
        """Return the machines that were heard of lately."""
        since = wall_clock.utcnow() - ALIVE
        return list(self.session.exec(select(Miner).where(col(Miner.seen_at) >= since)))
