//! Bringing a collection of an earlier version up to date, step by step, when it is opened for writing.

use rusqlite::{Connection, TransactionBehavior};

use crate::VERSION;

/// What each version brought over the one before it, from version 2 on.
const STEPS: &[&str] = &["CREATE TABLE warning (
  story   INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
  n       INTEGER NOT NULL,
  code    TEXT NOT NULL,
  message TEXT NOT NULL,
  first   INTEGER,
  past    INTEGER,
  PRIMARY KEY (story, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_outlet ON story (outlet, credit);
CREATE INDEX story_published ON story (published);"];

/// Takes the steps that a file has not taken, all of them or none.
pub fn migrate(db: &mut Connection) -> rusqlite::Result<()> {
    let version = |db: &Connection| db.pragma_query_value(None, "user_version", |r| r.get::<_, i64>(0));
    if version(db)? >= VERSION {
        return Ok(());
    }
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (k, step) in STEPS.iter().enumerate() {
        if version(&tx)? == k as i64 + 1 {
            tx.execute_batch(step)?;
            tx.pragma_update(None, "user_version", k as i64 + 2)?;
        }
    }
    tx.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_step_for_every_version_and_the_schema_holds_them() {
        assert_eq!(STEPS.len() as i64, VERSION - 1);
        for step in STEPS {
            for line in step.lines().map(|l| l.split("--").next().unwrap().trim()).filter(|l| !l.is_empty()) {
                let schema: String = crate::SCHEMA.lines().map(|l| l.split("--").next().unwrap().trim_end().to_string() + "\n").collect();
                assert!(schema.contains(line.trim_end_matches([';', '('])), "schema.sql lacks {line}");
            }
        }
    }
}
