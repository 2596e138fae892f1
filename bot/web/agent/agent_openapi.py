"""How do programs call the addresses under ``/agent/api`` (OpenAPI 3.1)?"""

from __future__ import annotations

from bot.promotions.copybook import TONES
from bot.promotions.plans import CHANNELS
from bot.promotions.promotion import DECISIONS
from bot.web.agent.decision_fields import (
    LONGEST_EDIT,
    LONGEST_EDITED_SUBJECT,
    LONGEST_REASON,
    MOST_CANDIDATES,
)
from bot.web.bodies import LONGEST_SKU
from bot.web.openapi_pieces import (
    PLACE,
    TEXT,
    TEXT_OR_NULL,
    Schema,
    a_list,
    an_object,
    as_json,
    operation,
    ref,
)

AGENT_SCHEMAS: dict[str, Schema] = {
    "StaffLink": an_object({"token": {**TEXT, "description": "What the link has behind its #."}})
    | {"additionalProperties": False},
    "Staff": an_object({"name": TEXT}),
    "Decision": an_object(
        {"decision": {"enum": list(DECISIONS)}},
        {
            "subject": {**TEXT, "maxLength": LONGEST_EDITED_SUBJECT},
            "text": {**TEXT, "maxLength": LONGEST_EDIT},
            "reason": {**TEXT, "maxLength": LONGEST_REASON, "description": "Needed for rejected."},
            "anyway": {"type": "boolean", "description": "Let pass what the check finds."},
        },
    )
    | {"additionalProperties": False},
    "Decided": an_object(
        {"id": PLACE, "decision": {"enum": list(DECISIONS)}, "decided_by": TEXT}
        | {"subject": TEXT_OR_NULL, "text": TEXT, "reason": TEXT_OR_NULL, "overruled": a_list(TEXT)}
    ),
    "RefusedDecision": an_object(
        {"error": an_object({"code": TEXT, "detail": TEXT}, {"findings": a_list(TEXT)})}
    ),
    "WritingOrder": an_object(
        {
            "sku": {**TEXT, "maxLength": LONGEST_SKU},
            "channel": {"enum": list(CHANNELS)},
            "count": {"type": "integer", "minimum": 1, "maximum": MOST_CANDIDATES},
        },
        {"customer_id": TEXT_OR_NULL, "tone": {"enum": [*TONES, None]}},
    )
    | {"additionalProperties": False},
    "Candidates": an_object({"ids": a_list(PLACE), "waiting": PLACE, "refused": PLACE}),
}

AGENT_PATHS: dict[str, dict[str, Schema]] = {
    "/agent/api/sign-in": {
        "post": operation(
            "Come in by a link of the command storekeep agent-link; gives a cookie. From our own pages only.",
            {200: as_json("Who came in.", ref("Staff"))},
            (400, 401, 403, 413, 415, 422, 429),
            body="StaffLink",
        )
    },
    "/agent/api/sign-out": {
        "post": operation("Forget the cookie.", {204: {"description": "Signed out."}}, (403,))
    },
    "/agent/api/promotions/{id}/decision": {
        "post": operation(
            "Approve, edit or reject a promotion that waits. A text that is let through is checked "
            "on the facts as of now. The same decision again changes nothing.",
            {
                200: as_json("What became of it.", ref("Decided")),
                422: as_json("A field is wrong, or the check found something.", ref("RefusedDecision")),
            },
            (400, 401, 403, 404, 409, 413, 415, 429, 503),
            body="Decision",
            security="staff",
        )
        | {"parameters": [{"name": "id", "in": "path", "required": True, "schema": PLACE}]}
    },
    "/agent/api/promotions": {
        "post": operation(
            "Write promotions for people to decide on; may take seconds.",
            {201: as_json("What was written, with what the check refused.", ref("Candidates"))},
            (400, 401, 403, 413, 415, 422, 429, 503),
            body="WritingOrder",
            security="staff",
        )
    },
}
