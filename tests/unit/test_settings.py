"""Settings: where they come from, what they refuse, and that each is explained."""

from pathlib import Path

import pytest

from shared.settings import ServiceSettings, SettingsMissing, explain, settings_for

_PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
_DATABASE = "postgresql://registry:secret-password@db/registry"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith(("BILIM_", "REGISTRY_", "TRAINING_", "RATING_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("REGISTRY_DATABASE_URL", _DATABASE)


def test_a_services_own_variable_overrules_the_common_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILIM_LOG_LEVEL", "warning")
    monkeypatch.setenv("BILIM_CLOCK_LEEWAY_SECONDS", "60")
    monkeypatch.setenv("REGISTRY_LOG_LEVEL", "debug")

    settings = settings_for("registry")

    assert (settings.log_level, settings.clock_leeway_seconds) == ("debug", 60)


def test_addresses_of_the_three_services_are_said_once_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILIM_TRAINING_URL", "http://training:9000")

    settings = settings_for("registry")

    assert settings.training_url == "http://training:9000"
    assert settings.registry_url == "http://127.0.0.1:8001"


def test_a_database_is_never_shared_by_a_common_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILIM_DATABASE_URL", "postgresql://everyone@db/one")

    with pytest.raises(SettingsMissing, match="TRAINING_DATABASE_URL"):
        settings_for("training")


def test_an_empty_variable_is_an_absent_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILIM_LOCAL_KEY_FILE", "")

    assert settings_for("registry").local_key_file is None


def test_a_service_cannot_be_renamed_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRY_SERVICE", "rating")

    assert settings_for("registry").service == "registry"


def test_all_faults_are_named_at_once_and_no_value_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRY_POOL_SIZE", "s3cr3t-typed-in-the-wrong-place")
    monkeypatch.setenv("BILIM_CLOCK_LEEWAY_SECONDS", "3")

    with pytest.raises(SettingsMissing) as raised:
        settings_for("registry")

    assert "REGISTRY_POOL_SIZE" in str(raised.value)
    assert "REGISTRY_CLOCK_LEEWAY_SECONDS" in str(raised.value)
    assert "s3cr3t" not in str(raised.value)


def test_secrets_do_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILIM_CLIENT_SECRET", "hush-hush")
    monkeypatch.setenv("BILIM_CURSOR_SECRET", "cursor-hush")

    printed = repr(settings_for("registry"))

    assert not any(secret in printed for secret in ("secret-password", "hush-hush", "cursor-hush"))


def test_without_a_cursor_secret_each_process_makes_its_own() -> None:
    first, second = settings_for("registry"), settings_for("registry")

    assert len(first.cursor_secret.get_secret_value()) >= 32
    assert first.cursor_secret != second.cursor_secret


def test_role_claims_are_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILIM_OIDC_ROLE_CLAIMS", '["groups"]')

    assert settings_for("registry").oidc_role_claims == ["groups"]


def test_a_service_may_have_settings_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    class Own(ServiceSettings):
        rows_per_batch: int = 10

    monkeypatch.setenv("REGISTRY_ROWS_PER_BATCH", "500")

    assert settings_for("registry", Own).rows_per_batch == 500


def test_every_setting_is_explained() -> None:
    unexplained = [name for name, field in ServiceSettings.model_fields.items() if not field.description]

    assert unexplained == []


def test_the_settings_page_is_what_the_code_says() -> None:
    assert explain() in _PAGE.read_text(encoding="utf-8")
