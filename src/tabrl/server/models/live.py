"""Messages of the WebSocket, from the server to the page; the page sends nothing."""

from typing import Annotated, Literal

from pydantic import Field, RootModel

from tabrl.server.models.experiments import Approach, Experiment, ExperimentHead, ProgressPatch
from tabrl.server.models.robots import Answer


class StateMessage(Answer):
    """Everything; the first message of a connection."""

    kind: Literal["state"] = "state"
    experiment: Experiment


class ExperimentMessage(Answer):
    """The experiment without its approaches, and the order of these."""

    kind: Literal["experiment"] = "experiment"
    experiment: ExperimentHead
    order: list[str] = Field(description="Ids of all approaches; one that is not named is gone.")


class ApproachMessage(Answer):
    """An approach as it stands; replaces what the page has of it."""

    kind: Literal["approach"] = "approach"
    approach: Approach


class ProgressMessage(Answer):
    """Fields of an approach to replace, and points to append to its curve."""

    kind: Literal["progress"] = "progress"
    approach: ProgressPatch


class DeletedMessage(Answer):
    """The experiment is gone; the last message."""

    kind: Literal["deleted"] = "deleted"


class LiveMessage(
    RootModel[
        Annotated[
            StateMessage | ExperimentMessage | ApproachMessage | ProgressMessage | DeletedMessage,
            Field(discriminator="kind"),
        ]
    ]
):
    """One message: its `kind` says which."""
