//! A web page. What is article comes from the `trafilatura` crate (0.969 on the public set of which it was
//! measured, best of eight; precision matters most, since boilerplate becomes false statements). This file
//! turns its cleaned markup into blocks and ties the words back to the source.

use sayso_text::{Alignment, Block, BlockKind, Code, Doc, Format, Meta, Run, Span, Warning};
use scraper::{ElementRef, Html, Node, Selector};

use crate::decode::Decoded;
use crate::furniture;
use crate::html_source::{Visible, visible};
use crate::sniff::Refused;

/// Reads the article of a page.
pub fn read(decoded: &Decoded, warnings: &mut Vec<Warning>) -> Result<Doc, Refused> {
    let page = decoded.text.as_str();
    let options = trafilatura::Options::default()
        .with_fallback(true)
        .with_focus(trafilatura::ExtractionFocus::FavorPrecision)
        .with_exclude_comments(true);
    let (pieces, meta) = match trafilatura::extract(page, &options) {
        Ok(found) => (pieces(&found.content_html), found.metadata),
        Err(_) => (Vec::new(), trafilatura::Metadata::default()),
    };
    let pieces = if pieces.is_empty() {
        let all = fallback(page);
        if all.is_empty() {
            return Err(Refused::NoVisibleText);
        }
        warnings.push(Warning::new(Code::NoArticle, "no article was found in the page: all its visible text was taken"));
        all
    } else {
        pieces
    };
    let meta = self::meta(page, meta);
    let mut doc = assemble(pieces, meta, decoded, warnings);
    doc.links = links(page, &doc.text);
    Ok(doc)
}

/// The article's links: words of the text that the page links elsewhere, in the order in which they stand. The extractor drops the
/// addresses, so the words are looked for again; a link whose words stand nowhere in the article is none of its own.
fn links(page: &str, text: &str) -> Vec<(Span, String)> {
    let html = Html::parse_document(page);
    let Ok(selector) = Selector::parse("a[href]") else { return Vec::new() };
    let mut out: Vec<(Span, String)> = Vec::new();
    let mut from = 0;
    for a in html.select(&selector) {
        let address = a.value().attr("href").unwrap_or_default();
        let words = a.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
        if !address.starts_with("http") || !(4..=200).contains(&words.len()) {
            continue;
        }
        if let Some(at) = text[from..].find(&words).map(|i| i + from) {
            out.push((Span::new(at, at + words.len()), address.to_string()));
            from = at + words.len();
        }
    }
    out
}

fn assemble(mut pieces: Vec<(BlockKind, String)>, meta: Meta, decoded: &Decoded, warnings: &mut Vec<Warning>) -> Doc {
    // The extractor gives the title apart from the body; a reader sees it first.
    if let Some(title) = &meta.title {
        let folded = fold(title);
        match pieces.iter_mut().take(3).find(|(_, p)| fold(p) == folded) {
            Some(piece) => piece.0 = BlockKind::Headline,
            None => pieces.insert(0, (BlockKind::Headline, title.clone())),
        }
    }
    let mut text = String::new();
    let mut blocks = Vec::with_capacity(pieces.len());
    for (kind, piece) in pieces {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(&piece);
        blocks.push(Block { kind, span: Span::new(start, text.len()) });
    }
    let alignment = align(&text, &blocks, decoded, warnings);
    furniture::classify(&text, &mut blocks);
    Doc::new(text, blocks, meta, alignment, Format::Html)
}

fn fold(s: &str) -> String {
    s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Ties the text back to the source: each block is looked for among the page's visible characters, in order.
fn align(text: &str, blocks: &[Block], decoded: &Decoded, warnings: &mut Vec<Warning>) -> Alignment {
    let page = visible(&decoded.text);
    let mut alignment = Alignment::default();
    let mut cursor = 0;
    let mut lost = 0;
    for block in blocks {
        let words: String = block.span.of(text).chars().filter(|c| !c.is_whitespace()).collect();
        let found = page.chars[cursor..].find(&words).map(|i| i + cursor).or_else(|| page.chars.find(&words));
        match found {
            Some(at) if !words.is_empty() => {
                tie(text, block.span, &page, at, decoded, &mut alignment);
                // A headline also stands in <title>, before everything: it must not move the cursor back.
                if block.kind != BlockKind::Headline {
                    cursor = at + words.len();
                }
            }
            _ => lost += 1,
        }
    }
    if lost > 0 {
        warnings.push(Warning::new(
            Code::Unaligned,
            format!("{lost} of {} paragraph(s) could not be tied back to the page's source", blocks.len()),
        ));
    }
    alignment
}

fn tie(text: &str, span: Span, page: &Visible, at: usize, decoded: &Decoded, out: &mut Alignment) {
    let mut i = at;
    for (offset, c) in span.of(text).char_indices() {
        if c.is_whitespace() {
            continue;
        }
        if let Some((source, len)) = page.source(i)
            && let Some((lo, hi)) = decoded.alignment.source(Span::new(source, source + len))
        {
            let start = span.start as usize + offset;
            out.push(Run { text: Span::new(start, start + c.len_utf8()), source: lo, source_len: (hi - lo) as u32 });
        }
        i += c.len_utf8();
    }
}

/// The blocks of the extractor's markup, in order.
fn pieces(html: &str) -> Vec<(BlockKind, String)> {
    collect(Html::parse_fragment(html).root_element())
}

/// All visible text of a page, where no article was found.
fn fallback(page: &str) -> Vec<(BlockKind, String)> {
    let html = Html::parse_document(page);
    let body = Selector::parse("body").ok().and_then(|s| html.select(&s).next());
    collect(body.unwrap_or_else(|| html.root_element()))
}

fn collect(root: ElementRef<'_>) -> Vec<(BlockKind, String)> {
    let mut out: Vec<(BlockKind, String)> = Vec::new();
    let mut open = String::new();
    let mut kinds: Vec<BlockKind> = vec![BlockKind::Body];
    let flush = |open: &mut String, kind: BlockKind, out: &mut Vec<(BlockKind, String)>| {
        let words = open.split_whitespace().collect::<Vec<_>>().join(" ");
        open.clear();
        if !words.is_empty() {
            out.push((kind, words));
        }
    };
    let mut skip = 0usize;
    for edge in root.traverse() {
        use ego_tree::iter::Edge;
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(t) if skip == 0 => open.push_str(t),
                Node::Element(e) => {
                    let name = e.name();
                    if hides(name) {
                        skip += 1;
                    } else if parts(name) {
                        flush(&mut open, kinds.last().copied().unwrap_or(BlockKind::Body), &mut out);
                        let outer = kinds.last().copied().unwrap_or(BlockKind::Body);
                        kinds.push(match name {
                            "blockquote" | "q" => BlockKind::Blockquote,
                            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => BlockKind::Heading,
                            "figcaption" | "caption" => BlockKind::Caption,
                            "nav" | "footer" | "form" | "button" | "aside" => BlockKind::Furniture,
                            _ => outer,
                        });
                    }
                }
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(e) = node.value() {
                    if hides(e.name()) {
                        skip = skip.saturating_sub(1);
                    } else if parts(e.name()) {
                        flush(&mut open, kinds.pop().unwrap_or(BlockKind::Body), &mut out);
                    }
                }
            }
        }
    }
    flush(&mut open, BlockKind::Body, &mut out);
    out
}

fn hides(name: &str) -> bool {
    matches!(name, "script" | "style" | "noscript" | "template" | "head" | "svg" | "iframe" | "select" | "option")
}

fn parts(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "br"
            | "hr"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "blockquote"
            | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "table"
            | "tr"
            | "td"
            | "th"
            | "section"
            | "article"
            | "main"
            | "header"
            | "footer"
            | "figure"
            | "figcaption"
            | "caption"
            | "pre"
            | "nav"
            | "aside"
            | "form"
            | "button"
            | "body"
            | "html"
            | "address"
    )
}

fn meta(page: &str, found: trafilatura::Metadata) -> Meta {
    let some = |s: String| {
        let s = s.split_whitespace().collect::<Vec<_>>().join(" ");
        (!s.is_empty()).then_some(s)
    };
    let html = Html::parse_document(page);
    let attribute = |selector: &str, name: &str| {
        let selector = Selector::parse(selector).ok()?;
        html.select(&selector).find_map(|e| e.value().attr(name)).map(str::to_string).and_then(some)
    };
    let stamped =
        attribute("meta[property='article:published_time'], meta[itemprop='datePublished'], time[itemprop='datePublished']", "content")
            .filter(|s| s.len() >= 10 && s.as_bytes()[4] == b'-');
    let day = found.date.map(|d| d.to_string());
    // The page's own timestamp where it names the same day: it orders two reports of one afternoon.
    let published = match (stamped, day) {
        (Some(s), Some(d)) if s.starts_with(&d) => Some(s),
        (s, d) => d.or(s),
    };
    let heading = attribute("meta[property='og:title']", "content");
    let outlet = attribute("meta[property='og:site_name']", "content").or_else(|| some(found.sitename));
    let title = some(found.title).or(heading).map(|t| match &outlet {
        Some(o) => {
            [" | ", " - ", " – ", " — "].iter().find_map(|sep| t.strip_suffix(&format!("{sep}{o}")).map(str::to_string)).unwrap_or(t)
        }
        None => t,
    });
    Meta {
        title,
        outlet,
        byline: some(found.author.replace("; ", ", ")),
        published,
        address: attribute("link[rel='canonical']", "href").filter(|a| a.starts_with("http")).or_else(|| some(found.url)),
        language: attribute("html", "lang").or_else(|| some(found.language)),
        credit: None,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Hint, read};
    use sayso_text::{BlockKind, Span};

    const PAGE: &str = r#"<!doctype html><html lang="en"><head><title>Bridge shut - The Ferrisburg Herald</title>
<meta property="og:site_name" content="The Ferrisburg Herald"><meta property="og:title" content="Bridge shut">
<meta property="article:published_time" content="2023-05-02T09:30:00Z"><meta name="author" content="Ida Moss">
<link rel="canonical" href="https://herald.example/bridge"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Bridge shut</h1>
<p>The harbour bridge was shut on Monday after divers found a crack in its third pillar, the city&rsquo;s engineer said.</p>
<p>&ldquo;We had no choice,&rdquo; said Tobias Renn, who has run the engineering office since 2019 &amp; lives nearby.</p>
<blockquote><p>Nobody will cross it before the weekend, and perhaps not before the end of the month, whatever anyone says.</p></blockquote>
<p>Ferry owners said that they would run boats from six in the morning until midnight to help people to get to work.</p>
</article><footer><p>Copyright The Ferrisburg Herald</p></footer><script>var x = "<p>no</p>";</script></body></html>"#;

    #[test]
    fn an_article_comes_out_of_its_page_with_its_data() {
        let doc = read(PAGE.as_bytes(), &Hint::default()).unwrap().value;
        assert!(doc.text.starts_with("Bridge shut\n\nThe harbour bridge"), "{}", doc.text);
        assert!(!doc.text.contains("Sport") && !doc.text.contains("Copyright"), "{}", doc.text);
        assert_eq!(doc.meta.outlet.as_deref(), Some("The Ferrisburg Herald"));
        assert_eq!(doc.meta.title.as_deref(), Some("Bridge shut"));
        assert_eq!(doc.meta.published.as_deref(), Some("2023-05-02T09:30:00Z"));
        assert_eq!(doc.meta.byline.as_deref(), Some("Ida Moss"));
        assert_eq!(doc.meta.address.as_deref(), Some("https://herald.example/bridge"));
        assert_eq!(doc.meta.language.as_deref(), Some("en"));
        assert!(doc.blocks.iter().any(|b| b.kind == BlockKind::Blockquote));
    }

    #[test]
    fn words_of_a_page_map_back_to_its_bytes() {
        let doc = read(PAGE.as_bytes(), &Hint::default()).unwrap().value;
        for word in ["engineer", "Tobias", "2019", "weekend", "midnight", "’"] {
            let at = doc.text.find(word).unwrap();
            let (lo, hi) = doc.alignment.source(Span::new(at, at + word.len())).unwrap();
            let source = &PAGE[lo as usize..hi as usize];
            assert_eq!(source.replace("&rsquo;", "’"), word);
        }
    }

    #[test]
    fn a_page_of_pure_script_is_refused_with_advice() {
        let page = format!(
            "<!doctype html><html><head><script>{}</script></head><body><script>render()</script></body></html>",
            "x=1;".repeat(2000)
        );
        let said = read(page.as_bytes(), &Hint::default()).unwrap_err().to_string();
        assert!(said.contains("without visible text"), "{said}");
    }
}
