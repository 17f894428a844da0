"""The data folder: one master, secrets made once, clear words when it cannot be used."""

import os
import socket
import stat
from pathlib import Path

import pytest

from deploy.local import ports
from deploy.local.already import take_or_join
from deploy.local.failure import StartFailure
from deploy.local.home import Lock, open_home, write_privately
from deploy.local.services import SERVICES, environment_for_services, require_distinct_ports


def test_of_two_starters_one_is_the_master_until_it_lets_go(tmp_path: Path) -> None:
    home = open_home({"BILIM_HOME": str(tmp_path)})
    first, second = Lock(home), Lock(home)

    assert first.acquire()
    assert not second.acquire()
    assert second.holder() == str(os.getpid())
    first.release()
    assert second.acquire()
    second.release()


def test_a_second_start_at_other_addresses_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    home = open_home({"BILIM_HOME": str(tmp_path)})
    first = Lock(home)
    first.acquire()
    write_privately(home.state_file, '{"state": "ready", "process": 7, "addresses": {"registry": "http://h:1"}}')

    with pytest.raises(StartFailure, match=r"(?s)already runs .*http://h:1.*BILIM_HOME"):
        take_or_join(Lock(home), home, {})

    first.release()


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    home = open_home({"BILIM_HOME": str(tmp_path)})

    made = home.secrets()

    assert home.secrets() == made
    assert len({made.postgres, made.registry, made.training, made.rating, made.cursor}) == 5
    assert stat.S_IMODE(home.secrets_file.stat().st_mode) == 0o600


def test_lost_secrets_are_not_silently_made_anew_beside_old_data(tmp_path: Path) -> None:
    home = open_home({"BILIM_HOME": str(tmp_path)})
    (home.cluster_root() / "data").mkdir(parents=True)

    with pytest.raises(StartFailure, match=r"secrets\.json is gone"):
        home.secrets()
    (home.cluster_root() / "data").rmdir()
    home.cluster_root().rmdir()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StartFailure, match=r"data folder .*/file/home cannot be written"):
        open_home({"BILIM_HOME": str(tmp_path / "file" / "home")})


def test_a_taken_port_is_told_with_the_variable_that_moves_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(StartFailure, match=rf"(?s)Port {port} for registry_api.*BILIM_REGISTRY_PORT="):
            ports.require_free(port, variable="BILIM_REGISTRY_PORT", purpose="registry_api", patience=0)


@pytest.mark.parametrize("port", ["0", "65536", "eight", "-1"])
def test_a_port_that_is_none_is_refused_by_its_variable(port: str) -> None:
    with pytest.raises(StartFailure, match=f"BILIM_RATING_PORT={port} is not a port"):
        require_distinct_ports({"BILIM_RATING_PORT": port})


def test_two_services_on_one_port_are_refused() -> None:
    with pytest.raises(StartFailure, match="BILIM_TRAINING_PORT and BILIM_REGISTRY_PORT are both 8001"):
        require_distinct_ports({"BILIM_TRAINING_PORT": "8001"})


def test_services_are_told_of_each_other_and_the_callers_own_settings_stay(tmp_path: Path) -> None:
    home = open_home({"BILIM_HOME": str(tmp_path)})
    databases = {service.name: f"postgresql://{service.name}" for service in SERVICES}

    given = environment_for_services(
        {"BILIM_RATING_PORT": "9003", "BILIM_CURSOR_SECRET": "mine"},
        home=home,
        secrets=home.secrets(),
        databases=databases,
    )

    assert given["TRAINING_DATABASE_URL"] == "postgresql://training"
    assert given["BILIM_RATING_URL"] == "http://127.0.0.1:9003"
    assert given["BILIM_CURSOR_SECRET"] == "mine"
    assert given["BILIM_LOCAL_KEY_FILE"] == str(tmp_path / "local-key.pem")
