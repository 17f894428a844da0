"""An address that stands beside `/{id}` takes its own methods and not those of the things with ids."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.apps import build_app, client_for

METHODS = {"get", "put", "post", "patch", "delete"}


@pytest.mark.parametrize("service", ["registry", "training", "rating"])
async def test_a_fixed_address_takes_only_the_methods_it_documents(
    service: str, local_key_file: Path, token_for: Callable[..., str]
) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:9/none"
    app = build_app(service, {f"{service.upper()}_DATABASE_URL": nowhere, "BILIM_LOCAL_KEY_FILE": str(local_key_file)})
    paths = {path: set(item) & METHODS for path, item in app.openapi()["paths"].items()}
    templates = {path: re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)) for path in paths if "{" in path}
    tried = 0
    async with client_for(app, headers={"Authorization": f"Bearer {token_for('admin')}"}) as client:
        for path, own in paths.items():
            if "{" in path:
                continue
            theirs = set().union(*(paths[one] for one, form in templates.items() if form.fullmatch(path)))
            for method in sorted(theirs - own):
                answer = await client.request(method, path, json={})
                tried += 1
                assert answer.status_code == 405, f"{method} {path}: {answer.text}"
                assert {one.lower() for one in answer.headers["Allow"].split(", ")} & METHODS == own, path
    assert tried or service != "registry"
