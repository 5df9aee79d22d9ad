"""tansu behind kafka_proxy.py as one broker that can be killed, cut off, and told whom to let in. Its memory dies with it, its name stays."""
import json
import os
import pathlib
import signal
import subprocess
import sys

from running_city import eventually

HERE = pathlib.Path(__file__).resolve().parent


class Authority:
    """A certificate authority of the test's own."""

    def __init__(self, folder, name="test authority"):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate, self.key = folder / "ca.pem", folder / "ca.key"
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", f"/CN={name}",
                      "-keyout", self.key, "-out", self.certificate)

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)

    def issue(self, name, host="localhost", expired=False):
        """(certificate, key) files."""
        certificate, key, request = self.folder / f"{name}.pem", self.folder / f"{name}.key", self.folder / f"{name}.csr"
        extensions = self.folder / "extensions"
        extensions.write_text(f"subjectAltName=DNS:{host}\n")
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout", key,
                      "-out", request)
        # OpenSSL 3.0 of Debian 12 makes no certificate for the past but by a negative number of days.
        self._openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-set_serial", "7", "-days",
                      "-1" if expired else "30", "-extfile", extensions, "-out", certificate)
        return certificate, key


class IndependentBroker:
    def __init__(self, folder, port, users=None, authority=None):
        self.folder, self.port, self.authority = folder, port, authority
        self.bootstrap = f"localhost:{port}"
        self.broker = self.proxy = None
        self.options = []
        self.users = None
        if authority:
            self.certificate, self.key = folder / "broker.pem", folder / "broker.key"
            self.use_certificate(*authority.issue("broker"))
            self.options += ["--certificate", self.certificate, "--key", self.key]
        if users:
            self.users = folder / "users.json"
            self.let_in(users)
            self.options += ["--users", self.users]

    def let_in(self, users):
        self.users.write_text(json.dumps(users))

    def use_certificate(self, certificate, key):
        """From the next connection on; those that are open are closed."""
        self.certificate.write_bytes(certificate.read_bytes())
        self.key.write_bytes(key.read_bytes())
        if self.proxy:
            self.proxy.send_signal(signal.SIGHUP)
            self.drop_connections()

    def start(self):
        with open(self.folder / "tansu.log", "ab") as log:
            self.broker = subprocess.Popen(
                [os.environ["TANSU"], "broker", "--listener-url", f"tcp://127.0.0.1:{self.port + 1}", "--advertised-listener-url",
                 f"tcp://localhost:{self.port}", "--storage-engine", "memory://tansu/"], stdout=log, stderr=log, start_new_session=True)
        if self.proxy is None:
            with open(self.folder / "proxy.log", "ab") as log:
                self.proxy = subprocess.Popen(
                    [sys.executable, HERE / "kafka_proxy.py", "--listen", str(self.port), "--broker", str(self.port + 1),
                     *map(str, self.options)], stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True)
            assert self.proxy.stdout.readline() == "ready\n", (self.folder / "proxy.log").read_text()
        eventually(lambda: b"ready in" in (self.folder / "tansu.log").read_bytes(), "tansu is up", every=0.05)

    def kill(self):
        """SIGKILL: everything it held is gone."""
        os.kill(self.broker.pid, signal.SIGKILL)
        self.broker.wait(20)
        (self.folder / "tansu.log").unlink()

    def cut(self):
        self.proxy.send_signal(signal.SIGUSR1)

    def restore(self):
        self.proxy.send_signal(signal.SIGUSR2)

    def drop_connections(self):
        self.restore()

    def stop(self):
        for process in (self.proxy, self.broker):
            if process and process.poll() is None:
                process.kill()
                process.wait(20)
