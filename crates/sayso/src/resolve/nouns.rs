//! Closed tables of the nouns that stand for sources, and what they tell of them.

/// What a noun says about the source that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// Somebody in a position to know whom a reporter leaves unnamed: an aide, officials.
    Insider,
    /// A member of the public: a woman, one resident.
    Bystander,
    /// People spoken of as a group: voters, critics.
    Crowd,
    /// A body that speaks as such: a campaign, a ministry.
    Body,
    /// Written or counted: a poll, a memo.
    Document,
    /// A news organisation.
    Outlet,
    /// A title or role that one person in the story may hold: the senator.
    Role,
}

const INSIDER: &[&str] = &[
    "source", "aide", "official", "adviser", "advisor", "staffer", "staff", "insider", "operative", "donor", "strategist", "associate",
    "ally", "confidant", "confidante", "diplomat", "investigator", "prosecutor", "detective", "agent", "agents", "employee", "executive",
    "lawyer", "attorney", "consultant", "expert", "analyst", "spokesman", "spokeswoman", "spokesperson", "spokespeople", "spokesmen",
    "representative", "doctor", "physician", "surgeon", "nurse", "teacher", "scientist", "economist", "researcher", "historian",
    "pollster", "whistleblower", "banker", "trader", "engineer", "pilot", "soldier", "commander", "general", "minister", "negotiator",
    "lobbyist", "fundraiser", "bundler", "organizer", "organiser", "colleague", "friend", "relative", "participant", "attendee", "witness",
    "observer", "veteran", "person", "informant", "veteran", "deputy", "assistant", "secretary", "planner", "manager", "director", "hand",
    "figure", "guest", "worker", "member", "leader", "police", "authority", "authorities", "regulator", "inspector", "envoy", "ambassador",
    "professor", "specialist", "people", "staffers", "democrat", "republican", "lawmaker", "senator", "congressman", "congresswoman",
    "congressperson", "legislator", "mp", "councillor", "councilman", "councilwoman", "counselor", "firefighter", "paramedic", "clerk",
    "loyalist", "officer", "guard", "keeper", "driver", "accountant", "auditor", "academic", "contact", "whistle-blower", "mate", "medic",
    "speechwriter", "superdelegate", "fact-checker", "rescuer", "responder", "monitor",
];

const BYSTANDER: &[&str] = &[
    "man", "woman", "boy", "girl", "resident", "neighbor", "neighbour", "passer-by", "passerby", "bystander", "shopper", "commuter",
    "customer", "driver", "passenger", "tourist", "student", "voter", "fan", "protester", "demonstrator", "supporter", "heckler",
    "reveller", "parent", "mother", "father", "pensioner", "local", "villager", "farmer", "caller", "reader", "spectator", "user",
    "eyewitness", "onlooker", "survivor", "patient", "tenant", "homeowner", "motorist", "cyclist", "pupil", "teenager", "holidaymaker",
    "guy", "couple", "child", "kid",
];

const CROWD: &[&str] = &[
    "critic", "supporter", "opponent", "proponent", "advocate", "voter", "resident", "american", "democrat", "republican", "conservative",
    "liberal", "progressive", "activist", "protester", "demonstrator", "lawmaker", "senator", "member", "people", "public", "woman",
    "women", "men", "millennial", "student", "worker", "parent", "nation", "country", "crowd", "group", "community", "leader",
    "politician", "skeptic", "sceptic", "observer", "pundit", "commentator", "fan", "detractor", "backer", "others", "many", "some", "few",
    "most", "several", "no", "nobody", "everyone", "someone", "anyone", "majority", "percent", "half", "family", "families", "victim",
    "delegate", "candidate", "politicians", "investor", "customer", "consumer", "business", "company", "state", "troop", "enemy",
    "citizen", "taxpayer", "immigrant", "refugee", "scholar", "artist", "developer", "legislator", "electorate", "base", "establishment",
    "elite", "media", "world", "left", "right", "adult", "respondent", "those", "both", "camp", "side", "moderate", "independent",
    "evangelical", "christian", "muslim", "jew", "african-american", "latino", "hispanic", "everybody", "somebody", "anybody", "rival",
    "defender", "contender", "hopeful", "audience", "chorus", "listener", "viewer", "marketer", "environmentalist", "conservationist",
    "nationalist", "socialist", "feminist", "populist", "editorialist", "leftist", "islamist", "extremist", "separatist", "millennial",
    "netizen", "rabbi", "migrant", "youth", "poor", "mainstream",
];

const BODY: &[&str] = &[
    "campaign", "committee", "department", "ministry", "agency", "company", "firm", "corporation", "foundation", "organization",
    "organisation", "union", "party", "government", "administration", "white house", "court", "council", "commission", "bureau", "board",
    "university", "hospital", "bank", "police", "army", "navy", "military", "institute", "association", "center", "centre", "office",
    "team", "embassy", "church", "club", "league", "federation", "coalition", "pac", "super", "congress", "senate", "house", "parliament",
    "cabinet", "state", "city", "county", "pentagon", "kremlin", "treasury", "fbi", "group", "network", "authority", "service", "trust",
    "fund", "school", "college", "museum", "jury", "panel", "force", "division", "unit", "camp", "operator", "airline", "manufacturer",
    "charity", "think", "tank", "directorate", "coastguard", "inspectorate", "secretariat", "watchdog", "ombudsman", "inquiry", "inquest",
    "tribunal", "consortium", "cooperative", "co-operative", "taskforce", "brigade", "regiment", "junta", "militia", "diocese", "parish",
    "academy", "society", "exchange", "studio", "clinic", "laboratory", "observatory", "startup", "start-up", "chain", "giant",
    "subsidiary", "leadership", "legislature", "industry", "non-profit", "nonprofit", "arm", "wing", "faction",
];

const DOCUMENT: &[&str] = &[
    "poll", "survey", "version", "report", "study", "memo", "memorandum", "letter", "email", "e-mail", "emails", "e-mails", "document",
    "filing", "lawsuit", "suit", "complaint", "transcript", "law", "bill", "statistics", "statistic", "data", "figure", "record",
    "article", "book", "ad", "advertisement", "indictment", "affidavit", "ruling", "order", "decision", "review", "audit", "analysis",
    "statement", "release", "website", "site", "page", "tweet", "post", "text", "message", "video", "tape", "recording", "paper", "papers",
    "note", "cable", "dossier", "file", "files", "census", "average", "research", "index", "estimate", "forecast", "constitution",
    "amendment", "treaty", "convention", "agreement", "contract", "headline", "caption", "story", "piece", "editorial", "column", "op-ed",
    "platform", "plan", "proposal", "rule", "regulation", "list", "log", "schedule", "map", "film", "documentary", "movie", "clip",
    "footage", "photo", "photograph", "chart", "table", "biography", "memoir", "diary", "verdict", "subpoena", "petition", "polling",
    "polls", "numbers", "evidence", "test", "results", "returns", "application", "questionnaire", "spreadsheet", "slide", "minutes",
    "testimony", "interview", "exhibit", "invoice", "receipt", "budget", "guidelines", "policy", "slogan", "sign", "banner", "placard",
    "plaque", "guidebook", "playbook", "handbook", "leak", "leaflet", "brochure", "manual", "warrant", "notice", "certificate", "autopsy",
    "ledger", "dataset", "simulation", "projection", "calculation", "bulletin", "communique", "communiqué", "manifesto", "thread", "ads",
    "tally", "count", "ranking", "finding", "summary", "legislation", "copy", "investigation", "opinion", "spot", "excerpt",
];

const OUTLET: &[&str] = &[
    "newspaper", "magazine", "broadcaster", "tabloid", "broadsheet", "outlet", "newscast", "podcast", "blog", "wire", "news agency",
    "press",
];

const ROLE: &[&str] = &[
    "president", "senator", "congressman", "congresswoman", "congressperson", "representative", "governor", "mayor", "secretary",
    "minister", "chancellor", "judge", "justice", "candidate", "nominee", "chairman", "chairwoman", "chair", "chairperson", "ceo",
    "founder", "director", "professor", "author", "sheriff", "chief", "commissioner", "ambassador", "general", "colonel", "captain",
    "lawmaker", "councilman", "councilwoman", "councillor", "alderman", "pastor", "bishop", "pope", "king", "queen", "prince", "princess",
    "businessman", "businesswoman", "billionaire", "mogul", "actor", "actress", "singer", "rapper", "coach", "player", "host", "anchor",
    "moderator", "columnist", "reporter", "correspondent", "editor", "pollster", "strategist", "manager", "spokesman", "spokeswoman",
    "spokesperson", "attorney", "lawyer", "economist", "democrat", "republican", "premier", "engineer", "harbormaster", "harbourmaster",
    "widow", "widower", "wife", "husband", "son", "daughter", "brother", "sister", "mother", "father", "grandmother", "grandfather",
    "grandson", "granddaughter", "aunt", "uncle", "cousin", "niece", "nephew", "boss", "skipper", "coroner", "front-runner", "head",
    "dean", "speaker", "tycoon", "narrator", "star", "model", "magnate", "heir", "survivor", "interviewer", "predecessor", "successor",
    "counterpart",
];

/// One of somebody's family: "her daughter", whom the story does not name.
pub const KIN: &[&str] = &[
    "wife", "husband", "son", "daughter", "brother", "sister", "mother", "father", "widow", "widower", "grandmother", "grandfather",
    "grandson", "granddaughter", "aunt", "uncle", "cousin", "niece", "nephew",
];

/// Whether a noun that stands in no table is by its ending somebody who does something: "a biologist", "the trawlerman".
pub fn is_agent(word: &str) -> bool {
    let w = word.to_lowercase();
    w.chars().count() >= 5
        && w.chars().all(|c| c.is_alphabetic() || c == '-')
        && [
            "ist", "ician", "grapher", "ologer", "keeper", "holder", "worker", "maker", "surgeon", "man", "woman", "person", "master",
            "monger",
        ]
        .iter()
        .any(|e| w.ends_with(e))
}

/// Whether the ending is that of somebody who does something, or of a thing that does: "a diver", "a counter".
pub fn is_doer(word: &str) -> bool {
    const THINGS: &[&str] = &[
        "number", "letter", "newsletter", "paper", "poster", "order", "offer", "matter", "chapter", "disaster", "cluster", "computer",
        "helicopter", "banner", "register", "folder", "pointer", "charter", "river", "tower", "power", "error", "factor", "sector",
        "mirror", "meter", "filter", "chamber", "quarter", "server", "router", "counter", "tracker", "teaser", "trailer", "sticker",
        "calculator", "indicator", "monitor", "corridor", "cover", "dinner", "summer", "winter", "master", "center", "theater", "answer",
        "whisper", "rumor", "humor", "behavior", "labor", "harbor", "flyer", "disclaimer", "header", "footer", "reminder", "primer",
    ];
    word.chars().count() >= 5
        && (word.ends_with("er") || word.ends_with("or"))
        && word.chars().all(char::is_alphabetic)
        && !THINGS.contains(&word)
}

/// A noun without its plural ending, where it has a regular one.
pub fn singular(word: &str) -> String {
    let w = word.to_lowercase();
    match w.as_str() {
        "women" => return "woman".into(),
        "men" => return "man".into(),
        "people" | "police" | "news" | "press" | "congress" | "congresswoman" | "statistics" | "spokespeople" | "business"
        | "authorities" | "witness" => return w,
        _ => {}
    }
    if let Some(stem) = w.strip_suffix("women") {
        return format!("{stem}woman");
    }
    if let Some(stem) = w.strip_suffix("men") {
        return format!("{stem}man");
    }
    if let Some(stem) = w.strip_suffix("ies").filter(|s| s.len() > 2) {
        return format!("{stem}y");
    }
    if let Some(stem) = w.strip_suffix("es").filter(|s| s.ends_with("ss") || s.ends_with("ch") || s.ends_with("sh") || s.ends_with('x')) {
        return stem.to_string();
    }
    match w.strip_suffix('s') {
        Some(stem) if !stem.ends_with('s') && stem.len() > 2 => stem.to_string(),
        _ => w,
    }
}

/// Whether the noun is plural by its form, or always.
pub fn is_plural(word: &str) -> bool {
    let w = word.to_lowercase();
    matches!(
        w.as_str(),
        "people"
            | "police"
            | "authorities"
            | "men"
            | "women"
            | "staff"
            | "many"
            | "others"
            | "some"
            | "several"
            | "both"
            | "most"
            | "those"
            | "few"
            | "media"
    ) || (singular(&w) != w)
        || w.ends_with("men") && w.len() > 3
}

/// What the tables say of a head noun; `plural` and `indefinite` decide where they say two things.
pub fn class(head: &str, plural: bool, indefinite: bool) -> Option<Noun> {
    let s = singular(head);
    if s.ends_with("-american") {
        return Some(if plural { Noun::Crowd } else { Noun::Bystander });
    }
    // one of them is a body, several are people who work there
    if !plural && matches!(s.as_str(), "regulator" | "authority" | "watchdog") {
        return Some(Noun::Body);
    }
    let is = |t: &[&str]| t.contains(&s.as_str()) || t.contains(&head.to_lowercase().as_str());
    if is(OUTLET) {
        return Some(Noun::Outlet);
    }
    if is(DOCUMENT) && (plural || !is(INSIDER)) {
        return Some(Noun::Document);
    }
    // "senators", "members" and "people" spoken of as such are a crowd; "a senator" who is not named is an insider.
    const SPOKEN_OF: &[&str] = &[
        "democrat", "republican", "lawmaker", "senator", "member", "leader", "people", "observer", "veteran", "legislator", "politician",
        "friend", "supporter", "worker",
    ];
    if plural {
        if is(CROWD) && (!is(INSIDER) || SPOKEN_OF.contains(&s.as_str())) {
            return Some(Noun::Crowd);
        }
        if is(INSIDER) {
            return Some(Noun::Insider);
        }
        if is(BYSTANDER) {
            return Some(Noun::Crowd);
        }
    }
    if indefinite && !plural {
        if is(BYSTANDER) {
            return Some(Noun::Bystander);
        }
        if is(INSIDER) || is(ROLE) {
            return Some(Noun::Insider);
        }
    }
    if is(ROLE) {
        return Some(Noun::Role);
    }
    if is(INSIDER) {
        return Some(Noun::Insider);
    }
    if is(BYSTANDER) {
        return Some(Noun::Bystander);
    }
    if is(BODY) {
        return Some(Noun::Body);
    }
    (is(CROWD) || plural && is_people(&head.to_lowercase())).then_some(Noun::Crowd)
}

/// Whether a plural is by its ending a people's name: "Mexicans", "Palestinians".
fn is_people(word: &str) -> bool {
    word.chars().count() >= 6 && word.ends_with("ans") && !matches!(word, "yeomans" | "oceans" | "humans" | "sandmans")
}

/// Titles that stand before a name, without their full stops, in lower case.
pub const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sen", "senator", "rep", "representative", "congressman", "congresswoman",
    "gov", "governor", "lt", "president", "president-elect", "vice", "chancellor", "premier", "prime", "minister", "secretary", "attorney",
    "general", "gen", "col", "colonel", "maj", "major", "capt", "captain", "sgt", "sergeant", "lieutenant", "cmdr", "adm", "admiral",
    "judge", "justice", "chief", "sheriff", "mayor", "councilman", "councilwoman", "councillor", "cllr", "ald", "alderman", "sir", "dame",
    "lord", "lady", "baroness", "baron", "king", "queen", "prince", "princess", "pope", "cardinal", "archbishop", "bishop", "rev",
    "reverend", "pastor", "father", "sister", "rabbi", "imam", "ambassador", "chairman", "chairwoman", "chair", "coach", "officer",
    "detective", "det", "inspector", "insp", "supt", "superintendent", "commissioner", "deputy", "speaker", "former", "ex", "sens",
    "senators", "reps", "representatives", "govs", "governors", "presidents", "ministers", "justices", "messrs", "councillors", "del",
    "delegate", "ceo", "cfo", "coo", "cto", "director", "leader", "spokesman", "spokeswoman", "spokesperson", "manager", "strategist",
];

/// Words whose form tells that a man is meant (`true`) or a woman (`false`): evidence of the text, not of a name.
pub fn gender_of(word: &str) -> Option<bool> {
    match word {
        "mr" | "sir" | "lord" | "king" | "prince" | "congressman" | "chairman" | "spokesman" | "councilman" | "businessman" | "husband"
        | "son" | "brother" | "father" | "man" | "actor" | "pope" | "bishop" | "widower" | "grandfather" | "grandson" | "uncle"
        | "nephew" => Some(true),
        "mrs" | "ms" | "miss" | "dame" | "lady" | "queen" | "princess" | "congresswoman" | "chairwoman" | "spokeswoman"
        | "councilwoman" | "businesswoman" | "wife" | "daughter" | "sister" | "mother" | "woman" | "actress" | "baroness" | "widow"
        | "grandmother" | "granddaughter" | "aunt" | "niece" => Some(false),
        _ => None,
    }
}

/// Words in a capitalised name that make it a body's rather than a person's.
const BODY_WORDS: &[&str] = &[
    "university", "college", "school", "department", "ministry", "committee", "commission", "council", "court", "party", "inc", "corp",
    "corporation", "company", "co", "llc", "ltd", "plc", "group", "bank", "institute", "institution", "center", "centre", "foundation",
    "association", "union", "federation", "league", "bureau", "agency", "administration", "office", "house", "senate", "congress",
    "parliament", "board", "service", "police", "army", "navy", "force", "guard", "church", "hospital", "society", "club", "coalition",
    "alliance", "action", "fund", "trust", "network", "times", "post", "news", "herald", "journal", "tribune", "press", "radio",
    "television", "magazine", "campaign", "pac", "street", "city", "county", "state", "states", "kingdom", "republic", "nations",
    "organization", "organisation", "authority", "project", "partners", "capital", "holdings", "international", "america", "security",
    "affairs", "research", "partnership", "caucus", "democrats", "republicans", "conference", "team", "system", "airlines", "airport",
    "museum", "library", "theatre", "theater", "poll", "survey", "report", "act", "amendment", "constitution", "review", "index",
    "guardian", "courier", "observer", "bridge", "harbour", "harbor", "port", "river", "lake", "island", "islands", "hall", "square",
    "park", "hotel", "tower", "stadium", "u.n", "u.s", "u.k", "e.u", "movement", "matter", "convention", "treaty", "accord", "agreement",
    "bill", "law", "services", "directorate", "inspectorate", "quarterly", "monthly", "weekly", "daily", "gazette", "chronicle",
    "examiner", "inquirer", "telegraph", "sentinel", "bulletin", "advertiser", "dispatch", "broadcasting",
];

/// Last words of the names that companies and clubs bear: their first word stands for the whole, as "Kestrel" for "Kestrel Foods".
pub const FIRM_WORDS: &[&str] = &[
    "inc", "corp", "corporation", "company", "co", "llc", "ltd", "plc", "group", "bank", "airlines", "holdings", "partners", "foods",
    "motors", "systems", "technologies", "industries", "pharmaceuticals", "pharma", "railways", "rail", "airways", "studios", "pictures",
    "entertainment", "healthcare", "insurance", "logistics", "software", "solutions", "analytics", "ventures", "associates",
    "supermarkets", "telecom", "communications", "ferries", "shipping", "properties", "chemicals", "plastics", "financial", "finance",
    "securities", "investments", "equity", "rovers", "wanderers", "athletic",
];

/// Last words of names that something written bears: "the Harbour Act".
pub const WRITTEN: &[&str] =
    &["act", "amendment", "constitution", "convention", "treaty", "accord", "bill", "law", "report", "review", "survey", "poll", "index"];

/// Places that speak as bodies and are nobody's name: countries, large states and cities.
pub const PLACES: &[&str] = &[
    "america", "united states", "united kingdom", "great britain", "britain", "england", "scotland", "wales", "ireland",
    "northern ireland", "france", "germany", "spain", "italy", "portugal", "greece", "turkey", "poland", "ukraine", "russia", "belarus",
    "sweden", "norway", "denmark", "finland", "iceland", "netherlands", "belgium", "switzerland", "austria", "hungary", "romania",
    "bulgaria", "serbia", "croatia", "china", "japan", "india", "pakistan", "bangladesh", "sri lanka", "nepal", "indonesia", "malaysia",
    "singapore", "philippines", "thailand", "vietnam", "cambodia", "south korea", "north korea", "taiwan", "hong kong", "australia",
    "new zealand", "canada", "mexico", "brazil", "argentina", "colombia", "venezuela", "peru", "cuba", "haiti", "puerto rico",
    "costa rica", "el salvador", "south africa", "nigeria", "kenya", "ghana", "ethiopia", "sudan", "south sudan", "egypt", "libya",
    "tunisia", "algeria", "morocco", "israel", "iran", "iraq", "syria", "lebanon", "jordan", "saudi arabia", "yemen", "qatar", "kuwait",
    "afghanistan", "new york", "new york city", "new jersey", "new mexico", "new hampshire", "new england", "new orleans",
    "north carolina", "south carolina", "north dakota", "south dakota", "west virginia", "rhode island", "los angeles", "san francisco",
    "san diego", "san antonio", "san jose", "las vegas", "st. louis", "salt lake city", "kansas city", "long island", "staten island",
    "palm beach", "el paso", "fort worth", "buenos aires", "rio de janeiro", "sao paulo", "mexico city", "cape town", "tel aviv",
    "abu dhabi", "new delhi", "kuala lumpur", "tokyo", "london", "paris", "berlin", "moscow", "beijing", "brussels", "washington",
    "california", "texas", "florida", "ohio", "iowa", "nevada", "arizona", "colorado", "michigan", "wisconsin", "pennsylvania", "virginia",
    "georgia", "minnesota", "europe", "africa", "asia", "latin america", "middle east", "west wing", "west bank", "wall street",
    "capitol hill", "silicon valley",
];

/// Whether a capitalised word makes the name that it stands in a body's.
pub fn is_body_word(word: &str) -> bool {
    BODY_WORDS.contains(&word) || FIRM_WORDS.contains(&word)
}

/// Whether the words are the name of a place that is nobody's.
pub fn is_place(words: &[String]) -> bool {
    PLACES.contains(&words.join(" ").to_lowercase().trim_start_matches("the "))
}

/// Capitalised words at the head of a sentence that begin no name.
pub const NOT_NAMES: &[&str] = &[
    "the", "a", "an", "this", "that", "these", "those", "it", "he", "she", "they", "we", "i", "you", "his", "her", "their", "our", "my",
    "your", "its", "and", "but", "or", "so", "yet", "if", "when", "while", "as", "after", "before", "since", "until", "because",
    "although", "though", "in", "on", "at", "by", "for", "from", "to", "with", "of", "about", "under", "over", "into", "during", "despite",
    "according", "asked", "told", "no", "not", "yes", "there", "here", "then", "now", "still", "also", "even", "just", "only", "once",
    "one", "two", "three", "four", "five", "six", "some", "many", "most", "few", "several", "all", "both", "each", "every", "other",
    "another", "others", "such", "what", "who", "whom", "whose", "which", "why", "how", "where", "however", "meanwhile", "moreover",
    "perhaps", "maybe", "well", "look", "earlier", "later", "last", "next", "first", "second", "former", "like", "unlike", "between",
    "among", "against", "without", "within", "through", "throughout", "across", "around", "near", "per", "via", "is", "are", "was", "were",
    "be", "been", "has", "have", "had", "do", "does", "did", "will", "would", "can", "could", "should", "may", "might", "must", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "june", "july", "august",
    "september", "october", "november", "december", "today", "yesterday", "tomorrow", "critics", "officials", "aides", "supporters",
    "voters", "sources", "democrats", "republicans", "americans", "people", "polls", "police", "read", "more", "that's", "let", "nearly",
    "almost", "more", "less", "too", "never", "always", "often", "sometimes", "instead", "indeed", "finally", "recently", "currently",
    "overall", "additionally", "furthermore", "nonetheless", "nevertheless", "thus", "therefore", "hence", "rather", "speaking",
    "responding", "citing", "asked", "responding", "given", "none", "nothing", "nobody", "everyone", "anyone", "someone", "everybody",
    "anybody", "somebody", "neither", "either", "nor", "being", "having", "seeing", "making", "doing", "getting", "going", "knowing",
    "looking", "taking", "asking", "calling", "saying", "thinking", "standing", "leaving", "running", "working", "writing", "using",
    "adding", "including", "seeking", "hoping", "facing", "following", "becoming", "growing", "born",
];
