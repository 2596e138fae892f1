"""Which versions of the trained models are there, and how does the last one come back?"""

from __future__ import annotations

import json

import click

from bot.assembly import recommender_versions, segment_versions
from bot.cli.failures import settings_or_exit, told
from bot.model_versions import ModelVersion, ModelVersions, UnknownVersion
from bot.settings import Settings

KINDS = ("recommender", "segments")


@click.command(
    help="List the versions of the trained models, or put one into use: --back the one that ran before, "
    "--use VERSION a given one. A running shop follows within seconds."
)
@click.argument("kind", type=click.Choice(KINDS), required=False)
@click.option("--back", is_flag=True, help="Put the version that was in use before into use again.")
@click.option("--use", "wanted", metavar="VERSION", default=None, help="Put this version into use.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(kind: str | None, back: bool, wanted: str | None, as_json: bool) -> None:
    if (back or wanted is not None) and kind is None:
        raise click.UsageError(f"--back and --use need the kind of model, one of {', '.join(KINDS)}.")
    if back and wanted is not None:
        raise click.UsageError("--back or --use VERSION; both came.")
    settings = settings_or_exit()
    versions = {name: _versions(settings, name) for name in KINDS if kind in (None, name)}
    with told(bad_input=(UnknownVersion,)):
        for kept in versions.values():
            if back:
                kept.go_back()
            elif wanted is not None:
                kept.use(wanted)
        listed = {name: kept.all() for name, kept in versions.items()}
    if as_json:
        click.echo(json.dumps({name: [_as_json(one) for one in all_] for name, all_ in listed.items()}))
        return
    for name, all_ in listed.items():
        click.echo(f"{name}:" if all_ else f"{name}: none yet, see 'storekeep train {name}'")
        for one in all_:
            click.echo(_line(one))


def _versions(settings: Settings, kind: str) -> ModelVersions:
    return recommender_versions(settings) if kind == "recommender" else segment_versions(settings)


def _as_json(version: ModelVersion) -> dict[str, object]:
    return {
        "version": version.name,
        "made_at": version.made_at.isoformat(),
        "in_use": version.is_current,
        "figures": dict(version.figures),
    }


def _line(version: ModelVersion) -> str:
    figures = ", ".join(f"{name} {value:.4g}" for name, value in version.figures.items())
    return f"{'*' if version.is_current else ' '} {version.name}  {figures}"
