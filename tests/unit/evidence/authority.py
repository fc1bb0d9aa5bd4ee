"""A time-stamping authority of one's own: OpenSSL behind HTTP on loopback."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[signer]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = service
[service]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
"""


@dataclass
class Authority:
    """A running authority.

    Attributes:
        address: where it answers.
        roots: the certificate to trust it by.
        asked: the requests that it was sent, as they came.
    """

    address: str
    roots: Path
    asked: list[bytes] = field(default_factory=list)


def make(folder: Path, name: str) -> None:
    """Make a root and a signer that the root vouches for."""
    folder.mkdir(parents=True)
    config = folder / "openssl.cnf"
    config.write_text(CONFIG.format(name=name, folder=folder))
    (folder / "serial").write_text("01\n")
    key = ("-newkey", "rsa:2048", "-nodes", "-config", str(config))
    run(
        "req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem",
        "-days", "30", "-extensions", "root", folder=folder,
    )  # fmt: skip
    run(
        "req", "-new", *key, "-keyout", "signer.key", "-out", "signer.csr",
        "-subj", f"/CN={name} signer", folder=folder,
    )  # fmt: skip
    run(
        "x509", "-req", "-in", "signer.csr", "-CA", "root.pem", "-CAkey", "root.key",
        "-CAcreateserial", "-days", "30", "-extfile", str(config),
        "-extensions", "signer", "-out", "signer.pem", folder=folder,
    )  # fmt: skip


def run(*arguments: str, folder: Path, given: bytes = b"") -> bytes:
    """Run OpenSSL in a folder; what it writes."""
    done = subprocess.run(
        ["openssl", *arguments], cwd=folder, input=given, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@contextmanager
def authority(folder: Path, name: str = "Test") -> Iterator[Authority]:
    """An authority that answers until the block ends."""
    make(folder, name)
    running = Authority("", folder / "root.pem")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            running.asked.append(query)
            (folder / "query.tsq").write_bytes(query)
            reply = run(
                "ts", "-reply", "-config", "openssl.cnf", "-section", "service",
                "-queryfile", "query.tsq", folder=folder,
            )  # fmt: skip
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
