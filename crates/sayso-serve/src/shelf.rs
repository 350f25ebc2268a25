//! The two collections: the file, and the desk, which lies in memory and ends with the program.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sayso_show::Coverage;
use sayso_show::room::Shelf as About;
use sayso_store::{Kept, Store};

use crate::fail::Fail;

/// What traced it, as the collection notes.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");
/// Stories that lie on the desk at most; the oldest make room.
pub const DESK: usize = 500;
/// Connections that are kept open for readers.
const READERS: usize = 16;

/// A collection that many read and one writes.
pub struct Shelf {
    place: Place,
    /// One trace at a time: the second finds it done.
    tracing: Mutex<()>,
}

enum Place {
    File { path: PathBuf, readers: Mutex<Vec<Store>>, writer: Mutex<Option<Store>> },
    Desk(Mutex<Store>),
}

/// A panic while a lock was held left a connection behind, which SQLite keeps whole: go on with it.
fn lock<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shelf {
    /// The collection in a file; none need be there yet.
    pub fn file(path: &Path) -> sayso_store::Result<Shelf> {
        let readers = if path.exists() { vec![Store::open(path)?] } else { Vec::new() };
        let place = Place::File { path: path.to_path_buf(), readers: Mutex::new(readers), writer: Mutex::new(None) };
        Ok(Shelf { place, tracing: Mutex::new(()) })
    }

    /// An empty desk.
    pub fn desk() -> sayso_store::Result<Shelf> {
        Ok(Shelf { place: Place::Desk(Mutex::new(Store::in_memory()?)), tracing: Mutex::new(()) })
    }

    /// What to call it.
    pub fn about(&self) -> About {
        let name = match &self.place {
            Place::File { path, .. } => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            Place::Desk(_) => "the desk".into(),
        };
        // every page asks: no empty collection is laid out to count nothing
        let none = matches!(&self.place, Place::File { path, .. } if !path.exists());
        About { name, stories: if none { 0 } else { self.read(|s| Ok(s.len()?)).unwrap_or(0) } }
    }

    /// Reads.
    pub fn read<T>(&self, work: impl FnOnce(&Store) -> Result<T, Fail>) -> Result<T, Fail> {
        match &self.place {
            Place::Desk(store) => work(&lock(store)),
            Place::File { path, readers, .. } => {
                let free = lock(readers).pop();
                let store = match free {
                    Some(s) => s,
                    None if path.exists() => Store::open(path)?,
                    // nothing was kept yet
                    None => return work(&Store::in_memory()?),
                };
                let out = work(&store);
                let mut readers = lock(readers);
                if readers.len() < READERS {
                    readers.push(store);
                }
                out
            }
        }
    }

    /// Writes. The file is made where there is none.
    pub fn write<T>(&self, work: impl FnOnce(&mut Store) -> Result<T, Fail>) -> Result<T, Fail> {
        match &self.place {
            Place::Desk(store) => work(&mut lock(store)),
            Place::File { path, writer, .. } => {
                let mut writer = lock(writer);
                let mut store = match writer.take() {
                    Some(s) => s,
                    None => Store::create(path)?,
                };
                let out = work(&mut store);
                *writer = Some(store);
                out
            }
        }
    }

    /// Traces what was added since it was traced last, then reads.
    pub fn traced<T>(&self, work: impl FnOnce(&Store) -> Result<T, Fail>) -> Result<T, Fail> {
        let fresh = |s: &Store| Ok(s.is_empty()? || s.is_traced(PROGRAM)?);
        if !self.read(fresh)? {
            let _one = lock(&self.tracing);
            if !self.read(fresh)? {
                let kept = Kept::trace(self.read(|s| Ok(s.reports(None)?))?);
                self.write(|s| Ok(s.keep(&kept, PROGRAM)?))?;
            }
        }
        self.read(work)
    }

    /// Leaves one file behind.
    pub fn close(&self) {
        if let Place::File { path, readers, writer } = &self.place {
            lock(readers).clear();
            drop(lock(writer).take());
            // a collection that was only read may still lie in two files from before
            let mut wal = path.clone().into_os_string();
            wal.push("-wal");
            if Path::new(&wal).exists() {
                drop(Store::create(path));
            }
        }
    }
}

/// What a collection holds, for saying in what "the earliest" is the earliest. With `only`, what those stories credit.
pub fn coverage(store: &Store, only: Option<&[i64]>) -> Result<Coverage, Fail> {
    let (stories, undated, dates) = store.coverage()?;
    let credited_elsewhere = match only {
        Some(ids) => store.credited_elsewhere(Some(ids))?,
        None => Vec::new(),
    };
    Ok(Coverage { stories, undated, dates, credited_elsewhere })
}
