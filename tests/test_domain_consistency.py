"""Do the dialogue files and the code name the same things, each once, and leave nothing out?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from chat_offer_fakes import FakeOffers
from conversation_fakes import (
    DETAILS,
    LAMP,
    FakeAnswerer,
    FakeConsents,
    FakeEvents,
    FakeOrders,
    FakeProducts,
    FakeQuestionNotes,
    FakeTalks,
)
from recommendation_fakes import FakeRecommender

from actions.order_card import OPEN_STATES
from actions.promotion_cards import promotion_buttons
from actions.recommendation_cards import card_buttons
from actions.skills import make_actions
from actions.track_order_form import FORM, INTERRUPTIONS, MAYBE_REPLIES, UNREADABLE
from bot.orders import STATES

PROJECT = Path(__file__).parent.parent
RASAS_KEY = "utter_action"
"""Under which Rasa notes the response's name at what was said; no response."""
STEP_KINDS = {"intent", "action", "active_loop", "slot_was_set"}


def read(name: str) -> Any:
    return yaml.safe_load((PROJECT / name).read_text(encoding="utf-8"))


DOMAIN = read("domain.yml")
RULES = read("data/rules.yml")["rules"]
NLU = [
    entry
    for path in sorted((PROJECT / "data/nlu").glob("*.yml"))
    for entry in read(f"data/nlu/{path.name}")["nlu"]
]


class Shop:
    catalogue = FakeProducts()
    orders = FakeOrders()
    conversations = FakeTalks()
    events = FakeEvents()
    consents = FakeConsents()
    chat_events = FakeQuestionNotes()


ACTIONS = make_actions(
    Shop(), FakeAnswerer(), FakeRecommender(()), FakeOffers(), DETAILS, lambda: datetime.now(UTC)
)


def steps(kind: str) -> Iterator[Any]:
    for rule in RULES:
        for step in [*rule.get("condition", []), *rule["steps"]]:
            if kind in step:
                yield step[kind]


def code_of_actions() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((PROJECT / "actions").glob("*.py")))


def test_every_intent_has_examples_and_a_rule_and_no_other_has() -> None:
    declared = set(DOMAIN["intents"])
    assert {entry["intent"] for entry in NLU if "intent" in entry} == declared
    assert set(steps("intent")) == declared | {"nlu_fallback"}


def test_every_intent_can_be_said_while_an_order_is_looked_for() -> None:
    inside = {
        step["intent"]
        for rule in RULES
        if {"active_loop": FORM} in rule.get("condition", [])
        for step in rule["steps"]
        if "intent" in step
    }
    replies = {"affirm", "track_order"}
    assert inside == (set(DOMAIN["intents"]) | {"nlu_fallback"}) - replies
    assert inside == INTERRUPTIONS | MAYBE_REPLIES


def test_rules_use_only_the_steps_that_are_checked_here() -> None:
    kinds = {kind for rule in RULES for step in [*rule.get("condition", []), *rule["steps"]] for kind in step}
    assert kinds == STEP_KINDS


def test_every_action_of_the_domain_is_registered_in_the_same_order() -> None:
    assert [action.name() for action in ACTIONS] == DOMAIN["actions"]


def test_every_action_in_a_rule_exists() -> None:
    known = {*DOMAIN["actions"], *DOMAIN["responses"], *DOMAIN["forms"]}
    assert set(steps("action")) - known == set()


def test_every_action_is_called_by_a_rule_or_by_its_form() -> None:
    called = set(steps("action")) | {f"validate_{form}" for form in DOMAIN["forms"]}
    assert set(DOMAIN["actions"]) - called == set()


def test_the_name_of_an_action_gives_its_file_and_its_class() -> None:
    for action in ACTIONS:
        name = action.name().removeprefix("action_").removeprefix("validate_")
        assert type(action).__module__ == f"actions.{name}"
        assert type(action).__name__ == name.title().replace("_", "")


def test_every_response_is_said_by_a_rule_an_action_or_the_form() -> None:
    code = code_of_actions()
    states = {f"utter_track_order_{state}" for state in STATES}
    undated = {f"utter_track_order_{state}_undated" for state in (*OPEN_STATES, "delivered")}
    asked = {
        f"utter_ask_{form}_{slot}" for form, it in DOMAIN["forms"].items() for slot in it["required_slots"]
    }
    in_code = set(re.findall(r'"(utter_[a-z_]+[a-z])"', code)) - {RASAS_KEY}
    in_rules = {name for name in steps("action") if name.startswith("utter_")}
    assert in_code | in_rules | states | undated | asked == set(DOMAIN["responses"])


def test_every_slot_of_rules_forms_and_code_is_declared_and_used() -> None:
    declared = set(DOMAIN["slots"])
    required = {slot for form in DOMAIN["forms"].values() for slot in form["required_slots"]}
    assert required == set(UNREADABLE)
    in_rules = {name for slots in steps("slot_was_set") for slot in slots for name in slot}
    assert in_rules == {"requested_slot"}
    assert {slot for slot in declared if f'"{slot}"' not in code_of_actions()} == set()
    assert required <= declared


def test_forms_are_named_alike_everywhere() -> None:
    assert set(DOMAIN["forms"]) == {FORM}
    assert {name for name in steps("active_loop") if name is not None} == {FORM}


def test_every_entity_has_a_pattern_that_finds_its_examples() -> None:
    patterns = {
        entry["regex"]: re.compile(entry["examples"].removeprefix("- ").strip(), re.IGNORECASE)
        for entry in NLU
        if "regex" in entry
    }
    assert set(patterns) == set(DOMAIN["entities"])
    examples = "\n".join(entry["examples"] for entry in NLU if "intent" in entry)
    for value, entity in re.findall(r"\[([^\]]+)\]\((\w+)\)", examples):
        assert patterns[entity].search(f" {value} "), value


def test_no_message_to_learn_from_is_in_the_test_set_or_under_two_intents() -> None:
    held_out = {
        line.rpartition(",")[0].strip('"').lower()
        for line in (PROJECT / "tests/data/intents_holdout.csv").read_text(encoding="utf-8").splitlines()
    }
    seen: dict[str, str] = {}
    for entry in NLU:
        for line in entry["examples"].splitlines() if "intent" in entry else ():
            text = re.sub(r"\[([^\]]+)\]\(\w+\)", r"\1", line.removeprefix("- ").strip()).lower()
            assert text not in held_out, text
            assert seen.setdefault(text, entry["intent"]) == entry["intent"], text


def test_a_button_that_names_a_product_opens_with_words_that_are_an_intent_whatever_the_name() -> None:
    component = next(
        part for part in read("config.yml")["pipeline"] if part["name"].endswith("ButtonOpenings")
    )
    openings = tuple(opening for listed in component["openings"].values() for opening in listed)
    on_cards = [button["payload"] for button in (*card_buttons(LAMP), *promotion_buttons(LAMP))]
    in_responses = [
        button["payload"]
        for variants in DOMAIN["responses"].values()
        for variant in variants
        for button in variant.get("buttons", [])
        if "{product}" in button["payload"]
    ]
    assert [text for text in on_cards + in_responses if not text.lower().startswith(openings)] == []
    assert in_responses != []


def test_a_button_says_words_and_no_command() -> None:
    payloads = [
        button["payload"]
        for variants in DOMAIN["responses"].values()
        for variant in variants
        for button in variant.get("buttons", [])
    ]
    assert [payload for payload in payloads if payload.startswith("/")] == []
