//! One story as a page that stands alone: no script, no outside asset.

use crate::room::{Chrome, Read, document};
use crate::view::View;

/// The page.
pub fn html(view: &View<'_>) -> String {
    let view = View { story: view.story, path: view.path, filter: view.filter };
    document(&Read { id: None, view, versions: Vec::new() }, &Chrome::alone())
}
