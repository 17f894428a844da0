"""The three services as the local start sees them: ports, databases, and the environment they are given."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local.failure import StartFailure
from deploy.local.home import Home, Secrets


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    """Short, as in the names of its settings: `registry` for REGISTRY_DATABASE_URL."""
    package: str
    default_port: int

    @property
    def database(self) -> str:
        return f"bilim_{self.name}"

    @property
    def prefix(self) -> str:
        return self.name.upper()

    @property
    def port_variable(self) -> str:
        return f"BILIM_{self.prefix}_PORT"

    @property
    def url_variable(self) -> str:
        return f"BILIM_{self.prefix}_URL"

    @property
    def database_variable(self) -> str:
        return f"{self.prefix}_DATABASE_URL"

    def port(self, environment: Mapping[str, str]) -> int:
        text = environment.get(self.port_variable) or str(self.default_port)
        if not text.isdecimal() or not 0 < int(text) < 65536:
            raise StartFailure(f"{self.port_variable}={text} is not a port (1 to 65535).")
        return int(text)

    def command(self, environment: Mapping[str, str]) -> list[str]:
        return [
            *(sys.executable, "-m", "uvicorn", "--factory", f"services.{self.package}.app:create_app"),
            *("--host", host(environment), "--port", str(self.port(environment))),
            *("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--no-server-header"),
            *("--timeout-graceful-shutdown", "10"),
        ]


SERVICES = (
    Service("registry", "registry_api", 8001),
    Service("training", "training_api", 8002),
    Service("rating", "rating_engine", 8003),
)


def host(environment: Mapping[str, str]) -> str:
    return environment.get("BILIM_HOST") or "127.0.0.1"


def addresses(environment: Mapping[str, str]) -> dict[str, str]:
    """The address of each service by its name."""
    reachable = "127.0.0.1" if host(environment) == "0.0.0.0" else host(environment)  # noqa: S104 - compared, not bound
    return {service.name: f"http://{reachable}:{service.port(environment)}" for service in SERVICES}


def require_distinct_ports(environment: Mapping[str, str]) -> None:
    taken: dict[int, str] = {}
    for service in SERVICES:
        port = service.port(environment)
        if port in taken:
            raise StartFailure(f"{service.port_variable} and {taken[port]} are both {port}; give each its own port.")
        taken[port] = service.port_variable


def environment_for_services(
    environment: Mapping[str, str], *, home: Home, secrets: Secrets, databases: Mapping[str, str]
) -> dict[str, str]:
    """What the services are given; what the caller has set is left as it is."""
    given = environment_for_callers(environment, home=home, found=addresses(environment))
    for service in SERVICES:
        given[service.database_variable] = databases[service.name]
    given.setdefault("BILIM_CURSOR_SECRET", secrets.cursor)
    given["PYTHONUNBUFFERED"] = "1"
    return given


def environment_for_callers(environment: Mapping[str, str], *, home: Home, found: Mapping[str, str]) -> dict[str, str]:
    """What a tool needs to call the services: where each was found, and the key that signs its tokens."""
    given = dict(environment)
    for service in SERVICES:
        given[service.url_variable] = found[service.name]
    given.setdefault("BILIM_LOCAL_KEY_FILE", str(home.key_file))
    given["BILIM_HOME"] = str(home.root)
    return given
