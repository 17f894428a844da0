"""Brings the whole of Bilim up on one machine, keeps it up, and takes it down in order."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from types import FrameType

from deploy.local import databases, ports
from deploy.local.children import dies_with_parent, last_lines
from deploy.local.failure import StartFailure
from deploy.local.home import PROJECT, Home, write_privately
from deploy.local.postgres import Cluster, open_cluster
from deploy.local.processes import Backoff, ServiceProcess
from deploy.local.services import SERVICES, addresses, environment_for_services, host, require_distinct_ports
from deploy.local.stamp import Stamps, migrations_digest
from deploy.local.terminal import say

_POLL_SECONDS = 0.1
_READY_WITHIN_SECONDS = 90.0
_STOP_WITHIN_SECONDS = 12.0
_DEMO_SIZES = ("region", "national", "none")


class Stopped(Exception):
    """Somebody asked us to stop while we were still starting."""


class Supervisor:
    """One start, from the lock to the last process. The caller holds the lock of `home`."""

    def __init__(self, home: Home, environment: Mapping[str, str]) -> None:
        self.home = home
        self.environment = dict(environment)
        self.cluster: Cluster | None = None
        self.processes: list[ServiceProcess] = []
        self._cluster_backoff = Backoff()
        self._cluster_again_at: float | None = None
        self._asked_to_stop = 0
        self._given = {
            service.name: url for service in SERVICES if (url := self.environment.get(service.database_variable))
        }
        """Databases of somebody else's server, by the name of the service."""

    # A start, step by step

    def run(self) -> None:
        """Start everything, say `ready`, and stay until asked to stop."""
        self._heed_signals()
        try:
            self._start()
            say("ready")
            while not self._asked_to_stop:
                self._watch()
                time.sleep(_POLL_SECONDS)
        except Stopped:
            pass
        finally:
            self._stop()

    def migrate(self) -> None:
        """Bring the databases to the present schema and leave nothing running."""
        self._heed_signals()
        try:
            self.prepare_databases(migrate_always=True)
        except Stopped:
            pass
        finally:
            self._stop()

    def _start(self) -> None:
        demo = self.environment.setdefault("BILIM_DEMO", "region")
        if demo not in _DEMO_SIZES:
            raise StartFailure(f"BILIM_DEMO={demo} is unknown; choose {', '.join(_DEMO_SIZES)}.")
        self._tell_state("starting")
        require_distinct_ports(self.environment)
        for service in SERVICES:
            ports.require_free(
                service.port(self.environment),
                variable=service.port_variable,
                purpose=service.package,
                host=host(self.environment),
            )
        prepared = self.prepare_databases()
        self._start_services(prepared)
        self._load_demo(prepared)
        self._unless_stopped()
        self._tell_state("ready")
        say("")
        for service in SERVICES:
            say(f"  {service.package:<14} {addresses(self.environment)[service.name]}/docs")
        say(f"  {'data and logs':<14} {self.home.root}")
        say(f"  {'a token':<14} make -s token ROLE=admin")
        say("")

    def prepare_databases(self, *, migrate_always: bool = False) -> dict[str, str]:
        """Every service's database, reachable, sound and migrated; gives the environment the services are run with."""
        secrets = self.home.secrets()
        urls = dict(self._given)
        if len(self._given) < len(SERVICES):
            self.cluster = open_cluster(
                self.home.cluster_root(),
                password=secrets.postgres,
                log=self.home.log("postgres"),
                environment=self.environment,
            )
            if self.home.root not in self.cluster.root.parents:
                say(f"PostgreSQL cannot enter {self.home.root}; its data is kept in {self.cluster.root}")
            if not (self.cluster.data / "PG_VERSION").exists():
                say("Making the database cluster …")
            if self.cluster.initialise():
                Stamps(self.cluster.root).forget("migrated", "demo")
            self._unless_stopped()
            self.cluster.start()
            self._cluster_backoff.note_start(time.monotonic())
            say(f"PostgreSQL runs on 127.0.0.1:{self.cluster.port}")
            urls = asyncio.run(databases.prepare(self.cluster, secrets)) | self._given
        self._ensure_key()
        prepared = environment_for_services(self.environment, home=self.home, secrets=secrets, databases=urls)
        for service in SERVICES:
            self._unless_stopped()
            asyncio.run(databases.check(urls[service.name], variable=service.database_variable))
        self._migrate(prepared, always=migrate_always)
        return prepared

    def _migrate(self, prepared: Mapping[str, str], *, always: bool) -> None:
        stamps = self._stamps()
        if stamps and not always and stamps.says("migrated", migrations_digest()):
            return
        say("Bringing the three databases to the present schema …")
        self._call("deploy.local.migrate", prepared, what="The migrations", log="migrate")
        if stamps:
            stamps.set("migrated", migrations_digest())

    def _stamps(self) -> Stamps | None:
        """None when a database is somebody else's: what became of it since, we cannot know."""
        return Stamps(self.cluster.root) if self.cluster and not self._given else None

    def _ensure_key(self) -> None:
        if not self.home.key_file.exists():
            # Imported here because it costs as much as all else in this process, and only the first start needs it.
            from shared.auth.keys import LocalKey

            LocalKey.ensure(self.home.key_file)

    def _start_services(self, prepared: Mapping[str, str]) -> None:
        say("Starting the services …")
        self.processes = [
            ServiceProcess(
                name=service.package,
                command=service.command(self.environment),
                environment=prepared,
                log=self.home.log(service.package),
                address=addresses(self.environment)[service.name],
            )
            for service in SERVICES
        ]
        for process in self.processes:
            process.start()
        deadline = time.monotonic() + _READY_WITHIN_SECONDS
        waiting = list(self.processes)
        while waiting:
            self._unless_stopped()
            for process in list(waiting):
                if end := process.fallen():
                    raise StartFailure(f"{process.name} {end} while starting. {_told(process)}")
                if process.ready():
                    waiting.remove(process)
            if time.monotonic() > deadline:
                raise StartFailure(
                    f"{waiting[0].name} is not ready after {_READY_WITHIN_SECONDS:.0f} s. {_told(waiting[0])}"
                )
            time.sleep(_POLL_SECONDS)

    def _load_demo(self, prepared: Mapping[str, str]) -> None:
        scale, stamps = self.environment["BILIM_DEMO"], self._stamps()
        if scale == "none" or (stamps and stamps.says("demo", scale)):
            return
        try:
            self._call("deploy.demo", prepared, "--once", what="Loading the demo")
        except StartFailure as failure:
            say(f"{failure} The services run without it; the next start goes on where this one stopped.")
            return
        if stamps:
            stamps.set("demo", scale)

    def _call(self, module: str, prepared: Mapping[str, str], *arguments: str, what: str, log: str = "") -> None:
        """Run one of our own modules to its end; it dies with us, and a stop ends it."""
        path = self.home.log(log) if log else None
        output = path.open("ab") if path else None
        try:
            child = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=PROJECT,
                env=dict(prepared),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGKILL),
            )
        finally:
            if output:
                output.close()
        while child.poll() is None:
            if self._asked_to_stop:
                child.terminate()
                child.wait()
                raise Stopped
            self._watch()
            time.sleep(_POLL_SECONDS)
        if child.returncode != 0:
            told = f" The end of {path}:\n{last_lines(path)}" if path else ""
            raise StartFailure(f"{what} failed (code {child.returncode}).{told}")

    # While it runs

    def _watch(self) -> None:
        now = time.monotonic()
        self._watch_cluster(now)
        for process in self.processes:
            if end := process.fallen():
                pause = process.backoff.after_fall(now)
                say(f"{process.name} {end}; starting it again{f' in {pause:.1f} s' if pause else ''}.")
                if "code" in end:
                    say(_told(process))
                process.start_again_at = now + pause
            if process.start_again_at is not None and now >= process.start_again_at:
                process.start()

    def _watch_cluster(self, now: float) -> None:
        if self.cluster is None or self.cluster.running:
            return
        if self._cluster_again_at is None:
            pause = self._cluster_backoff.after_fall(now)
            say(f"PostgreSQL ended; starting it again{f' in {pause:.1f} s' if pause else ''}.")
            self._cluster_again_at = now + pause
        if now < self._cluster_again_at:
            return
        self._cluster_again_at = None
        self._cluster_backoff.note_start(now)
        try:
            self.cluster.start()
        except StartFailure as failure:
            say(str(failure))
            return
        say("PostgreSQL runs again; nothing that was acknowledged is lost.")

    # The end

    def _heed_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup wants SIGHUP ignored; a shell that starts us in the background ignores SIGINT, and we do not.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._note_stop)

    def _note_stop(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop += 1

    def _unless_stopped(self) -> None:
        if self._asked_to_stop:
            raise Stopped

    def _stop(self) -> None:
        """Services first, so that they finish what they answer; PostgreSQL last."""
        self._tell_state("stopping")
        if self.processes or self.cluster:
            say("Stopping …")
        for process in self.processes:
            process.ask_to_stop()
        deadline = time.monotonic() + _STOP_WITHIN_SECONDS
        for process in self.processes:
            process.stop(deadline - time.monotonic())
        if self.cluster:
            self.cluster.stop()
        self.home.state_file.unlink(missing_ok=True)
        if self.processes or self.cluster or self._asked_to_stop:
            say("Stopped.")

    def _tell_state(self, state: str) -> None:
        told = {"state": state, "process": os.getpid(), "addresses": addresses(self.environment)}
        write_privately(self.home.state_file, json.dumps(told))


def _told(process: ServiceProcess) -> str:
    return f"The end of {process.log}:\n{last_lines(process.log, 12)}"
