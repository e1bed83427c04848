"""What every part of a playbook has in common."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """Every part of a playbook: unknown fields are mistakes, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)
