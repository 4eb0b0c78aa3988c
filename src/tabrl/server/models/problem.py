"""Errors as RFC 9457 problem details."""

from pydantic import BaseModel, ConfigDict, Field


class FieldProblem(BaseModel):
    """One field of a request that is wrong."""

    loc: str = Field(description="Where, with dots: `body.sentence`.", examples=["body.steps"])
    message: str = Field(examples=["Input should be greater than or equal to 1"])


class ProblemDetails(BaseModel):
    """Why a request was not done, and what would be valid (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_serialization_defaults_required=True,
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Not Found",
                "status": 404,
                "detail": "There is no robot 'Go1Joystik'.",
                "hint": "Did you mean Go1JoystickFlatTerrain? `tabrl robots` lists all 54.",
                "errors": None,
            }
        },
    )
    type: str = "about:blank"
    title: str
    status: int
    detail: str
    hint: str | None = None
    errors: list[FieldProblem] | None = None
