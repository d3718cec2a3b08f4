"""`python -m tests.benchmarks.proxy`: the proxy of `config/examples/nginx.conf` before the served site; needs nginx.

Fails when a secret address stands in its log, half a request reaches the site, or the site is told wrong things.
"""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from assessment.logs import SECRET_PLACES
from tests.benchmarks.client import CSRF
from tests.benchmarks.server import ROOT, production, served
from tests.server import free_port

HALF = 50  # requests that stay half sent
SECRET = "Secret0Key1Secret2Key3"
ODD = ("/%72/{}/", "//r//{}/", "/x/../r/{}/", "/R/{}/", "/r%2F{}", "/accounts/login/?next=/r/{}/", "/r/{}/report/?a=b")


@contextmanager
def proxy(site_port: int, folder: Path) -> Iterator[int]:
    """The port of nginx with the example's settings, but for places and ports."""
    port, certificate, key = free_port(), folder / "certificate.pem", folder / "key.pem"
    wanted = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    made = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", "req", *wanted, *made], check=True, capture_output=True)
    text = (ROOT / "config/examples/nginx.conf").read_text(encoding="utf-8")
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "127.0.0.1:8000": f"127.0.0.1:{site_port}",
        "example.org;": "127.0.0.1;",
        "/etc/ssl/certs/example.org.pem": str(certificate),
        "/etc/ssl/private/example.org.key": str(key),
        "/var/log/nginx/": f"{folder}/",
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "site.conf").write_text(text)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off; pid {folder}/pid; events {{}} http {{ {places} include {folder}/site.conf; }}", encoding="utf-8"
    )
    command = ["nginx", "-c", str(main), "-e", str(folder / "start.log")]
    subprocess.run([*command, "-t"], check=True)
    process = subprocess.Popen(command)
    try:
        for _try in range(100):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def ask(port: int, path: str, method: str = "GET", body: str | None = None, **headers: str) -> int:
    context = ssl._create_unverified_context()
    line = http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=context)
    headers = {"Host": "127.0.0.1", "X-Forwarded-For": "192.0.2.66", "X-Forwarded-Proto": "http"} | headers
    line.request(method, path, body, headers)
    status = line.getresponse().status
    line.close()
    return status


def half_requests(port: int, held: ExitStack) -> None:
    context = ssl._create_unverified_context()
    for number in range(HALF):
        line = held.enter_context(context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=30)))
        body = b"Content-Length: 1000\r\n\r\nname=Mais" if number % 2 else b""
        line.sendall(b"POST /start/ HTTP/1.1\r\nHost: 127.0.0.1\r\n" + body)


def connections(port: int) -> int:
    """How many connections to a port of this machine are open."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "01" for row in rows)


def failures(site_port: int, port: int, folder: Path) -> Iterator[str]:
    if (status := ask(port, "/")) != 200:
        yield f"the site took a request by HTTPS for one by HTTP: {status}"
    for address in [f"/{place}/{{}}/" for place in SECRET_PLACES] + list(ODD):
        ask(port, address.format(SECRET))
    fields = f"csrfmiddlewaretoken={CSRF}&login=a@example.org&password=wrong"
    told = {"Cookie": f"csrftoken={CSRF}", "Referer": "https://127.0.0.1/accounts/login/"}
    told["Content-Type"] = "application/x-www-form-urlencoded"
    if (status := ask(port, "/accounts/login/", "POST", fields, **told)) != 200:
        yield f"a form was refused: {status}"
    if "network 127.0.0.1" not in (log := (folder / "workers.log").read_text()) or "192.0.2.66" in log:
        yield "the site believed a forged address"
    with ExitStack() as held:
        half_requests(port, held)
        time.sleep(1)
        if (open_now := connections(site_port)) > 20:
            yield f"{open_now} connections reach the site, of {HALF} half requests"
        if (status := ask(port, "/health/live")) != 200:
            yield f"no answer beside half requests: {status}"
    logs = "".join(path.read_text() for path in folder.glob("*.log"))
    if SECRET in logs:
        yield "a secret stands in a log:\n" + "\n".join(line for line in logs.splitlines() if SECRET in line)
    if "/mail/stop/..." not in logs or "/r/..." not in logs:
        yield "the log does not name the requests"


def main() -> int:
    if not shutil.which("nginx"):
        print("nginx is missing: install it, such as by `apt-get install nginx-light`.")
        return 1
    with tempfile.TemporaryDirectory(prefix="proxy-") as place:
        folder = Path(place)
        folder.chmod(0o755)  # nginx's own user looks into it
        environment = {"BEHIND_PROXY": "1", "HTTPS": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
        with (
            production("sqlite", **environment),
            (folder / "workers.log").open("w") as log,
            served(log) as site_port,
            proxy(site_port, folder) as port,
        ):
            found = list(failures(site_port, port, folder))
    print("\n".join(found) or f"The proxy keeps {HALF} half requests from the site, and secrets out of its log.")
    return 1 if found else 0


if __name__ == "__main__":
    os.environ.pop("SITE_ADDRESS", None)
    sys.exit(main())
