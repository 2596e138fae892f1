"""What has to be there before the first shopper comes, and what of it is missing? Each step does nothing if
nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.assembly import (
    index_is_current,
    now,
    open_shop,
    rebuild_index,
    recommender_versions,
    train_recommender,
)
from bot.demo import create_demo
from bot.encoder_export import export_encoder, packaged_encoder_dir
from bot.rasa_model import ensure_rasa_model
from bot.recommendations.frozen_cases import TooFewShoppers
from bot.recommendations.recommender_training import TrainingPlan
from bot.settings import Settings

Say = Callable[[str], None]


def prepare(settings: Settings, project_dir: Path, say: Say) -> Path:
    """Database, sample shop (in demo mode, if there is no product yet), search index, the sample shop's first
    recommender, encoder for Rasa, Rasa model.

    Gives the path of the Rasa model. Raises what the steps raise; a step that failed is done again next time.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    _prepare_database(settings, say)
    if not index_is_current(settings):
        say("building the search index")
        summary = rebuild_index(settings)
        say(f"search index: {summary.passages} passages")
    _prepare_recommender(settings, say)
    if prepare_encoder(settings):
        say("exported the sentence encoder for Rasa")
    return ensure_rasa_model(project_dir, settings.rasa_environment, settings.data_dir, say)


def prepare_encoder(settings: Settings) -> bool:
    """Exports the sentence encoder to where Rasa looks for it; was it needed?"""
    return export_encoder(packaged_encoder_dir(), settings.data_dir / "models" / "minilm")


def _prepare_recommender(settings: Settings, say: Say) -> None:
    """The sample shop's first recommender; a shop of one's own trains when it has enough behaviour."""
    if not settings.demo or recommender_versions(settings).current() is not None:
        return
    say("training the recommender on the sample shop's behaviour (about half a minute)")
    try:
        summary = train_recommender(settings, TrainingPlan())
    except TooFewShoppers as error:
        say(f"recommendations go on without a model: {error}")
        return
    say(f"recommender: NDCG@10 {summary.ndcg_10:.3f}, {summary.ndcg_10_before:.3f} without it")


def _prepare_database(settings: Settings, say: Say) -> None:
    shop = open_shop(settings)
    try:
        if settings.demo and not shop.catalogue.products():
            say("making the sample shop's database")
            create_demo(shop.database, settings.knowledge_dir, now())
    finally:
        shop.database.close()
