use crate::Span;

/// What a complaint is about. The table of codes is this enum; [`Code::name`] is what users see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// Bytes that are not text in the encoding found were replaced by U+FFFD.
    Undecodable,
    /// The encoding was guessed from the bytes.
    GuessedEncoding,
    /// No article was found in a page, so all its visible text was taken.
    NoArticle,
    /// Part of the text could not be tied back to bytes of the source.
    Unaligned,
    /// The text holds no words.
    NoWords,
    /// Zero-width, direction or control characters stand in the text.
    HiddenCharacters,
    /// A quotation mark opens and nothing shuts it.
    UnclosedQuote,
    /// The story seems to be in a language that the model was not trained on.
    Language,
    /// Nested more deeply than is read.
    TooDeep,
    /// A statement may be one of several sources' and is given to none.
    Unresolved,
    /// A correction named something that is not in the story.
    Correction,
}

crate::named!(Code {
    Undecodable => "undecodable",
    GuessedEncoding => "guessed-encoding",
    NoArticle => "no-article",
    Unaligned => "unaligned",
    NoWords => "no-words",
    HiddenCharacters => "hidden-characters",
    UnclosedQuote => "unclosed-quote",
    Language => "language",
    TooDeep => "too-deep",
    Unresolved => "unresolved",
    Correction => "correction",
});

/// A complaint about a document, with the place where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What it is about.
    pub code: Code,
    /// One sentence for a person.
    pub message: String,
    /// Where in the text.
    pub span: Option<Span>,
}

impl Warning {
    /// A complaint about the whole document.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span: None }
    }

    /// The same, about one place.
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }
}

/// A result and the complaints met on the way: reading and marking cannot fail, only complain.
#[derive(Clone, Debug)]
pub struct Warned<T> {
    /// What was made.
    pub value: T,
    /// What was odd.
    pub warnings: Vec<Warning>,
}
