//! Which paragraphs are no part of the story, and which part of a paragraph is a dateline.
//!
//! Small closed tables, matched against whole short paragraphs: a sentence of the story must never be lost to
//! a phrase that it happens to hold, so every rule asks for a length or a place as well.

use sayso_text::{Block, BlockKind, Span};

/// A paragraph that starts so and has at most this many words.
const STARTS: &[(&str, usize)] = &[
    ("read more", 25),
    ("read the rest", 8),
    ("read the full", 12),
    ("read also", 25),
    ("read next", 25),
    ("see also", 25),
    ("also read", 25),
    ("more on this", 10),
    ("more from", 12),
    ("more:", 25),
    ("related:", 30),
    ("related stories", 8),
    ("related articles", 8),
    ("recommended", 6),
    ("advertisement", 3),
    ("story continues below", 6),
    ("article continues below", 6),
    ("continue reading", 10),
    ("sign up", 30),
    ("subscribe", 30),
    ("get the latest", 25),
    ("stay updated", 10),
    ("follow us", 15),
    ("follow him on", 10),
    ("follow her on", 10),
    ("follow @", 12),
    ("share this", 8),
    ("click here", 25),
    ("watch:", 30),
    ("watch more", 12),
    ("watch the video", 10),
    ("watch below", 4),
    ("listen:", 25),
    ("listen to this", 12),
    ("photos:", 25),
    ("gallery:", 25),
    ("now playing", 12),
    ("just watched", 4),
    ("must watch", 4),
    ("replay", 2),
    ("copyright ", 40),
    ("© ", 40),
    ("all rights reserved", 30),
    ("download the", 20),
    ("leave a comment", 8),
    ("view comments", 5),
    ("show comments", 5),
    ("comments (", 4),
    ("skip to", 6),
    ("jump to", 6),
    ("back to top", 4),
    ("enter your email", 15),
    ("this newsletter", 20),
    ("to receive", 20),
    ("tap here", 15),
    ("trending", 6),
    ("most read", 6),
    ("most popular", 6),
    ("top stories", 5),
    ("home page", 3),
    ("print this", 5),
    ("tags:", 30),
    ("topics:", 30),
    ("filed under", 20),
    ("this post has been updated", 6),
];

/// A paragraph that holds this and has at most so many words.
const HOLDS: &[(&str, usize)] = &[
    ("contributed to this", 40),
    ("contributed reporting", 40),
    ("contributed to the reporting", 40),
    ("contributed from", 25),
    ("reporting by ", 25),
    ("editing by ", 25),
    ("additional reporting", 30),
    ("all rights reserved", 40),
    ("sign up for our", 30),
    ("subscribe to our", 30),
    ("may not be published, broadcast", 60),
    ("follow us on", 20),
    ("click here to", 20),
];

fn words(s: &str) -> usize {
    s.split_whitespace().count()
}

/// `1:23`, `01:23`, `1:02:03`.
fn is_clock(word: &str) -> bool {
    let w = word.trim_matches(['(', ')', '[', ']']);
    let parts: Vec<&str> = w.split(':').collect();
    (2..=3).contains(&parts.len())
        && parts.iter().all(|p| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
        && parts[1..].iter().all(|p| p.len() == 2)
}

/// Navigation, promotion, credits, or a caption that ends in the length of its video.
pub fn is_furniture(paragraph: &str) -> bool {
    let lower = paragraph.to_lowercase();
    let lower = lower.trim_start_matches(['(', '[', '*', '•', '»', '>', '|', '-', '–', '—', ' ', '\u{a0}']);
    let n = words(lower);
    if n == 0 || !lower.chars().any(char::is_alphanumeric) {
        return true;
    }
    // A quotation is never furniture, whatever its words.
    if paragraph.starts_with(['"', '“', '‘']) {
        return false;
    }
    let begins = |p: &str| {
        lower.starts_with(p) && lower[p.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric() || p.ends_with([' ', '@', ':']))
    };
    if STARTS.iter().any(|(p, most)| n <= *most && begins(p)) || HOLDS.iter().any(|(p, most)| n <= *most && lower.contains(p)) {
        return true;
    }
    // "Follow Ida Moss on Twitter @idamoss"
    if lower.starts_with("follow ") && n <= 12 && [" on twitter", " on facebook", " on instagram"].iter().any(|p| lower.contains(p)) {
        return true;
    }
    let last = paragraph.split_whitespace().next_back().unwrap_or("");
    n <= 20 && n > 1 && is_clock(last) && !lower.ends_with(" a.m.") && !lower.contains(" at ") && !lower.contains(" until ")
}

/// Gives blocks their kinds: furniture anywhere; headline, byline, dateline and lead at the top. Blocks that
/// a reader already knew to be something else keep that.
pub fn classify(text: &str, blocks: &mut Vec<Block>) {
    for b in blocks.iter_mut() {
        if matches!(b.kind, BlockKind::Body | BlockKind::Heading) && is_furniture(b.span.of(text)) {
            b.kind = BlockKind::Furniture;
        }
    }
    let story: Vec<usize> = (0..blocks.len()).filter(|i| blocks[*i].kind.is_story()).collect();
    // A short line under the first may be a deck or a byline: the first paragraph proper tells.
    let second = story.iter().skip(1).take(3).map(|i| blocks[*i].span.of(text)).max_by_key(|p| words(p)).unwrap_or("");
    if story.len() >= 2
        && !blocks.iter().any(|b| b.kind == BlockKind::Headline)
        && blocks[story[0]].kind == BlockKind::Body
        && is_headline(blocks[story[0]].span.of(text), second)
    {
        blocks[story[0]].kind = BlockKind::Headline;
    }
    for i in story.iter().take(4) {
        let line = blocks[*i].span.of(text);
        if blocks[*i].kind == BlockKind::Body && (is_byline(line) || imprint(line).is_some()) {
            blocks[*i].kind = BlockKind::Byline;
        }
    }
    let mut at = 0;
    let mut seen = 0;
    while at < blocks.len() && seen < 4 {
        let b = blocks[at];
        if b.kind == BlockKind::Body {
            seen += 1;
            if let Some(len) = dateline(b.span.of(text)) {
                let cut = b.span.start as usize + len;
                let rest = Span::new(cut, b.span.end as usize).trim(text);
                blocks[at] = Block { kind: BlockKind::Dateline, span: Span::new(b.span.start as usize, cut).trim(text) };
                if !rest.is_empty() {
                    blocks.insert(at + 1, Block { kind: BlockKind::Body, span: rest });
                }
                break;
            }
        }
        at += 1;
    }
    if let Some(b) = blocks.iter_mut().find(|b| b.kind == BlockKind::Body) {
        b.kind = BlockKind::Lead;
    }
}

fn is_headline(first: &str, second: &str) -> bool {
    let n = words(first);
    if n == 0 || n > 25 || first.contains('\n') || words(second) <= n / 2 || dateline(first).is_some() {
        return false;
    }
    if !first.ends_with(['.', '!', '?', '”', '"', ':', ',']) {
        return true;
    }
    // A headline with a full stop is known by its capitals.
    let long: Vec<&str> = first.split_whitespace().filter(|w| w.chars().count() > 3).collect();
    let capital = long.iter().filter(|w| w.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase)).count();
    long.len() >= 3 && capital * 10 >= long.len() * 7
}

/// What stands behind the "By" of a byline.
fn behind_by(line: &str) -> Option<&str> {
    ["By ", "BY ", "by "].iter().find_map(|p| line.strip_prefix(p))
}

fn is_byline(paragraph: &str) -> bool {
    let Some(rest) = behind_by(paragraph) else {
        return false;
    };
    let n = words(rest);
    (1..=14).contains(&n)
        && !rest.ends_with(['.', '!', '?'])
        && rest.split_whitespace().filter(|w| w.starts_with(char::is_uppercase)).count() * 2 >= n
}

/// Length in bytes of a leading dateline with the dash and blanks behind it: `CNN -`, `(CNN) `,
/// `WASHINGTON (AP) —`, `LONDON, March 3 (Reuters) - `.
pub fn dateline(paragraph: &str) -> Option<usize> {
    let head_end = paragraph.char_indices().nth(80).map_or(paragraph.len(), |(i, _)| i);
    let head = &paragraph[..head_end];
    let dash = ["—", "–", " --", " - ", "-- "].iter().filter_map(|d| head.find(d).map(|i| (i, d.len()))).min();
    let after = |i: usize| paragraph[i..].len() - paragraph[i..].trim_start_matches(['-', '—', '–', ' ', '\u{a0}', '\t']).len() + i;
    if let Some((i, _)) = dash {
        let place = head[..i].trim_matches([' ', '\u{a0}']);
        if is_place(place) {
            return Some(after(i));
        }
    }
    // "(CNN) Worn out by"
    if let Some(close) = head.find(')').filter(|_| head.starts_with('(')) {
        let agency = &head[1..close];
        if (2..=30).contains(&agency.len()) && is_agency(agency) {
            return Some(after(close + 1));
        }
    }
    None
}

fn is_agency(s: &str) -> bool {
    let known = ["reuters", "bloomberg", "politico", "axios"];
    known.contains(&s.to_lowercase().as_str())
        || (s.chars().filter(|c| c.is_alphabetic()).count() >= 2
            && s.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || " ./&-".contains(c)))
}

/// Who wrote the story by its byline, and what else the line says: "By Ada Finch, Vellmar Courier, 3 June 2024".
pub fn author(line: &str) -> (Option<&str>, &str) {
    let Some(names) = behind_by(line) else {
        return (None, line);
    };
    let (names, rest) = names.split_once([',', '|', '•', '\n']).unwrap_or((names, ""));
    // "By Iona Petrie in Strathorran", "By Ada Finch for the Courier"
    let end = [" in ", " for ", " at ", " of ", " - ", " – ", " — "].iter().filter_map(|w| names.find(w)).min().unwrap_or(names.len());
    let name = names[..end].trim();
    let rest = rest.trim();
    // "By Ada Finch, Olav Brandt and Ida Moss": the line goes on with names
    let more = rest.contains(" and ") && imprint(rest).is_none();
    ((!name.is_empty() && !more).then_some(name), rest)
}

/// Outlet and day of a line that says who published the story and when: "The Ferrisburg Herald, 3 May 2023". The day as
/// `YYYY-MM-DD`.
pub fn imprint(line: &str) -> Option<(String, String)> {
    if line.len() > 90 || line.contains(['.', '"', '“', '?', '!', '\n']) {
        return None;
    }
    // the date is what stands behind the first comma, or the second where the month comes first
    let (name, date) = line.split_once(',')?;
    let name = name.trim();
    let words: Vec<&str> = name.split_whitespace().collect();
    let capital = |w: &&str| w.starts_with(char::is_uppercase) || matches!(*w, "of" | "the" | "and");
    if words.is_empty() || words.len() > 6 || !words.iter().all(capital) {
        return None;
    }
    let parts: Vec<&str> = date.split([' ', ',']).filter(|p| !p.is_empty()).collect();
    let [a, b, year] = parts.as_slice() else { return None };
    let (day, month) = if a.starts_with(|c: char| c.is_ascii_digit()) { (a, b) } else { (b, a) };
    let month = MONTHS.iter().position(|m| m.eq_ignore_ascii_case(month) || month.len() >= 3 && m[..3].eq_ignore_ascii_case(month))? + 1;
    let (day, year): (u32, u32) = (day.parse().ok()?, year.parse().ok()?);
    ((1..=31).contains(&day) && (1500..=2200).contains(&year)).then(|| (name.to_string(), format!("{year:04}-{month:02}-{day:02}")))
}

const MONTHS: &[&str] =
    &["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// Words that can stand before the dash of a dateline: a place in capitals, with or without date and agency.
fn is_place(s: &str) -> bool {
    if s.is_empty() || words(s) > 9 || s.contains(['.', '"', '“', '?', '!', ':', ';']) && !s.contains("D.C.") {
        return false;
    }
    let (before, agency) = match s.split_once('(') {
        Some((b, a)) => (b.trim(), a.split(')').next().unwrap_or("")),
        None => (s, ""),
    };
    // "MERRIN, April 3 (Norda) -": behind a place in capitals any name will do
    let named = words(agency) <= 3 && agency.split_whitespace().all(|w| w.starts_with(char::is_uppercase));
    let shouted =
        before.split(',').next().is_some_and(|p| words(p) > 0 && p.chars().any(char::is_alphabetic) && !p.contains(char::is_lowercase));
    let credits = is_agency(agency) || named && shouted;
    if !agency.is_empty() && !credits {
        return false;
    }
    let first = before.split([',', ' ']).find(|w| !w.is_empty()).unwrap_or("");
    let caps = first.chars().filter(|c| c.is_alphabetic()).count() >= 2 && first.chars().all(|c| !c.is_lowercase());
    if !agency.is_empty() {
        return before.is_empty() || before.starts_with(char::is_uppercase);
    }
    let place = before.split(',').next().unwrap_or("");
    caps && place.chars().all(|c| !c.is_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines_end_behind_their_dash() {
        for (text, rest) in [
            ("CNN  — The mayor said no.", "The mayor said no."),
            ("(CNN) Worn out, the mayor left.", "Worn out, the mayor left."),
            ("PORT ELLERY (AP) — A bridge fell.", "A bridge fell."),
            ("PORT ELLERY, April 3 (Norda) - A bridge fell.", "A bridge fell."),
            ("PORT ELLERY, March 3 (Reuters) - A bridge fell.", "A bridge fell."),
            ("VELLMAR, Ostland -- A bridge fell.", "A bridge fell."),
        ] {
            assert_eq!(dateline(text).map(|n| &text[n..]), Some(rest), "{text}");
        }
        for text in [
            "NATO officials said the talks - long delayed - would go on.",
            "The mayor — a tall man — said no.",
            "“We know,” she said — twice.",
        ] {
            assert_eq!(dateline(text), None, "{text}");
        }
    }

    #[test]
    fn an_imprint_names_outlet_and_day() {
        let of = |l: &str| imprint(l).map(|(o, d)| format!("{o} {d}"));
        assert_eq!(of("The Ferrisburg Herald, 3 May 2023").as_deref(), Some("The Ferrisburg Herald 2023-05-03"));
        assert_eq!(of("Vellmar Courier, Sept. 9, 2021"), None);
        assert_eq!(of("Vellmar Courier, September 9, 2021").as_deref(), Some("Vellmar Courier 2021-09-09"));
        for no in ["Reyes said so, 3 May 2023", "In Ferrisburg, 3 people left", "Herald, 43 May 2023", "PORT ELLERY, May 4"] {
            assert_eq!(of(no), None, "{no}");
        }
    }

    #[test]
    fn furniture_is_short_and_known() {
        for yes in [
            "Read more: Ten bridges to see",
            "Now playing Mayor speaks to reporters 01:23",
            "Ida Moss contributed to this report.",
            "• • •",
            "Advertisement",
            "Follow Ida Moss on Twitter @idamoss.",
        ] {
            assert!(is_furniture(yes), "{yes}");
        }
        for no in [
            "Read more books, the mayor told the children, and you will write better ones; she had written three herself before she ran for office in May.",
            "\"Sign up,\" she said.",
            "Follow the money, the auditor told them on Twitter, and you will find the harbour fund at the end of it.",
            "The vote came at 11:30",
            "Share this view? The mayor does not, and told the council at length why the harbour fund ought to pay.",
        ] {
            assert!(!is_furniture(no), "{no}");
        }
    }

    #[test]
    fn bylines_name_their_author() {
        for (line, want) in [
            ("By Ada Finch, Vellmar Courier, 3 June 2024", (Some("Ada Finch"), "Vellmar Courier, 3 June 2024")),
            ("By Iona Petrie in Strathorran", (Some("Iona Petrie"), "")),
            ("By Ngaire Holt and Sam Oduya", (Some("Ngaire Holt and Sam Oduya"), "")),
            ("BY JO FENWICK", (Some("JO FENWICK"), "")),
            ("By Ada Finch, Olav Brandt and Ida Moss", (None, "Olav Brandt and Ida Moss")),
            ("The Ferrisburg Herald, 3 May 2023", (None, "The Ferrisburg Herald, 3 May 2023")),
        ] {
            assert_eq!(author(line), want, "{line}");
        }
    }

    #[test]
    fn the_top_of_a_story_gets_its_kinds() {
        let text = "Bridge shut after crack found\n\nBy Ida Moss\n\nPORT ELLERY (AP) — The bridge was shut on Monday, officials said.\n\nMore later.";
        let mut blocks: Vec<Block> = crate::plain::paragraphs(text).into_iter().map(|span| Block { kind: BlockKind::Body, span }).collect();
        classify(text, &mut blocks);
        let kinds: Vec<_> = blocks.iter().map(|b| b.kind.name()).collect();
        assert_eq!(kinds, ["headline", "byline", "dateline", "lead", "body"]);
        let text = "CNN  —\n\nThe bridge was shut on Monday, officials said, and will stay so.\n\nMore later.";
        let mut blocks: Vec<Block> = crate::plain::paragraphs(text).into_iter().map(|span| Block { kind: BlockKind::Body, span }).collect();
        classify(text, &mut blocks);
        let kinds: Vec<_> = blocks.iter().map(|b| b.kind.name()).collect();
        assert_eq!(kinds, ["dateline", "lead", "body"]);
    }
}
