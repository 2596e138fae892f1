"""What do the policy pages and the questions page answer with?"""

from __future__ import annotations

from itertools import groupby

from aiohttp import web

from bot.web.pages.policy_files import Policies
from bot.web.pages.rendering import Page, Pages
from knowledge_base.shop_pages import FaqEntry


class PolicyPages:
    """`/pages/{policy}` and `/pages/faq`."""

    def __init__(self, policies: Policies, faq: list[FaqEntry], pages: Pages) -> None:
        self._policies = policies
        self._topics = [
            (topic, list(entries))
            for topic, entries in groupby(sorted(faq, key=lambda entry: entry.topic), key=lambda e: e.topic)
        ]
        self._pages = pages

    async def policy(self, request: web.Request) -> web.Response:
        policy = self._policies.find(request.match_info["policy"])
        if policy is None:
            return await self._pages.not_found(request)
        return await self._pages.respond(request, Page("policy.html", policy.title, {"policy": policy}))

    async def faq(self, request: web.Request) -> web.Response:
        return await self._pages.respond(
            request, Page("faq.html", "Questions and answers", {"topics": self._topics})
        )
