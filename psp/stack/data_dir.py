"""The data directory: where everything of one embedded stack lies."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
ROLES_SQL = BASE_DIR / "psp" / "roles.sql"
DATABASE_SQL = BASE_DIR / "psp" / "database.sql"
DATABASE = "psp"
SECRETS = ("postgres", "psp_web", "psp_migrator", "psp_tester", "redis", "secret_key", "field_key")


def data_dir() -> Path:
    """PSP_DATA_DIR, or `.psp` in the project; always absolute."""
    return Path(os.environ.get("PSP_DATA_DIR") or BASE_DIR / ".psp").absolute()


@dataclass(frozen=True)
class DataDir:
    """Names the files of one stack; nothing else builds these paths."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def redis(self) -> Path:
        return self.path / "redis"

    @property
    def start_lock(self) -> Path:
        """Held while somebody looks whether the servers run, and starts them."""
        return self.path / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Held shared by every process that uses the servers, exclusively by the keeper while it stops them."""
        return self.path / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper as long as it lives."""
        return self.path / "keeper.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Held by the supervisor; holds its process id."""
        return self.path / "supervisor.lock"

    @property
    def secrets_file(self) -> Path:
        return self.path / "secrets.json"

    @property
    def log(self) -> Path:
        return self.path / "servers.log"

    @property
    def ports_file(self) -> Path:
        return self.path / "ports.json"

    @property
    def running_file(self) -> Path:
        """Written by the keeper once both servers answer, removed when they stop."""
        return self.path / "running"

    def create(self) -> None:
        """Make the directory: readable by nobody else, passable for the server's own user when we are root."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)

    def passwords(self) -> dict[str, str]:
        """One password for each of SECRETS, made at the first call and kept. Call under the start lock."""
        kept = json.loads(self.secrets_file.read_text()) if self.secrets_file.exists() else {}
        new = {name: _new_secret(name) for name in SECRETS if name not in kept}
        if new:
            write_private(self.secrets_file, json.dumps(kept | new))
        return {**kept, **new}

    def note(self, name: str) -> str:
        """A one-line note about what has been done to the database, or ''."""
        file = self.path / f"{name}.done"
        return file.read_text().strip() if file.exists() else ""

    def write_note(self, name: str, text: str = "yes") -> None:
        (self.path / f"{name}.done").write_text(text + "\n")

    def ports(self) -> dict[str, int]:
        """The ports last used, {} before the first start."""
        return dict(json.loads(self.ports_file.read_text())) if self.ports_file.exists() else {}


def _new_secret(name: str) -> str:
    if name == "field_key":  # Fernet wants just this form
        return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_urlsafe(48 if name == "secret_key" else 24)


def write_private(file: Path, text: str) -> None:
    """Write a file only its owner can read, whole or not at all."""
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text)
    draft.replace(file)
