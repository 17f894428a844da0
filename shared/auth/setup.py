"""From settings to a verifier of callers, and to the tokens with which this service calls others."""

from collections.abc import Collection

from shared.auth.actor import Scope
from shared.auth.claims import ClaimNames
from shared.auth.keys import LocalKey
from shared.auth.oidc import OidcKeys
from shared.auth.tokens import KeySource, TokenVerifier
from shared.clients.credentials import ClientCredentials, LocalTokens, TokenSource
from shared.settings import ServiceSettings


def verifier_from(settings: ServiceSettings) -> TokenVerifier:
    """The verifier of a service; raises `LocalKeyUnusable` when a key file is named but cannot be used.

    With neither key nor issuer the service stands, reads stay public, and every token is refused.
    """
    sources: list[KeySource] = []
    if settings.local_key_file is not None:
        sources.append(LocalKey.load(settings.local_key_file, audience=settings.oidc_audience))
    if settings.oidc_issuer is not None:
        sources.append(OidcKeys(settings.oidc_issuer, audience=settings.oidc_audience, jwks_url=settings.oidc_jwks_url))
    return TokenVerifier(
        sources,
        leeway_seconds=settings.clock_leeway_seconds,
        names=ClaimNames(
            roles=tuple(settings.oidc_role_claims),
            area=settings.oidc_area_claim,
            organisation=settings.oidc_organisation_claim,
        ),
    )


def tokens_from(settings: ServiceSettings, *, scopes: Collection[Scope] | None = None) -> TokenSource | None:
    """How this service presents itself: at the issuer if it is a client there, else with the local key, else not.

    `scopes` narrow what the role `integration` gives; a service asks for no more than it uses.
    """
    if settings.token_url is not None and settings.client_id is not None and settings.client_secret is not None:
        asked = " ".join(sorted(scopes)) if scopes is not None else None
        return ClientCredentials(settings.token_url, settings.client_id, settings.client_secret, scope=asked)
    if settings.local_key_file is not None:
        key = LocalKey.load(settings.local_key_file, audience=settings.oidc_audience)
        return LocalTokens(key, subject=f"{settings.service}-service", scopes=scopes)
    return None
