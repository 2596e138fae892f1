"""Which intent does a trained model see in each line? ``python -m bot.rasa.parse_lines MODEL`` reads and
writes JSON Lines.

In: one JSON string a line. Out: ``{"intent", "confidence"}`` a line, in order; ``nlu_fallback`` is an
intent like the others.
"""

import asyncio
import json
import sys


async def parse_lines(model_path: str) -> None:
    """Parses standard input with the model at ``model_path``."""
    from rasa.core.agent import Agent

    agent = Agent.load(model_path)
    for line in sys.stdin:
        parsed = await agent.parse_message(json.loads(line))
        intent = parsed["intent"]
        print(json.dumps({"intent": intent["name"], "confidence": intent["confidence"]}), flush=True)


if __name__ == "__main__":
    asyncio.run(parse_lines(sys.argv[1]))
