"""Checking what a model computed without its inputs: commitments and Merkle proofs."""

from sqlmodel import Session, select

from ..domain import ModelRun, Verification
from ..exceptions import NotFound
from ..utils.hashing import digest


def commitment(salt: str, value: object) -> str:
    """Return a digest that binds to `value` and, without `salt`, tells nothing about it."""
    return digest([salt, value])


def merkle_root(leaves: list[str]) -> str:
    """Return the root over `leaves`; an odd one out is paired with itself."""
    if not leaves:
        return digest([])
    level = [digest(leaf) for leaf in leaves]
    while len(level) > 1:
        if len(level) % 2:
            level.append(level[-1])
        level = [digest(level[index : index + 2]) for index in range(0, len(level), 2)]
    return level[0]


def merkle_proof(leaves: list[str], index: int) -> list[tuple[str, bool]]:
    """Return the siblings from leaf to root, each with whether it stands on the right."""
    level = [digest(leaf) for leaf in leaves]
    proof = []
    while len(level) > 1:
        if len(level) % 2:
            level.append(level[-1])
        proof.append((level[index ^ 1], index % 2 == 0))
        level = [digest(level[at : at + 2]) for at in range(0, len(level), 2)]
        index //= 2
    return proof


def proves(leaf: str, proof: list[tuple[str, bool]], root: str) -> bool:
    """Say whether `proof` leads from `leaf` to `root`."""
    node = digest(leaf)
    for sibling, right in proof:
        node = digest([node, sibling] if right else [sibling, node])
    return node == root


def verify_run(session: Session, run_id: str) -> Verification:
    """Compute the commitment of a run anew, and note whether it is the one that was made."""
    run = session.exec(select(ModelRun).where(ModelRun.id == run_id)).first()
    if run is None:
        raise NotFound("model run", run_id)
    made = commitment(run.strategy, [run.inputs, run.output])
    verification = Verification(model_run_id=run.id, verified=made == run.commitment)
    session.add(verification)
    session.commit()
    return verification
