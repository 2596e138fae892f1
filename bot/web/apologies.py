"""What does a shopper read when the assistant itself has no answer to give?"""

from __future__ import annotations

TOO_SLOW = "Sorry, that is taking longer than it should. Please ask me again in a moment."
OUT_OF_ORDER = "Sorry, something went wrong on our side. Please try again in a moment."
NOTHING_TO_SAY = "Sorry, I have no answer to that. Could you put it in other words?"
