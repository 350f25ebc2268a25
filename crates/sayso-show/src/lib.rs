//! Every face of Sayso: the exchange format, the terminal, CSV, Markdown and a self-contained HTML page. The only crate
//! that serialises; offsets leave it as code points.

mod corrections;
mod csv;
mod exchange;
mod explain;
mod gold;
mod html;
mod lineage;
mod markdown;
pub mod room;
mod summary;
mod table;
mod terminal;
mod view;

pub use corrections::{Corrections, corrections};
pub use csv::{CSV_COLUMNS, csv_bytes, csv_rows};
pub use exchange::{SCHEMA, SCHEMA_NAME, exchange};
pub use explain::explain;
pub use gold::{Recorded, labelled, recorded};
pub use html::html;
pub use lineage::{
    Coverage, Lineage, beside_text, dot, graphml, lineage_csv, lineage_json, lineage_text, reports_and_origins, together_line,
    together_text, web_annotations,
};
pub use markdown::markdown;
pub use summary::summary;
pub use table::{table_csv, table_jsonl, table_text};
pub use terminal::{Style, terminal};
pub use view::{Filter, View};
