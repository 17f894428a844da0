"""Everything a service can be told from outside: one class, read from the environment when a service is built."""

import secrets
from pathlib import Path
from typing import Any, Literal, TypeVar, overload

from pydantic import Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

ServiceName = Literal["registry", "training", "rating"]

_COMMON_PREFIX = "BILIM_"
_NEVER_COMMON = frozenset({"service", "database_url", "reader_url"})
"""Settings which two services must not share by accident: each has a database of its own."""


class SettingsMissing(Exception):
    """The environment does not say what a service must know; the message lists what to set."""


class _CommonEnvironment(EnvSettingsSource):
    """`BILIM_*` variables: said once for all three services, each of which may overrule them."""

    def __call__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__call__().items() if name not in _NEVER_COMMON}


class ServiceSettings(BaseSettings):
    """Settings every service has; a service with more of its own inherits from it.

    Read by `settings_for("registry")`: `REGISTRY_<NAME>` first, then `BILIM_<NAME>`, then the default.
    """

    model_config = SettingsConfigDict(env_prefix=_COMMON_PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    service: ServiceName = Field(description="Which of the three services this process is. Set by the service itself.")

    database_url: SecretStr = Field(
        description="Address of the service's own PostgreSQL database, `postgresql://role:password@host:port/name`."
    )
    reader_url: SecretStr | None = Field(
        None, description="Address for read-only sessions, for instance of a replica. Without it: `database_url`."
    )
    pool_size: int = Field(
        8, ge=1, le=64, description="Connections to the database per process and kind of session (read, write)."
    )
    pool_timeout_seconds: float = Field(
        2.5, gt=0, le=60, description="How long a request waits for a free connection before it is answered with 503."
    )

    registry_url: str = Field("http://127.0.0.1:8001", description="Where the other services find registry_api.")
    training_url: str = Field("http://127.0.0.1:8002", description="Where the other services find training_api.")
    rating_url: str = Field("http://127.0.0.1:8003", description="Where the other services find rating_engine.")

    local_key_file: Path | None = Field(
        None,
        description="PEM file of the local Ed25519 key. When set, tokens printed by `make token` are accepted. "
        "Leave it empty in production.",
    )
    oidc_issuer: str | None = Field(
        None, description="Issuer of the tokens (`iss`), exactly as the OpenID Connect provider writes it."
    )
    oidc_audience: str = Field("bilim", min_length=1, description="Audience (`aud`) that every token must name.")
    oidc_jwks_url: str | None = Field(
        None, description="Address of the issuer's public keys. Without it, it is asked of the issuer's discovery page."
    )
    oidc_role_claims: list[str] = Field(
        ["roles", "realm_access.roles"],
        description="Claims in which roles are looked for, dots going inwards; all that are found are joined. "
        'Written as JSON, for instance `["roles"]`.',
    )
    oidc_area_claim: str = Field("area", description="Claim that holds the KATO code of the caller's area.")
    oidc_organisation_claim: str = Field(
        "organisation", description="Claim that holds the identifier of the caller's organisation in registry_api."
    )
    clock_leeway_seconds: float = Field(
        45, ge=30, le=60, description="How far the issuer's clock may differ from ours when a token is checked."
    )

    token_url: str | None = Field(
        None, description="Where this service gets its own tokens (client credentials). Without it: the local key."
    )
    client_id: str | None = Field(None, description="This service's client identifier at the issuer.")
    client_secret: SecretStr | None = Field(None, description="This service's client secret at the issuer.")

    cursor_secret: SecretStr = Field(
        default_factory=lambda: SecretStr(secrets.token_urlsafe(32)),
        description="Key that seals page cursors and the answers kept for repeated requests. Must be the same in all "
        "replicas; without it each process makes its own, and neither outlives it.",
    )

    request_deadline_seconds: float = Field(
        10, gt=0, le=300, description="Time within which a request is answered, if need be with 504."
    )
    reads_in_flight: int = Field(
        16,
        ge=1,
        le=1024,
        description="Reading requests admitted at once; more are answered with 503 in milliseconds.",
    )
    writes_in_flight: int = Field(
        16,
        ge=1,
        le=1024,
        description="Writing requests admitted at once; more are answered with 503 in milliseconds.",
    )
    body_limit_bytes: int = Field(1_048_576, ge=1024, description="Largest request body; more is 413.")
    import_limit_bytes: int = Field(67_108_864, ge=1024, description="Largest body of an import; more is 413.")

    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least serious event that is written to the log."
    )
    log_format: Literal["json", "console"] = Field(
        "json", description="One JSON object per line, or lines for a person's eyes."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _CommonEnvironment(settings_cls, env_prefix=_COMMON_PREFIX)


S = TypeVar("S", bound=ServiceSettings)


@overload
def settings_for(service: ServiceName) -> ServiceSettings: ...
@overload
def settings_for(service: ServiceName, kind: type[S]) -> S: ...
def settings_for(service: ServiceName, kind: type[ServiceSettings] = ServiceSettings) -> ServiceSettings:
    """Read the environment for one service.

    Raises `SettingsMissing`, naming the variables and never their values.
    """
    try:
        return kind(service=service, _env_prefix=f"{service.upper()}_")
    except ValidationError as error:
        wrong = "; ".join(
            f"{service.upper()}_{'_'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise SettingsMissing(f"Settings of {service} are not complete: {wrong}") from None


def explain(kind: type[ServiceSettings] = ServiceSettings) -> str:
    """The settings as a Markdown table: variable, default, meaning."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in kind.model_fields.items():
        if name != "service":
            rows.append(f"| {_variables(name)} | {_default(field)} | {field.description or ''} |")
    return "\n".join(rows) + "\n"


def _variables(name: str) -> str:
    own = f"`REGISTRY_{name.upper()}`, `TRAINING_…`, `RATING_…`"
    return own if name in _NEVER_COMMON else f"`{_COMMON_PREFIX}{name.upper()}`"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default_factory is not None:
        return "random"
    return "none" if field.default is None else f"`{field.default}`"
