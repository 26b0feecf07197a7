"""A real Asterisk for tests: started in a scratch folder of its own, on free ports of 127.0.0.1.

    with Asterisk() as asterisk:
        library = AsteriskPy(asterisk.url, asterisk.username, asterisk.password, app="hello")

It needs no privileges and touches nothing outside its folder: configuration, sockets, recordings,
logs and its database all live there.  The program is ``asterisk`` from PATH or /usr/sbin, or the
command line in the environment variable ``ASTERISK_COMMAND`` (for an Asterisk inside another
root, for example ``ASTERISK_COMMAND="tools/bazel_root/run asterisk"``).

The dialplan (context ``default``) has an extension for each thing that a test wants of a far end:

========= ======================================================================
``200``   answers and stays on the line, silent
``201``   rings for ever and never answers
``202``   is busy
``203``   answers, sends the digits ``1 2 3 4 #`` and stays on the line
``204``   answers and sends a tone (for recordings that shall not be silent)
``205``   answers and echoes what it hears
``206``   answers and hangs up after a second
``300``   goes into the application ``hello`` with the argument ``from-dialplan``
``301``   goes into the application named by the variable ``APP``
``310``   is broadcast to the applications, which may claim it within five seconds
``400``   where a call goes that leaves its application: stays on the line
========= ======================================================================

The PJSIP endpoint ``loop`` calls the server itself, so that ``PJSIP/200@loop`` is a call with real
SIP and RTP to extension 200; ``alice`` has a contact where nobody answers.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import math
import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import time
import wave
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

#: Names the command that starts Asterisk where it is not simply ``asterisk``.
COMMAND_VARIABLE = "ASTERISK_COMMAND"

#: When this is set to 1 a missing Asterisk is a failure, not a reason to skip.
REQUIRED_VARIABLE = "ASTERISK_REQUIRED"

#: The longest scratch folder whose control socket's path still fits into a sockaddr_un (108 bytes).
_LONGEST_FOLDER = 80

#: How long an Asterisk may take to end by itself.
_GRACE_SECONDS = 0.5

#: Modules that would bind fixed ports, look for a database or a bus, or read the machine's
#: settings.  Several servers run side by side, so nothing may use a port that is not chosen here.
_UNWANTED_MODULES = (
    "chan_iax2",
    "chan_unistim",
    "chan_motif",
    "chan_console",
    "pbx_dundi",
    "pbx_lua",
    "pbx_ael",
    "res_ael_share",
    "res_phoneprov",
    "res_pjsip_phoneprov_provider",
    "res_xmpp",
    "res_snmp",
    "res_smdi",
    "res_hep",
    "res_hep_pjsip",
    "res_hep_rtcp",
    "res_config_ldap",
    "res_config_odbc",
    "res_config_pgsql",
    "res_odbc",
    "res_odbc_transaction",
    "app_voicemail_odbc",
    "app_jack",
    "app_adsiprog",
    "app_alarmreceiver",
    "app_festival",
    "app_minivm",
    "app_queue",
    "app_agent_pool",
    "cdr_adaptive_odbc",
    "cdr_csv",
    "cdr_custom",
    "cdr_manager",
    "cdr_odbc",
    "cdr_pgsql",
    "cdr_radius",
    "cdr_sqlite3_custom",
    "cdr_tds",
    "cel_custom",
    "cel_manager",
    "cel_odbc",
    "cel_pgsql",
    "cel_radius",
    "cel_sqlite3_custom",
    "cel_tds",
    "func_odbc",
    "res_calendar",
    "res_calendar_caldav",
    "res_calendar_ews",
    "res_calendar_exchange",
    "res_calendar_icalendar",
    "res_resolver_unbound",
    "res_stun_monitor",
    "res_statsd",
)

_EXTENSIONS = """\
[default]
exten => 200,1,Answer()
 same => n,Wait(3600)
exten => 201,1,Ringing()
 same => n,Wait(3600)
exten => 202,1,Busy(3)
exten => 203,1,Answer()
 same => n,Wait(0.3)
 same => n,SendDTMF(1234#)
 same => n,Wait(3600)
exten => 204,1,Answer()
 same => n,Playtones(440)
 same => n,Wait(3600)
exten => 205,1,Answer()
 same => n,Echo()
exten => 206,1,Answer()
 same => n,Wait(1)
 same => n,Hangup()
exten => 300,1,Stasis(hello,from-dialplan)
 same => n,Hangup()
exten => 301,1,Stasis(${APP})
 same => n,Hangup()
exten => 310,1,StasisBroadcast(5000,^hello$,broadcast,yes)
 same => n,Hangup()
exten => 400,1,NoOp(left its application)
 same => n(waiting),Wait(3600)
"""

_PJSIP = """\
[loopback]
type=transport
protocol=udp
bind=127.0.0.1:{sip_port}

[loop]
type=endpoint
transport=loopback
context=default
disallow=all
allow=ulaw
aors=loop
allow_transfer=yes
direct_media=no
[loop]
type=aor
contact=sip:127.0.0.1:{sip_port}
[loop]
type=identify
endpoint=loop
match=127.0.0.1

[alice]
type=endpoint
transport=loopback
context=default
disallow=all
allow=ulaw
aors=alice
[alice]
type=aor
contact=sip:alice@127.0.0.1:{unused_port}
"""


class AsteriskMissing(Exception):
    """No Asterisk is installed here."""


class AsteriskFailed(Exception):
    """Asterisk was started and did not come up; the message ends with its own last words."""


def asterisk_command() -> list[str] | None:
    """The command that starts Asterisk here, without arguments; None where there is none."""
    given = os.environ.get(COMMAND_VARIABLE)
    if given:
        return shlex.split(given)
    program = shutil.which("asterisk") or shutil.which("asterisk", path="/usr/sbin:/usr/local/sbin")
    return [program] if program else None


def require_asterisk() -> None:
    """To be called first in a live test: skips it where no Asterisk is installed.

    Where the environment says ``ASTERISK_REQUIRED=1`` it fails instead, so that a run that is meant
    to include the live tests cannot pass without them.
    """
    if asterisk_command() is not None:
        return
    import pytest

    reason = "no Asterisk is installed (set ASTERISK_COMMAND, or run inside the Bazel root)"
    if os.environ.get(REQUIRED_VARIABLE) == "1":
        pytest.fail(f"{REQUIRED_VARIABLE}=1, but {reason}")
    pytest.skip(reason)


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port of 127.0.0.1 that nobody uses at this moment."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Asterisk:
    """One Asterisk process; a context manager.

    :param prefix: what http.conf's ``prefix`` shall be, for example ``"pbx"`` (the URL then is
        ``http://127.0.0.1:PORT/pbx/ari``).
    :param tls: also serve HTTPS (``tls_url``) with a certificate made for this server, whose own
        authority is in ``ca_file``.
    :param read_only_user: add a second user, ``reader`` with the same password, who may only GET.
    :param session_keep_alive: milliseconds after which Asterisk closes an idle connection.
    :param cors: origins that a browser's page may come from.
    :param files: further configuration files, name to text; one of the names written here replaces
        that file, a name that ends in ``+`` (``"extensions.conf+"``) adds to it.
    :param timeout: seconds until ARI must answer.
    """

    def __init__(
        self,
        *,
        prefix: str = "",
        tls: bool = False,
        read_only_user: bool = False,
        session_keep_alive: int | None = None,
        cors: Sequence[str] = (),
        files: Mapping[str, str] | None = None,
        username: str = "user",
        password: str = "password",
        timeout: float = 60.0,
    ) -> None:
        self.username = username
        self.password = password
        #: The read-only user's name; None if there is none.
        self.reader: str | None = "reader" if read_only_user else None
        self.prefix = prefix.strip("/")
        self.port = 0
        self.tls_port: int | None = None
        #: The certificate to trust for ``tls_url``.
        self.ca_file: Path | None = None
        self.sip_port = 0
        #: A UDP port where nobody listens: the far end of an external media channel.
        self.media_port = 0
        #: The scratch folder; empty until started.
        self.folder = Path()
        self._tls = tls
        self._session_keep_alive = session_keep_alive
        self._cors = tuple(cors)
        self._files = dict(files or {})
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._command: list[str] = []

    # -- where it is ---------------------------------------------------------------------------

    @property
    def _path(self) -> str:
        return f"/{self.prefix}/ari" if self.prefix else "/ari"

    @property
    def url(self) -> str:
        """The API's URL, as a library wants it."""
        return f"http://127.0.0.1:{self.port}{self._path}"

    @property
    def tls_url(self) -> str:
        """The API's URL over TLS; the certificate is for ``localhost``."""
        if self.tls_port is None:
            raise AsteriskFailed("this Asterisk was started without tls=True")
        return f"https://localhost:{self.tls_port}{self._path}"

    # -- life ----------------------------------------------------------------------------------

    def __enter__(self) -> Asterisk:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Starts it and returns when ARI answers.

        A port that somebody else takes between choosing and binding it is chosen anew."""
        command = asterisk_command()
        if command is None:
            raise AsteriskMissing("no Asterisk is installed here")
        self._command = command
        self.folder = _scratch_folder()
        try:
            for attempt in (1, 2, 3):
                self._choose_ports()
                self._configure()
                try:
                    self._launch()
                    return
                except AsteriskFailed:
                    self._end()
                    if attempt == 3 or "Address already in use" not in self.log():
                        raise
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends it and removes its folder; does nothing if it does not run."""
        self._end()
        if self.folder != Path():
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = Path()

    def kill(self) -> None:
        """Ends the server abruptly, as a crash would; ``restart`` brings it back."""
        if self._process is not None:
            _signal(self._process, signal.SIGKILL)
            self._process.wait()
            _wait_for_group(self._process, time.monotonic() + _GRACE_SECONDS)

    def restart(self) -> None:
        """Starts it again, with the same ports and configuration; ends it first if it runs."""
        self.kill()
        self._launch()

    # -- what tests ask of it ------------------------------------------------------------------

    def cli(self, command: str) -> str:
        """Runs a command of Asterisk's own console and gives back what it printed."""
        done = subprocess.run(
            [*self._command, "-C", str(self.folder / "etc/asterisk.conf"), "-rx", command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=30,
            check=False,
        )
        return done.stdout.decode("utf-8", "replace")

    def log(self) -> str:
        """What Asterisk wrote since it was started: notices, warnings and errors."""
        parts = []
        for name in ("output.txt", "log/messages.log"):
            with contextlib.suppress(OSError):
                parts.append((self.folder / name).read_text("utf-8", "replace"))
        return "\n".join(parts)

    def version(self) -> str:
        """Asterisk's version, for example ``22.10.1``, as the server itself reports it."""
        info = self.get("/asterisk/info")
        # Distributions add their own revision: "22.10.1+dfsg+~cs6.17.60671434-1".
        found = re.match(r"[0-9]+(\.[0-9]+)*", str(info["system"]["version"]))
        return found.group() if found else "unknown"

    def get(self, path: str) -> Any:
        """GETs a path below the API's URL and decodes the JSON: for preparing and checking."""
        return self.call("GET", path)[1]

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Sends a request without any library: its status, and its JSON (None if it has none)."""
        split = urlsplit(self.url)
        connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=30)
        headers = {"Authorization": basic_credentials(self.username, self.password)}
        payload = None
        if body is not None:
            payload = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, split.path + path, body=payload, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
            is_json = (answer.getheader("Content-Type") or "").startswith("application/json")
            return answer.status, json.loads(content) if is_json and content else None
        finally:
            connection.close()

    # -- inside --------------------------------------------------------------------------------

    def _choose_ports(self) -> None:
        self.port = free_port()
        self.sip_port = free_port(socket.SOCK_DGRAM)
        self.media_port = free_port(socket.SOCK_DGRAM)
        if self._tls:
            self.tls_port = free_port()

    def _launch(self) -> None:
        with open(self.folder / "output.txt", "ab") as output:
            self._process = subprocess.Popen(
                [*self._command, "-C", str(self.folder / "etc/asterisk.conf"), "-f"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                # The machine's own language and settings shall not change what is recorded.
                env={
                    **os.environ,
                    "LC_ALL": "C.UTF-8",
                    "HOME": str(self.folder),
                    # What enters another root looks for it in the user's own cache.
                    "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME")
                    or os.path.expanduser("~/.cache"),
                },
                # Ctrl-C is for the test, which then stops this server in order.
                start_new_session=True,
            )
        end = time.monotonic() + self._timeout
        while True:
            if self._process.poll() is not None:
                raise AsteriskFailed(
                    f"Asterisk ended at once with status {self._process.returncode}"
                    + self._last_words()
                )
            with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
                # Asterisk answers 503 until it is fully booted.
                if self.call("GET", "/asterisk/ping")[0] == 200:
                    return
            if time.monotonic() > end:
                raise AsteriskFailed(
                    f"ARI did not answer within {self._timeout:g} seconds" + self._last_words()
                )
            time.sleep(0.05)

    def _last_words(self) -> str:
        lines = self.log().splitlines()
        return "; its last words:\n" + "\n".join(lines[-15:]) if lines else ""

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        # It has nothing to save, and would wait long for far ends of SIP that do not answer.
        _signal(process, signal.SIGTERM)
        end = time.monotonic() + _GRACE_SECONDS
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_GRACE_SECONDS)
        _wait_for_group(process, end)
        _signal(process, signal.SIGKILL)
        process.wait()

    def _configure(self) -> None:
        folder = self.folder
        for name in (
            "etc",
            "run",
            "log",
            "lib",
            "db",
            "spool/recording",
            "spool/tmp",
            "moh",
            "keys",
        ):
            (folder / name).mkdir(parents=True, exist_ok=True)
        if self._tls and self.ca_file is None:
            self.ca_file = make_certificate(folder / "etc")
        _write_tone(folder / "moh/tone.wav", seconds=2.0)
        files = {
            "asterisk.conf": self._asterisk_conf(),
            "http.conf": self._http_conf(),
            "ari.conf": self._ari_conf(),
            "modules.conf": "[modules]\nautoload=yes\n"
            + "".join(f"noload => {name}.so\n" for name in _UNWANTED_MODULES),
            "extensions.conf": _EXTENSIONS,
            "pjsip.conf": _PJSIP.format(sip_port=self.sip_port, unused_port=self.media_port),
            # What ARI creates under /asterisk/config/dynamic/res_pjsip is kept in memory, beside
            # what pjsip.conf says.
            "sorcery.conf": "[res_pjsip]\n"
            + "".join(
                f"{kind}=config,pjsip.conf,criteria=type={kind}\n{kind}=memory\n"
                for kind in ("auth", "aor", "endpoint")
            ),
            "logger.conf": "[general]\n[logfiles]\nmessages.log => notice,warning,error\n",
            "indications.conf": "[general]\ncountry=us\n[us]\ndescription=United States\n"
            "ringcadence=2000,4000\ndial=350+440\nbusy=480+620/500,0/500\n"
            "ring=440+480/2000,0/4000\ncongestion=480+620/250,0/250\n",
            "musiconhold.conf": f"[default]\nmode=files\ndirectory={folder}/moh\n",
            "stasis.conf": "",
            "cdr.conf": "[general]\nenable=no\n",
            "cel.conf": "[general]\nenable=no\n",
            "manager.conf": "[general]\nenabled=no\n",
            "features.conf": "[general]\n",
            "confbridge.conf": "[general]\n",
            "voicemail.conf": "[general]\nformat=wav\n[default]\n100 => 1234,Test\n",
            "rtp.conf": "[general]\nrtpstart=20000\nrtpend=30000\n",
            "ccss.conf": "[general]\n",
            "acl.conf": "",
            "udptl.conf": "[general]\n",
            "codecs.conf": "",
            "dnsmgr.conf": "[general]\nenable=no\n",
        }
        for name, text in self._files.items():
            if name.endswith("+"):
                files[name[:-1]] = files.get(name[:-1], "") + text
            else:
                files[name] = text
        for name, text in files.items():
            (folder / "etc" / name).write_text(text, "utf-8")

    def _asterisk_conf(self) -> str:
        folder = self.folder
        # Modules, sounds and the API's documents stay where Asterisk was installed: astmoddir and
        # astdatadir keep the values it was built with.
        return f"""\
[directories]
astetcdir => {folder}/etc
astvarlibdir => {folder}/lib
astdbdir => {folder}/db
astkeydir => {folder}
astspooldir => {folder}/spool
astrundir => {folder}/run
astlogdir => {folder}/log
[options]
languageprefix = yes
record_cache_dir = {folder}/spool/tmp
hideconnect = yes
entityid = 02:00:00:00:00:01
"""

    def _http_conf(self) -> str:
        text = f"[general]\nenabled=yes\nbindaddr=127.0.0.1\nbindport={self.port}\n"
        if self.prefix:
            text += f"prefix={self.prefix}\n"
        if self._session_keep_alive is not None:
            text += f"session_keep_alive={self._session_keep_alive}\n"
        if self._tls:
            etc = self.folder / "etc"
            text += (
                f"tlsenable=yes\ntlsbindaddr=127.0.0.1:{self.tls_port}\n"
                f"tlscertfile={etc}/server.crt\ntlsprivatekey={etc}/server.key\n"
            )
        return text

    def _ari_conf(self) -> str:
        text = "[general]\nenabled=yes\n"
        if self._cors:
            text += f"allowed_origins={','.join(self._cors)}\n"
        text += f"[{self.username}]\ntype=user\nread_only=no\npassword={self.password}\n"
        if self.reader:
            text += f"[{self.reader}]\ntype=user\nread_only=yes\npassword={self.password}\n"
        return text


@contextlib.contextmanager
def live_asterisk(**options: Any) -> Iterator[Asterisk]:
    """``with live_asterisk() as asterisk:`` in a test: skips without Asterisk, else runs one."""
    require_asterisk()
    with Asterisk(**options) as asterisk:
        yield asterisk


def basic_credentials(username: str, password: str) -> str:
    """The value of an Authorization header."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


def make_certificate(folder: Path) -> Path:
    """Makes ``server.key`` and ``server.crt`` for localhost in a folder, with the ``openssl``
    program, and an authority ``ca.crt`` that signed it, whose path is given back."""

    def openssl(*arguments: str) -> None:
        done = subprocess.run(
            ["openssl", *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            raise AsteriskFailed(
                f"openssl {arguments[0]} failed:\n{done.stdout.decode('utf-8', 'replace')}"
            )

    key = ("-newkey", "rsa:2048", "-nodes")
    extensions = folder / "server.ext"
    extensions.write_text(
        "basicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n"
        "extendedKeyUsage=serverAuth\nauthorityKeyIdentifier=keyid\n"
    )
    authority = folder / "ca.cnf"
    authority.write_text(
        "[req]\ndistinguished_name=dn\nprompt=no\nx509_extensions=ext\n[dn]\nCN=Test authority\n"
        "[ext]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
        "subjectKeyIdentifier=hash\n"
    )
    openssl(
        *("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "30"),
        *("-config", "ca.cnf"),
    )
    openssl(
        *("req", *key, "-keyout", "server.key", "-out", "server.csr"),
        *("-subj", "/CN=localhost", "-config", "ca.cnf"),
    )
    openssl(
        *("x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key"),
        *("-CAcreateserial", "-days", "30", "-extfile", "server.ext", "-out", "server.crt"),
    )
    return folder / "ca.crt"


def trusting_context(asterisk: Asterisk) -> ssl.SSLContext:
    """A TLS context that trusts this Asterisk's own authority and nobody else."""
    return ssl.create_default_context(cafile=str(asterisk.ca_file))


def _signal(process: subprocess.Popen[bytes], number: int) -> bool:
    """Sends a signal to the process and all that it started; false if none of them is left."""
    try:
        # It was started in a session of its own, so that its group is its children and no more.
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return False
    return True


def _wait_for_group(process: subprocess.Popen[bytes], end: float) -> None:
    """Waits until all that the process started is gone, too, which holds the ports until then.

    What enters another root may end before the Asterisk that it started there."""
    while _signal(process, 0) and time.monotonic() < end:
        time.sleep(0.02)


def _scratch_folder() -> Path:
    # A Bazel test's own temporary folder lies too deep for the path of a Unix socket.
    folder = Path(tempfile.mkdtemp(prefix="asterisk-"))
    if len(str(folder)) <= _LONGEST_FOLDER:
        return folder
    folder.rmdir()
    return Path(tempfile.mkdtemp(prefix="asterisk-", dir="/tmp"))


def _write_tone(file: Path, seconds: float) -> None:
    """A quiet tone of 440 Hz, 8 kHz, 16 bits: what music on hold plays here."""
    rate = 8000
    samples = (
        int(3000 * math.sin(2 * math.pi * 440 * n / rate)) for n in range(int(rate * seconds))
    )
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
