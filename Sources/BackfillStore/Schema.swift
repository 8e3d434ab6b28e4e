import GRDB

/// The tables of the ledger, as migrations that are never edited once they are released: a change is a new migration, with the
/// next number.
enum Schema {
  /// What `PRAGMA application_id` says of a ledger: the letters `bfld`.
  static let applicationID = 0x6266_6C64

  /// Every migration of this version of backfilld.
  static let migrations = Migrations(all: [
    Migration(identifier: "1 first ledger") { db in
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      try db.execute(sql: windows + calendars + activations + dates + steps + attempts + decisions + drift + outbox)
    },
    // `firing`: the instant that the schedule named, of a night that was missed. A comment would swallow the end of the table.
    Migration(identifier: "2 missed nights") { db in
      try db.execute(sql: "ALTER TABLE decisions ADD COLUMN firing INTEGER")
    },
    // AUTOINCREMENT keeps the last number in a table of its own, a page more that every commit writes.
    Migration(identifier: "3 numbers of the outbox") { db in
      try db.execute(
        sql: """
          ALTER TABLE outbox RENAME TO numbered;
          CREATE TABLE outbox ( -- events that are committed and not handed over yet
            id INTEGER PRIMARY KEY, -- in the order of the commits; not given twice while a daemon runs
            at INTEGER NOT NULL,
            event TEXT              -- JSON; NULL: handed over, and there for its number
          ) STRICT;
          INSERT INTO outbox SELECT id, at, event FROM numbered;
          DROP TABLE numbered;
          """)
    },
  ])

  // In every table: dates are `YYYY-MM-DD`; instants and durations are whole milliseconds, instants since
  // 1970-01-01T00:00:00Z; `who` is a user name or `backfilld`; truth values are 0 and 1; JSON has sorted keys.

  private static let windows = """
    CREATE TABLE windows (
      name TEXT NOT NULL PRIMARY KEY,
      state TEXT NOT NULL \(oneOf("state", "active", "paused", "complete")),
      reason TEXT,              -- why it is paused
      since INTEGER NOT NULL,   -- when it came into this state
      who TEXT NOT NULL,        -- who put it there
      ramp_index INTEGER NOT NULL DEFAULT 0 CHECK (ramp_index >= 0),
      last_nominal INTEGER,     -- the last firing that is dealt with
      schedule_key TEXT,        -- the schedule that last_nominal belongs to
      definition TEXT           -- digest of the definition that was last in force
    ) STRICT, WITHOUT ROWID;

    """

  private static let calendars = """
    CREATE TABLE calendars ( -- the last good calendar of a window's command
      window TEXT NOT NULL PRIMARY KEY REFERENCES windows (name),
      command TEXT NOT NULL,    -- JSON: the command that printed it
      dates TEXT NOT NULL       -- JSON: dates, with their counts or null
    ) STRICT, WITHOUT ROWID;

    """

  private static let activations = """
    CREATE TABLE activations (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      window TEXT NOT NULL REFERENCES windows (name),
      kind TEXT NOT NULL \(oneOf("kind", "scheduled", "forced", "hand")),
      nominal INTEGER NOT NULL, -- the instant the schedule named, or of the request
      quota INTEGER,            -- at most so many dates
      ends_at INTEGER,          -- no date starts after it
      dates TEXT,               -- JSON: the dates that a person named
      step TEXT,                -- the only step to run
      who TEXT NOT NULL,
      opened INTEGER NOT NULL,
      ended INTEGER,            -- NULL while it is open
      run_id TEXT NOT NULL DEFAULT (lower(hex(randomblob(16)))), -- of its preflight
      preflight_passed INTEGER NOT NULL DEFAULT 0,
      halted INTEGER NOT NULL DEFAULT 0, -- by hand, and a pause came: it starts nothing more
      UNIQUE (window, kind, nominal)
    ) STRICT;
    CREATE INDEX activations_open ON activations (id) WHERE ended IS NULL;
    CREATE TABLE activation_dates ( -- the dates that an activation has started
      activation INTEGER NOT NULL REFERENCES activations (id),
      date TEXT NOT NULL,
      looked_at INTEGER NOT NULL DEFAULT 0, -- it was held for its input before
      PRIMARY KEY (activation, date)
    ) STRICT, WITHOUT ROWID;

    """

  private static let dates = """
    CREATE TABLE dates ( -- a date that is not here is pending
      window TEXT NOT NULL REFERENCES windows (name),
      date TEXT NOT NULL,
      state TEXT NOT NULL \(oneOf("state", "pending", "running", "verifying", "done", "held", "skipped")),
      reason TEXT,              -- why it is in this state
      awaits_input INTEGER NOT NULL DEFAULT 0 CHECK (awaits_input = 0 OR state = 'held'), -- held for that alone
      verdict TEXT \(oneOf("verdict", "pass", "inconclusive", "warn", "anomaly")),
      by_hand INTEGER NOT NULL DEFAULT 0, -- a person ran it outside the schedule
      chunk INTEGER REFERENCES activations (id), -- the activation that last worked on it
      took INTEGER,             -- when it last came to its end in one go
      PRIMARY KEY (window, date)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX dates_held ON dates (window, awaits_input, date) WHERE state = 'held';

    """

  private static let steps = """
    CREATE TABLE steps ( -- small rows: what an attempt brought is in attempts
      window TEXT NOT NULL,
      date TEXT NOT NULL,
      step TEXT NOT NULL,
      state TEXT NOT NULL \(oneOf("state", "pending", "running", "done", "failed", "stale")),
      attempt INTEGER NOT NULL CHECK (attempt >= 0), -- the number of the last attempt; 0: there is none (imported)
      round_start INTEGER NOT NULL DEFAULT 0,   -- attempts before this round of retries
      run_id TEXT CHECK (attempt = 0 OR run_id IS NOT NULL), -- of the last attempt
      unfinished INTEGER NOT NULL DEFAULT 0,    -- the last attempt is to be executed again
      interruptions INTEGER NOT NULL DEFAULT 0, -- in a row
      verdict TEXT \(oneOf("verdict", "pass", "inconclusive", "warn", "anomaly")), -- the word of the last attempt
      accepted INTEGER NOT NULL DEFAULT 0,      -- a person accepted the anomaly
      PRIMARY KEY (window, date, step),
      FOREIGN KEY (window, date) REFERENCES dates (window, date)
    ) STRICT, WITHOUT ROWID;

    """

  private static let attempts = """
    CREATE TABLE attempts (
      id INTEGER PRIMARY KEY,
      window TEXT NOT NULL,
      step TEXT NOT NULL,
      date TEXT NOT NULL,
      attempt INTEGER NOT NULL CHECK (attempt >= 1),
      run_id TEXT NOT NULL,
      chunk INTEGER NOT NULL REFERENCES activations (id),
      definition TEXT NOT NULL, -- digest of the window's definition
      executions INTEGER NOT NULL DEFAULT 1, -- times its process was started
      started INTEGER NOT NULL, -- of the last execution, as the rest
      ended INTEGER,            -- NULL while it runs
      duration INTEGER,
      ending TEXT,              -- in words
      failure TEXT,             -- why it failed
      user_cpu INTEGER,         -- microseconds, as the next
      system_cpu INTEGER,
      peak_kib INTEGER,         -- NULL also when it is not known
      report TEXT,              -- JSON
      verdict TEXT,             -- JSON
      tail BLOB,                -- the end of its output; NULL when it passed
      UNIQUE (window, step, date, attempt),
      FOREIGN KEY (window, date, step) REFERENCES steps (window, date, step)
    ) STRICT;

    """

  private static let decisions = """
    CREATE TABLE decisions ( -- never changed, never deleted
      id INTEGER PRIMARY KEY,
      window TEXT NOT NULL REFERENCES windows (name),
      action TEXT NOT NULL,
      date TEXT,                -- NULL: about the window
      step TEXT,
      reason TEXT,
      who TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX decisions_of ON decisions (window, date);

    """

  private static let drift = """
    CREATE TABLE drift_alarms ( -- a limit that the evidence of a stream crossed: each is told once
      window TEXT NOT NULL REFERENCES windows (name),
      step TEXT NOT NULL,
      stream TEXT NOT NULL,     -- its categories, joined by +
      date TEXT NOT NULL,       -- the date whose facts crossed it
      word TEXT NOT NULL \(oneOf("word", "warn", "anomaly")),
      evidence REAL NOT NULL,
      at INTEGER NOT NULL,
      settled INTEGER REFERENCES decisions (id), -- the decision that settled it; NULL while it is open
      PRIMARY KEY (window, step, stream, date, word)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE drift_restarts ( -- never changed, never deleted
      window TEXT NOT NULL REFERENCES windows (name),
      step TEXT NOT NULL,
      stream TEXT NOT NULL,
      date TEXT NOT NULL,       -- the stream starts anew after it
      decision INTEGER NOT NULL REFERENCES decisions (id), -- who, why and when
      PRIMARY KEY (window, step, stream, date)
    ) STRICT, WITHOUT ROWID;

    """

  private static let outbox = """
    CREATE TABLE outbox ( -- events that are committed and not handed over yet
      id INTEGER PRIMARY KEY AUTOINCREMENT, -- in the order of the commits
      at INTEGER NOT NULL,
      event TEXT NOT NULL       -- JSON
    ) STRICT;
    """

  /// A check that a column holds one of `words`. A chain of OR, because SQLite builds a temporary table for `IN` at every
  /// insert and update, which costs more than the rest of a checkpoint.
  private static func oneOf(_ column: String, _ words: String...) -> String {
    "CHECK (\(words.map { "\(column) = '\($0)'" }.joined(separator: " OR ")))"
  }
}
