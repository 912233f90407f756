"""Starting the server: address, token, password, warnings."""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Callable
from pathlib import Path

from forensics.errors import Fault, InputError, MissingProgramError

__all__ = ["LOOPBACK", "serve"]

LOOPBACK = "127.0.0.1"


def serve(
    folder: Path | None,
    *,
    host: str = LOOPBACK,
    port: int = 0,
    password_file: Path | None = None,
    names: tuple[str, ...] = (),
    certificate: Path | None = None,
    key: Path | None = None,
    person: str = "",
    catalogue: Path | None = None,
    cases: Path | None = None,
    tell: Callable[[str], None] = print,
) -> None:
    """Serve the pages until interrupted.

    Raises
    ------
    InputError
        A host that others can reach without a password file; a port that is taken; a case that cannot be opened.
    MissingProgramError
        The extra ``[workbench]`` is not installed.
    """
    try:
        import uvicorn  # noqa: PLC0415

        from forensics.workbench.application import build  # noqa: PLC0415
        from forensics.workbench.sessions import Sessions, read_password  # noqa: PLC0415
        from forensics.workbench.state import Settings, Workbench  # noqa: PLC0415
    except ImportError as error:
        message = (
            f"The local page needs the package {error.name}: pip install 'missile-forensics[workbench]'. "
            "Everything else works without it, on the same case folder."
        )
        raise MissingProgramError(message) from None
    local = is_loopback(host)
    if not local and password_file is None:
        message = f"{host} can be reached by others."
        raise InputError(Fault("--host", message=message, advice="Add --password-file FILE, or leave --host out."))
    if (certificate is None) != (key is None):
        raise InputError(Fault("--certificate", message="a certificate and its key belong together."))
    password = read_password(password_file) if password_file is not None else None
    listener = _listen(host, port)
    bound = int(listener.getsockname()[1])
    scheme = "https" if certificate is not None else "http"
    hosts = _hosts(host, bound, names)
    logging.basicConfig(format="forensics: %(message)s", level=logging.WARNING)
    sessions = Sessions(person, password)

    def announce(why: str) -> None:
        if why:
            tell(why)
        tell(f"{scheme}://{hosts[0]}/enter?token={sessions.new_token()}")

    settings = Settings(
        hosts=hosts,
        person=person,
        catalogue=catalogue,
        cases=cases,
        secure=certificate is not None,
        announce=None if password is not None else announce,
    )
    workbench = Workbench(settings, sessions, folder)
    if not local:
        tell("Warning: others on this network can reach this page; with the password they can change the case.")
        if certificate is None:
            tell("Warning: without --certificate the password and the case travel unencrypted.")
    if password is None:
        announce("Open this address in a browser on this machine; it works once. Ctrl-C ends the work.")
    else:
        tell(f"{scheme}://{hosts[0]}/enter  (password in {password_file}; Ctrl-C ends the work)")
    config = uvicorn.Config(
        build(workbench),
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        ws="none",
        limit_concurrency=200,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=32_768,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        workbench.close()
        listener.close()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)  # whoever opens the address before the pages are ready waits instead of being refused
    except OSError as error:
        advice = "Choose another with --port, or leave it out."
        raise InputError(Fault("--port", message=f"{host}:{port} cannot be used: {error}.", advice=advice)) from None
    return listener


def _hosts(host: str, port: int, names: tuple[str, ...]) -> tuple[str, ...]:
    """What the Host header may say, the one to print first."""
    own = [host] if ":" not in host else [f"[{host}]"]
    if is_loopback(host):
        own += [LOOPBACK, "localhost"]
    elif host in ("0.0.0.0", "::"):  # noqa: S104 -- compared, not bound
        own = [LOOPBACK, "localhost"]
    own = [*names, *own]
    return tuple(dict.fromkeys(f"{name.lower()}:{port}" for name in own))
