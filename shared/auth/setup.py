"""From settings to a verifier: the local key, the issuer, or both."""

from shared.auth.claims import ClaimNames
from shared.auth.keys import LocalKey
from shared.auth.oidc import OidcKeys
from shared.auth.tokens import KeySource, TokenVerifier
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
