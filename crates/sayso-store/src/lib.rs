//! Collections of stories in one SQLite file.
//!
//! The only crate that writes SQL. A story is stored whole or not at all: what [`Store::add`] has returned is on the disk, and a
//! process that is killed loses nothing of it. The file opens in sqlite3, Datasette and DuckDB; `schema.sql` is its documentation.

mod add;
mod asked;
mod migrate;
mod query;
mod story;
mod traced;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};

pub use add::{Added, Arrival, bytes_hash};
pub use asked::Asked;
pub use query::{Cell, Dates, Listed, Query, Table};
pub use story::Stored;
pub use traced::Kept;

/// What SQLite files made by Sayso carry in their header: "Says".
pub const APPLICATION_ID: i64 = 0x5361_7973;
/// Version of the schema that this program writes, and the newest that it reads.
pub const VERSION: i64 = 2;
/// The schema, with its documentation.
pub const SCHEMA: &str = include_str!("schema.sql");

/// How long a writer waits for another.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a file that is busy while it is opened is tried again, and after how long.
const ATTEMPTS: usize = 200;
const PAUSE: Duration = Duration::from_millis(25);

/// What can be wrong with a collection.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such file.
    #[error("{0} does not exist; `sayso add STORIES --to {0}` makes it")]
    Missing(PathBuf),
    /// Something else than a collection.
    #[error("{0} is no Sayso collection")]
    Foreign(PathBuf),
    /// Made by a newer program.
    #[error(
        "{path} was made by a newer Sayso (its format is version {found}, this program knows {VERSION}); use that, it is left as it is"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
    },
    /// Cut short or damaged.
    #[error(
        "{path} is damaged ({what}); nothing was written to it. Restore it from a copy, or save what can be read with `sqlite3 {path} .recover`"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        what: String,
    },
    /// The disk is full.
    #[error("there is no room on the disk for {0}; what was added before is kept. Make room and run the same command again")]
    Full(PathBuf),
    /// The system refused to read or write.
    #[error(
        "{path} could not be read or written to its end ({what}): a quota, a limit on file sizes or a failing disk. What was added before is kept"
    )]
    Io {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        what: String,
    },
    /// Another process holds it.
    #[error("{0} is being written by another process, and a minute of waiting did not help")]
    Busy(PathBuf),
    /// It cannot be written.
    #[error("{0} cannot be written")]
    ReadOnly(PathBuf),
    /// Anything else that SQLite says.
    #[error("{path}: {source}")]
    Sql {
        /// The file.
        path: PathBuf,
        /// What it says.
        source: rusqlite::Error,
    },
}

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// An open collection.
pub struct Store {
    db: Connection,
    path: PathBuf,
    writes: bool,
    /// Of the file; an earlier one than [`VERSION`] lacks what later ones brought.
    version: i64,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.path.display())
    }
}

impl Store {
    /// Opens a collection for reading.
    ///
    /// # Errors
    /// [`Error`] where there is none, or none that this program can read.
    pub fn open(path: &Path) -> Result<Store> {
        if !path.exists() {
            return Err(Error::Missing(path.to_path_buf()));
        }
        // A reader of a file in WAL needs its side files, which a read-only connection cannot make: open to write, write nothing.
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .or_else(|_| Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX));
        let mut store = Store { db: db.map_err(|e| explain(path, e))?, path: path.to_path_buf(), writes: false, version: VERSION };
        store.settle()?;
        if store.check()? {
            return Err(Error::Foreign(path.to_path_buf()));
        }
        store.version = store.sql(|db| db.pragma_query_value(None, "user_version", |r| r.get(0)))?;
        Ok(store)
    }

    /// Opens a collection for writing; makes it where there is none.
    ///
    /// # Errors
    /// [`Error`] where the file is something else, newer or damaged, or cannot be made.
    pub fn create(path: &Path) -> Result<Store> {
        // One process changes the journal to one file while it closes, another to WAL while it opens: SQLite tells the second at once that
        // the file is busy, without waiting for its turn.
        for _ in 0..ATTEMPTS {
            match Self::create_once(path) {
                Err(Error::Busy(_)) => std::thread::sleep(PAUSE),
                done => return done,
            }
        }
        Self::create_once(path)
    }

    fn create_once(path: &Path) -> Result<Store> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags).map_err(|e| explain(path, e))?;
        let mut store = Store { db, path: path.to_path_buf(), writes: true, version: VERSION };
        store.settle()?;
        let empty = store.check()?;
        // WAL: readers go on while a story is written, and a killed writer leaves nothing half done.
        store.sql(|db| db.pragma_update(None, "journal_mode", "WAL"))?;
        if empty {
            store.found()?;
        }
        migrate::migrate(&mut store.db).map_err(|e| explain(path, e))?;
        Ok(store)
    }

    /// A collection that lies in memory and ends with the program.
    ///
    /// # Errors
    /// Where there is no memory for it.
    pub fn in_memory() -> Result<Store> {
        let path = PathBuf::from("(memory)");
        let db = Connection::open_in_memory().map_err(|e| explain(&path, e))?;
        let mut store = Store { db, path, writes: false, version: VERSION };
        store.settle()?;
        store.found()?;
        Ok(store)
    }

    fn settle(&self) -> Result<()> {
        self.sql(|db| {
            db.busy_timeout(PATIENCE)?;
            db.pragma_update(None, "foreign_keys", true)?;
            db.pragma_update(None, "trusted_schema", false)?;
            db.pragma_update(None, "synchronous", "FULL")?;
            db.set_prepared_statement_cache_capacity(64);
            Ok(())
        })
    }

    /// Lays the tables in an empty file. Two processes may come to this at once: one finds them laid.
    fn found(&mut self) -> Result<()> {
        let path = self.path.clone();
        let work = |db: &mut Connection| -> rusqlite::Result<()> {
            let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let version: i64 = tx.pragma_query_value(None, "user_version", |r| r.get(0))?;
            if version == 0 {
                tx.execute_batch(SCHEMA)?;
                tx.pragma_update(None, "application_id", APPLICATION_ID)?;
                tx.pragma_update(None, "user_version", VERSION)?;
            }
            tx.commit()
        };
        work(&mut self.db).map_err(|e| explain(&path, e))
    }

    /// Whether the file is empty.
    ///
    /// # Errors
    /// Where it is something else, newer or damaged.
    fn check(&self) -> Result<bool> {
        let number = |name: &str| self.sql(|db| db.pragma_query_value(None, name, |r| r.get::<_, i64>(0)));
        let tables = self.sql(|db| db.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get::<_, i64>(0)))?;
        let (application, version) = (number("application_id")?, number("user_version")?);
        if tables == 0 && application == 0 {
            return Ok(true);
        }
        if application != APPLICATION_ID {
            return Err(Error::Foreign(self.path.clone()));
        }
        if version > VERSION {
            return Err(Error::Newer { path: self.path.clone(), found: version });
        }
        // a file that was cut short is found out now, not in the middle of the work
        let whole = number("page_count")? * number("page_size")?;
        let wal = self.path.with_file_name(format!("{}-wal", self.path.file_name().unwrap_or_default().to_string_lossy()));
        let size = self.path.metadata().map_or(0, |m| m.len());
        if (size as i64) < whole && !wal.exists() {
            return Err(Error::Damaged { path: self.path.clone(), what: format!("it should hold {whole} bytes and holds {size}") });
        }
        Ok(false)
    }

    /// Runs something on the connection.
    fn sql<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        work(&self.db).map_err(|e| explain(&self.path, e))
    }

    /// How many stories it holds.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn len(&self) -> Result<usize> {
        self.sql(|db| db.query_row("SELECT count(*) FROM story", [], |r| r.get::<_, i64>(0))).map(|n| n as usize)
    }

    /// Whether it holds none.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn is_empty(&self) -> Result<bool> {
        self.len().map(|n| n == 0)
    }

    /// Checks every page and index.
    ///
    /// # Errors
    /// [`Error::Damaged`] with what is wrong first.
    pub fn verify(&self) -> Result<()> {
        let said: Option<String> = self.sql(|db| db.query_row("PRAGMA integrity_check(1)", [], |r| r.get(0)).optional())?;
        match said {
            Some(s) if s != "ok" => Err(Error::Damaged { path: self.path.clone(), what: s }),
            _ => Ok(()),
        }
    }
}

impl Drop for Store {
    /// Leaves one file behind, where nobody else has it open.
    fn drop(&mut self) {
        if self.writes {
            let _ = self.db.pragma_update(None, "wal_checkpoint", "TRUNCATE");
            let _ = self.db.busy_timeout(Duration::ZERO);
            let _ = self.db.pragma_update(None, "journal_mode", "DELETE");
        }
    }
}

/// What SQLite says, as a person needs it.
fn explain(path: &Path, e: rusqlite::Error) -> Error {
    let path = path.to_path_buf();
    match e.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => Error::Foreign(path),
        Some(ErrorCode::DatabaseCorrupt) => Error::Damaged { path, what: e.to_string() },
        Some(ErrorCode::DiskFull) => Error::Full(path),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy(path),
        // a quota or a limit on file sizes shows as a failed write
        Some(ErrorCode::SystemIoFailure) => Error::Io { path, what: e.to_string() },
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Error::ReadOnly(path),
        _ => Error::Sql { path, source: e },
    }
}
