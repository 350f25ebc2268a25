-- A Sayso collection, version 2. Offsets are bytes of UTF-8 in story.text, half-open. Text is stored once: all else points into it.
-- To show the words of a span: CAST(substr(CAST(text AS BLOB), first + 1, past - first) AS TEXT); the views below do.

CREATE TABLE story (
  id         INTEGER PRIMARY KEY,
  bytes      TEXT NOT NULL,              -- SHA-256 of the file or line that it was read from
  doc        TEXT NOT NULL,              -- id of its text, as in every other output
  path       TEXT NOT NULL,              -- where it was read from, as the user wrote it
  format     TEXT NOT NULL,              -- plain, markdown or html
  outlet     TEXT,
  title      TEXT,
  byline     TEXT,
  published  TEXT,                       -- as given
  credit     TEXT,                       -- the agency that its credit line names
  address    TEXT,
  language   TEXT,
  version_of INTEGER REFERENCES story (id), -- the story of the same address that it is a later version of
  words      INTEGER NOT NULL,
  text       TEXT NOT NULL
) STRICT;
CREATE INDEX story_bytes ON story (bytes);
CREATE INDEX story_address ON story (address) WHERE address IS NOT NULL;
CREATE INDEX story_outlet ON story (outlet, credit);  -- since version 2, as the next: what a collection holds is told without reading its texts
CREATE INDEX story_published ON story (published);

CREATE TABLE block (
  story INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
  n     INTEGER NOT NULL,
  kind  TEXT NOT NULL,
  first INTEGER NOT NULL,
  past  INTEGER NOT NULL,
  PRIMARY KEY (story, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE quotation (                 -- what stands in quotation marks, without the marks
  story INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
  n     INTEGER NOT NULL,
  first INTEGER NOT NULL,
  past  INTEGER NOT NULL,
  PRIMARY KEY (story, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
  id           INTEGER PRIMARY KEY,
  story        INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
  n            INTEGER NOT NULL,         -- its place in the story: s1 is 0
  name         TEXT NOT NULL,
  proper       INTEGER NOT NULL,         -- whether the name means the same in another story; "the company" does not
  kind         TEXT NOT NULL,
  naming       TEXT NOT NULL,
  role         TEXT,
  affiliation  TEXT,
  level        INTEGER NOT NULL,         -- how specific the description is, 0-7
  basis        TEXT NOT NULL,
  basis_first  INTEGER,
  basis_past   INTEGER,
  reason_first INTEGER,
  reason_past  INTEGER,
  reason_rote  INTEGER,
  UNIQUE (story, n)
) STRICT;
CREATE INDEX source_name ON source (name COLLATE NOCASE);

CREATE TABLE alias (
  source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
  name   TEXT NOT NULL
) STRICT;
CREATE INDEX alias_source ON alias (source);
CREATE INDEX alias_name ON alias (name COLLATE NOCASE);

CREATE TABLE mention (
  source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
  first  INTEGER NOT NULL,
  past   INTEGER NOT NULL
) STRICT;
CREATE INDEX mention_source ON mention (source);

CREATE TABLE attribution (
  id              INTEGER PRIMARY KEY,
  story           INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
  n               INTEGER NOT NULL,      -- its place in the story: a1 is 0
  source          INTEGER REFERENCES source (id) ON DELETE CASCADE, -- null where nobody is stated, or where that is unresolved
  why             TEXT NOT NULL,
  form            TEXT NOT NULL,
  level           TEXT NOT NULL,
  parent          INTEGER,               -- n of the attribution in whose content this one stands
  channel         TEXT NOT NULL,
  recipient_first INTEGER,
  recipient_past  INTEGER,
  via             TEXT,
  via_first       INTEGER,
  via_past        INTEGER,
  sure            TEXT NOT NULL,
  low             REAL NOT NULL,
  high            REAL NOT NULL,
  UNIQUE (story, n)
) STRICT;
CREATE INDEX attribution_source ON attribution (source);

CREATE TABLE candidate (                 -- whom an unresolved attribution may belong to
  attribution INTEGER NOT NULL REFERENCES attribution (id) ON DELETE CASCADE,
  source      INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX candidate_attribution ON candidate (attribution);

CREATE TABLE span (
  attribution INTEGER NOT NULL REFERENCES attribution (id) ON DELETE CASCADE,
  part        TEXT NOT NULL CHECK (part IN ('source', 'cue', 'content')),
  n           INTEGER NOT NULL,
  first       INTEGER NOT NULL,
  past        INTEGER NOT NULL,
  PRIMARY KEY (attribution, part, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE credit (                    -- where a story credits an outlet
  story  INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
  n      INTEGER NOT NULL,
  outlet TEXT NOT NULL,
  kind   TEXT NOT NULL,
  own    INTEGER NOT NULL,
  refers INTEGER NOT NULL,
  first  INTEGER NOT NULL,
  past   INTEGER NOT NULL,
  PRIMARY KEY (story, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE warning (                   -- complaints of reading a story; since version 2
  story   INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
  n       INTEGER NOT NULL,
  code    TEXT NOT NULL,
  message TEXT NOT NULL,
  first   INTEGER,
  past    INTEGER,
  PRIMARY KEY (story, n)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE story_words USING fts5 (title, text, content = 'story', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE said_words USING fts5 (content, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');

-- What tracing found. All of it can be made again from the tables above.

CREATE TABLE traced (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  stories INTEGER NOT NULL,              -- how many stories it saw, and the last of them
  last    INTEGER NOT NULL,
  program TEXT NOT NULL                  -- the version that made it
) STRICT;

CREATE TABLE family (                    -- statements that carry one utterance's words
  id           INTEGER PRIMARY KEY,
  reports      INTEGER NOT NULL,
  origins      INTEGER NOT NULL,         -- visible ones; never "independent"
  undetermined INTEGER NOT NULL
) STRICT;

CREATE TABLE circle (                    -- outlets that credit one another for it
  family INTEGER NOT NULL REFERENCES family (id) ON DELETE CASCADE,
  n      INTEGER NOT NULL,
  outlet TEXT NOT NULL
) STRICT;

CREATE TABLE member (
  family      INTEGER NOT NULL REFERENCES family (id) ON DELETE CASCADE,
  n           INTEGER NOT NULL,          -- by date, as far as it is known
  story       INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
  said        INTEGER NOT NULL,          -- place among the story's statements and unattributed quotations
  attribution INTEGER REFERENCES attribution (id) ON DELETE CASCADE,
  first       INTEGER NOT NULL,          -- its content, from the first word to the last
  past        INTEGER NOT NULL,
  standing    TEXT NOT NULL,
  PRIMARY KEY (family, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_story ON member (story);
CREATE INDEX member_attribution ON member (attribution);

CREATE TABLE echo (
  id       INTEGER PRIMARY KEY,
  family   INTEGER NOT NULL REFERENCES family (id) ON DELETE CASCADE,
  later    INTEGER NOT NULL,             -- member.n
  earlier  INTEGER,                      -- member.n; null where the source is an outlet that is not here
  outlet   TEXT,
  how      TEXT NOT NULL CHECK (how IN ('stated', 'inferred', 'undetermined')),
  words    INTEGER NOT NULL              -- shared
) STRICT;
CREATE INDEX echo_family ON echo (family);

CREATE TABLE evidence (                  -- what shows an echo
  echo          INTEGER NOT NULL REFERENCES echo (id) ON DELETE CASCADE,
  kind          TEXT NOT NULL,           -- words, dates, credit, credit line, contained, passage
  outlet        TEXT,
  number        INTEGER,                 -- words: how many; dates: days; passage: words; credit: 1 where it stands with the statement
  share         INTEGER,
  earlier_first INTEGER,
  earlier_past  INTEGER,
  later_first   INTEGER,
  later_past    INTEGER
) STRICT;
CREATE INDEX evidence_echo ON evidence (echo);

CREATE TABLE other (                     -- members that an echo may have come from too, the likeliest first
  echo  INTEGER NOT NULL REFERENCES echo (id) ON DELETE CASCADE,
  story INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
  said  INTEGER NOT NULL
) STRICT;
CREATE INDEX other_echo ON other (echo);

CREATE TABLE change (
  echo INTEGER NOT NULL REFERENCES echo (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('words', 'attribution')),
  what TEXT NOT NULL
) STRICT;
CREATE INDEX change_echo ON change (echo);

CREATE TABLE passage (                   -- runs of 15 words and more that two stories share
  a       INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
  b       INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
  words   INTEGER NOT NULL,
  share   INTEGER NOT NULL,              -- of the shorter story, in percent
  a_first INTEGER NOT NULL,              -- the longest run
  a_past  INTEGER NOT NULL,
  b_first INTEGER NOT NULL,
  b_past  INTEGER NOT NULL,
  PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX passage_b ON passage (b);

CREATE TABLE phrase (                    -- words in a row that quotations of two stories share, too few or too common to be an echo
  a_story INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
  a_said  INTEGER NOT NULL,              -- as in member
  b_story INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
  b_said  INTEGER NOT NULL,
  words   TEXT NOT NULL
) STRICT;
CREATE INDEX phrase_a ON phrase (a_story);
CREATE INDEX phrase_b ON phrase (b_story);

CREATE TABLE retelling (                 -- may say the same in other words: a proposal, counted nowhere
  a        INTEGER NOT NULL REFERENCES attribution (id) ON DELETE CASCADE,
  b        INTEGER NOT NULL REFERENCES attribution (id) ON DELETE CASCADE,
  likeness INTEGER NOT NULL,             -- shared uncommon words in percent of all of both
  shared   TEXT NOT NULL
) STRICT;
CREATE INDEX retelling_a ON retelling (a);
CREATE INDEX retelling_b ON retelling (b);

-- For people.

CREATE VIEW stories AS
  SELECT s.id, s.outlet, s.published, s.title, s.byline, s.path, s.address, s.words,
    (SELECT count(*) FROM attribution a WHERE a.story = s.id) AS attributions,
    (SELECT count(*) FROM source x WHERE x.story = s.id AND x.naming = 'named') AS named_sources,
    (SELECT count(*) FROM source x WHERE x.story = s.id AND x.naming = 'unnamed') AS unnamed_sources,
    s.version_of
  FROM story s;

CREATE VIEW attributions AS
  SELECT a.id, a.story, 'a' || (a.n + 1) AS attribution, t.outlet, t.published, x.name AS speaker, x.naming, a.form, a.level, a.channel,
    a.via, a.sure, a.low, a.high,
    (SELECT group_concat(CAST(substr(CAST(t.text AS BLOB), p.first + 1, p.past - p.first) AS TEXT), ' … ')
       FROM (SELECT * FROM span WHERE attribution = a.id AND part = 'source' ORDER BY n) p) AS source_words,
    (SELECT group_concat(CAST(substr(CAST(t.text AS BLOB), p.first + 1, p.past - p.first) AS TEXT), ' … ')
       FROM (SELECT * FROM span WHERE attribution = a.id AND part = 'cue' ORDER BY n) p) AS cue_words,
    (SELECT group_concat(CAST(substr(CAST(t.text AS BLOB), p.first + 1, p.past - p.first) AS TEXT), ' … ')
       FROM (SELECT * FROM span WHERE attribution = a.id AND part = 'content' ORDER BY n) p) AS content_words
  FROM attribution a JOIN story t ON t.id = a.story LEFT JOIN source x ON x.id = a.source;

CREATE VIEW sources AS
  SELECT x.id, x.story, 's' || (x.n + 1) AS source, t.outlet, t.published, x.name, x.kind, x.naming, x.role, x.affiliation, x.level,
    x.basis,
    CASE WHEN x.reason_first IS NOT NULL
      THEN CAST(substr(CAST(t.text AS BLOB), x.reason_first + 1, x.reason_past - x.reason_first) AS TEXT) END AS reason,
    x.reason_rote,
    (SELECT count(*) FROM attribution a WHERE a.source = x.id) AS attributions
  FROM source x JOIN story t ON t.id = x.story;

CREATE VIEW echoes AS
  SELECT e.id, e.family, e.how, e.words AS shared_words,
    se.outlet AS earlier_outlet, se.published AS earlier_published, coalesce(se.title, se.path, e.outlet || ' (not in this collection)') AS earlier,
    CAST(substr(CAST(se.text AS BLOB), me.first + 1, me.past - me.first) AS TEXT) AS earlier_words,
    sl.outlet AS later_outlet, sl.published AS later_published, coalesce(sl.title, sl.path) AS later,
    CAST(substr(CAST(sl.text AS BLOB), ml.first + 1, ml.past - ml.first) AS TEXT) AS later_words,
    (SELECT group_concat(what, '; ') FROM change c WHERE c.echo = e.id AND c.kind = 'words') AS changes,
    (SELECT group_concat(what, '; ') FROM change c WHERE c.echo = e.id AND c.kind = 'attribution') AS drift
  FROM echo e
    JOIN member ml ON ml.family = e.family AND ml.n = e.later
    JOIN story sl ON sl.id = ml.story
    LEFT JOIN member me ON me.family = e.family AND me.n = e.earlier
    LEFT JOIN story se ON se.id = me.story;
