use sayso_text::Span;

/// Words with a full stop that do not end a sentence before a capital.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "sen", "rep", "gov", "gen", "lt", "col", "sgt", "capt", "cmdr", "adm", "maj", "hon", "rev", "fr",
    "st", "jr", "sr", "vs", "no", "inc", "ltd", "co", "corp", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov",
    "dec", "messrs", "mx", "pres", "del", "insp", "det", "supt", "ald", "cllr", "atty", "asst", "dept", "univ", "ave", "blvd",
];

/// The sentences of one paragraph, in order; together they cover it.
///
/// A full stop, question or exclamation mark ends one where white space and a capital, digit or opening mark follow,
/// save after titles, months and initials. Closing marks and brackets belong to the sentence that they end.
pub fn sentences(text: &str, paragraph: Span) -> Vec<Span> {
    let words = paragraph.of(text);
    let base = paragraph.start as usize;
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = words.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        if !matches!(c, '.' | '?' | '!' | '…') {
            continue;
        }
        let mut end = i + c.len_utf8();
        while let Some((j, d)) = chars.peek().copied() {
            if !matches!(d, '.' | '?' | '!' | '…' | '"' | '”' | '’' | '\'' | ')' | ']' | '»') {
                break;
            }
            end = j + d.len_utf8();
            chars.next();
        }
        let rest = &words[end..];
        let blank = rest.len() - rest.trim_start().len();
        let next = rest.trim_start().chars().next();
        if next.is_none() || blank == 0 || next.is_some_and(char::is_lowercase) {
            continue;
        }
        let last = words[start..i].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        let initial = last.chars().count() == 1 && last.chars().all(char::is_uppercase);
        // "No. 5" goes on, "He said no. She" does not
        let number = last.eq_ignore_ascii_case("no") && !next.is_some_and(|n| n.is_ascii_digit());
        if c == '.' && end == i + 1 && !number && (initial || ABBREVIATIONS.contains(&last.to_lowercase().as_str())) {
            continue;
        }
        out.push(Span::new(base + start, base + end));
        start = end + blank;
    }
    if start < words.len() {
        out.push(Span::new(base + start, base + words.len()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_initials_do_not_end_sentences_and_closing_marks_do() {
        let text = "Dr. A. B. Lund left. “Why?” she asked. He paid $4.5m on Jan. 5. (No one saw.) End";
        let got: Vec<&str> = sentences(text, Span::new(0, text.len())).iter().map(|s| s.of(text)).collect();
        assert_eq!(got, ["Dr. A. B. Lund left.", "“Why?” she asked.", "He paid $4.5m on Jan. 5.", "(No one saw.)", "End"]);
    }
}
