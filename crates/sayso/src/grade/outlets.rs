//! News organisations: a table of names that ships with Sayso, and the shapes of names that are not in it.

use std::collections::HashMap;
use std::sync::OnceLock;

use sayso_text::Span;

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlet {
    /// The name Sayso uses for it.
    pub name: &'static str,
    /// agency, newspaper, magazine, site, broadcaster or programme.
    pub kind: &'static str,
    /// Its site, where known.
    pub site: &'static str,
}

static TABLE: &str = include_str!("outlets.tsv");

/// Names that are also plain words: they count only where the text treats them as an outlet.
const PLAIN: &[&str] = &[
    "time", "people", "the times", "the post", "the journal", "fox", "ap", "abc", "cbs", "nbc", "pa", "the sun", "the age", "the nation",
    "wired", "slate", "salon", "vox", "fortune", "variety", "rt", "dawn", "bild", "new day", "this week", "state of the union", "the view",
    "the lead", "frontline", "dateline", "the hill", "the street", "quartz", "daily news", "the information", "hardball", "guardian",
    "the observer", "the independent", "variety", "billboard", "the mirror", "the australian", "drudge", "the spectator", "reforma",
    "the situation room", "situation room",
];

fn table() -> &'static HashMap<String, Outlet> {
    static MAP: OnceLock<HashMap<String, Outlet>> = OnceLock::new();
    MAP.get_or_init(|| {
        let mut map = HashMap::new();
        for line in TABLE.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
            let mut column = line.split('\t');
            let mut next = || column.next().unwrap_or("");
            let (name, kind, site, aliases) = (next(), next(), next(), next());
            let outlet = Outlet { name, kind, site };
            for alias in std::iter::once(name).chain(aliases.split('|')).filter(|a| !a.is_empty()) {
                map.entry(key(alias)).or_insert(outlet);
            }
        }
        map
    })
}

fn key(name: &str) -> String {
    let name = name.replace('’', "'").replace(['“', '”', '"'], "").to_lowercase();
    let name = name.trim().trim_end_matches("'s").trim_end_matches('\'').trim();
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The outlet of a name in the table, with or without its article.
pub fn known(name: &str) -> Option<Outlet> {
    let k = key(name);
    let bare = k.strip_prefix("the ").unwrap_or(&k);
    table().get(&k).or_else(|| table().get(bare)).copied()
}

/// The name under which an outlet is known here: the table's, or as given without its article.
pub fn canonical(name: &str) -> String {
    known(name).map_or_else(|| name.trim().trim_start_matches("The ").trim_start_matches("the ").to_string(), |o| o.name.to_string())
}

/// The outlet whose site an address is of.
pub fn of_address(address: &str) -> Option<Outlet> {
    static SITES: OnceLock<HashMap<&'static str, Outlet>> = OnceLock::new();
    let sites = SITES.get_or_init(|| table().values().filter(|o| !o.site.is_empty()).map(|o| (o.site, *o)).collect());
    let host = address.split("://").nth(1)?.split(['/', '?', '#']).next()?.split('@').next_back()?.split(':').next()?.to_ascii_lowercase();
    // www.herald.example and news.herald.example are the Herald's
    let mut host = host.as_str();
    loop {
        if let Some(o) = sites.get(host) {
            return Some(*o);
        }
        host = host.split_once('.')?.1;
    }
}

/// Whether the name alone tells that it is an outlet, without help from its context.
pub fn is_plain(name: &str) -> bool {
    PLAIN.contains(&key(name).as_str())
}

/// Last words of newspaper and broadcaster names.
const ENDINGS: &[&str] = &[
    "times", "post", "herald", "tribune", "journal", "gazette", "courier", "chronicle", "news", "press", "daily", "weekly", "observer",
    "mirror", "telegraph", "ledger", "record", "sentinel", "examiner", "inquirer", "dispatch", "argus", "mercury", "star", "globe",
    "register", "review", "monitor", "messenger", "bulletin", "beacon", "advertiser", "echo", "mail", "express", "standard", "banner",
    "citizen", "quarterly", "monthly", "broadcasting", "reporter", "newspaper", "magazine", "radio", "tv", "television", "fm", "wire",
    "digest",
];

/// Whether a capitalised name has the shape of an outlet's: "the Ferrisburg Herald".
pub fn looks_like(name: &str) -> bool {
    let k = key(name);
    let words: Vec<&str> = k.split(' ').filter(|w| *w != "the").collect();
    // "NTV": no word of English
    let channel = name.len() >= 3 && name.ends_with("TV") && !name.contains(char::is_whitespace);
    channel || words.len() >= 2 && (words.last().is_some_and(|w| ENDINGS.contains(w)) || words[0] == "radio")
}

/// Whether a name stands where only an outlet's does: with its own capital "The" behind "told" or "reviewed by".
pub fn is_told(text: &str, name: Span) -> bool {
    const SEEN: &[&str] = &["reviewed", "seen", "obtained", "viewed", "verified", "contacted", "interviewed", "analysed", "analyzed"];
    let Some(before) = text[..name.start as usize].strip_suffix(" The ") else { return false };
    // "told The Hague's mayor"
    if text[name.end as usize..].starts_with(['\'', '’']) || matches!(name.of(text), "Hague" | "Bahamas" | "Gambia" | "Bronx") {
        return false;
    }
    let mut near = before.rsplit(char::is_whitespace);
    match near.next() {
        Some("told" | "tells") => true,
        Some("by") => near.next().is_some_and(|w| SEEN.contains(&w)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        let lines: Vec<&str> = TABLE.lines().skip(1).collect();
        assert!(lines.len() >= 250, "{}", lines.len());
        for l in lines {
            let columns: Vec<&str> = l.split('\t').collect();
            assert_eq!(columns.len(), 4, "{l}");
            assert!(["agency", "newspaper", "magazine", "site", "broadcaster", "programme"].contains(&columns[1]), "{l}");
        }
    }

    #[test]
    fn known_by_alias_and_unknown_by_shape() {
        assert_eq!(known("the New York Times’").map(|o| o.name), Some("New York Times"));
        assert_eq!(known("The AP").map(|o| o.kind), Some("agency"));
        assert_eq!(known("Ferrisburg Herald"), None);
        assert!(looks_like("the Ferrisburg Herald") && !looks_like("Herald") && !looks_like("Tobias Renn"));
        assert_eq!(of_address("https://www.reuters.com/world/x?y").map(|o| o.name), Some("Reuters"));
        assert!(of_address("https://herald.example/bridge").is_none() && of_address("mailto:x").is_none());
        assert!(is_plain("Time") && !is_plain("Reuters"));
    }
}
