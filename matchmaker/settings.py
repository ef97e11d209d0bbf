"""Every setting of the platform, read once from ``MATCHMAKER_*`` variables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Settings with their defaults; the field's description is its documentation."""

    model_config = SettingsConfigDict(env_prefix="MATCHMAKER_", frozen=True, extra="ignore")

    var_dir: Annotated[Path, Field(description="Folder for everything a run writes.")] = (
        PROJECT_ROOT / "var"
    )
    database_url: Annotated[
        str, Field(description="SQLAlchemy URL of the database; empty for SQLite in VAR_DIR.")
    ] = ""
    data_dir: Annotated[Path, Field(description="Folder with plan and demo data.")] = (
        PROJECT_ROOT / "data"
    )
    encoder: Annotated[
        str, Field(description="Path or hub name of the encoder; empty for the shipped one.")
    ] = ""
    gold: Annotated[
        str,
        Field(
            description="Folder of labelled pairs (BEIR layout) that a new model is measured on; "
            "empty for the demo world's."
        ),
    ] = ""
    secret_key: Annotated[
        SecretStr,
        Field(description="Key that signs cookies; empty: made once and kept in VAR_DIR."),
    ] = SecretStr("")
    base_url: Annotated[str, Field(description="Address of the site, for links in mail.")] = (
        "http://127.0.0.1:8000"
    )
    secure_cookies: Annotated[
        bool, Field(description="Send cookies over HTTPS only; set it wherever HTTPS is used.")
    ] = False
    proxies: Annotated[
        int, Field(ge=0, description="Reverse proxies in front whose headers are trusted.")
    ] = 0
    session_days: Annotated[int, Field(ge=1, description="Days until a log-in expires.")] = 14
    log_in_rate: Annotated[str, Field(description="Log-in attempts allowed per address.")] = (
        "10 per minute; 60 per hour"
    )
    rate_storage: Annotated[
        str, Field(description="Where rate limits are counted: memory:// or redis://host.")
    ] = "memory://"
    mail_host: Annotated[
        str, Field(description="SMTP server; empty: mail is written to VAR_DIR/mail.")
    ] = ""
    mail_port: Annotated[int, Field(description="Port of the SMTP server.")] = 587
    mail_user: Annotated[str, Field(description="Log-in name at the SMTP server.")] = ""
    mail_password: Annotated[SecretStr, Field(description="Password at the SMTP server.")] = (
        SecretStr("")
    )
    mail_security: Annotated[
        Literal["starttls", "tls", "none"], Field(description="How SMTP is encrypted.")
    ] = "starttls"
    mail_sender: Annotated[str, Field(description="Sender of the platform's mail.")] = (
        "matchmaker@localhost"
    )
    assigned_per_company: Annotated[
        int,
        Field(ge=1, description="Most matches of one company in brokers' queues at a time."),
    ] = 10
    assigned_per_outcome: Annotated[
        int,
        Field(ge=1, description="Most matches of one outcome in brokers' queues at a time."),
    ] = 5
    upload_limit: Annotated[int, Field(description="Largest request body in bytes.")] = (
        2 * 1024 * 1024
    )
    attachment_limit: Annotated[
        int, Field(description="Largest request body in bytes where files are attached.")
    ] = 25 * 1024 * 1024
    timezone: Annotated[str, Field(description="Zone in which times are shown.")] = "Asia/Shanghai"
    development: Annotated[bool, Field(description="Show changes of templates at once.")] = False

    @property
    def effective_database_url(self) -> str:
        """The database's URL, SQLite in ``var_dir`` unless one is named."""
        return self.database_url or f"sqlite:///{self.var_dir / 'matchmaker.sqlite3'}"

    @property
    def encoder_location(self) -> str:
        """Where the encoder lies, the shipped one unless another is named."""
        return self.encoder or str(PROJECT_ROOT / "embeddings" / "model")

    @property
    def reader_dir(self) -> Path:
        """Where the reader of whole texts lies."""
        return PROJECT_ROOT / "embeddings" / "reader"

    @property
    def models_dir(self) -> Path:
        """Where adopted models are kept."""
        return self.var_dir / "models"

    @property
    def attachments_dir(self) -> Path:
        """Where files of messages are kept; a backup holds them too."""
        return self.var_dir / "attachments"

    @property
    def index_dir(self) -> Path:
        """Where index files are cached; deleting them loses nothing."""
        return self.var_dir / "index"
