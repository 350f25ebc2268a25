//! When a story appeared, as far as it is known: an interval, not a point.

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime};

const DAY: i64 = 24 * 60;

/// From the first to the last minute at which a story may have appeared, in minutes since 1970-01-01 00:00 UTC. A bare date is the
/// whole day in any time zone's sense of it; nothing is known without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct When(Option<(i64, i64)>);

/// How two stories lie in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The first surely before the second.
    Before,
    /// The first surely after the second.
    After,
    /// The dates do not tell.
    Untold,
}

impl When {
    /// Nothing known.
    pub const UNKNOWN: When = When(None);

    /// Reads a date as pages, sidecars and people write it: `2023-05-03`, `2023-05`, `2023`, RFC 3339, `3 May 2023`, `May 3, 2023`.
    pub fn parse(s: &str) -> When {
        let s = s.trim();
        if let Ok(t) = DateTime::parse_from_rfc3339(s) {
            let m = t.timestamp().div_euclid(60);
            return When(Some((m, m)));
        }
        for format in ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%d %H:%M:%S%z"] {
            if let Ok(t) = DateTime::parse_from_str(s, format) {
                let m = t.timestamp().div_euclid(60);
                return When(Some((m, m)));
            }
        }
        // without a zone it may be that time anywhere on earth
        for format in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"] {
            if let Ok(t) = NaiveDateTime::parse_from_str(s, format) {
                let m = t.and_utc().timestamp().div_euclid(60);
                return When(Some((m - DAY / 2, m + DAY / 2)));
            }
        }
        let plain = s.replace(',', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        for format in ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d %B %Y", "%B %d %Y", "%d %b %Y", "%b %d %Y"] {
            if let Ok(d) = NaiveDate::parse_from_str(&plain, format)
                && (1500..=3000).contains(&d.year())
            {
                return Self::days(d, d.checked_add_days(Days::new(1)));
            }
        }
        let month = format!("{plain}-01");
        if let Ok(d) = NaiveDate::parse_from_str(&month, "%Y-%m-%d") {
            return Self::days(d, d.checked_add_months(Months::new(1)));
        }
        if plain.len() == 4
            && let Ok(d) = NaiveDate::parse_from_str(&format!("{plain}-01-01"), "%Y-%m-%d")
        {
            return Self::days(d, d.checked_add_months(Months::new(12)));
        }
        When::UNKNOWN
    }

    fn days(from: NaiveDate, to: Option<NaiveDate>) -> When {
        let minute = |d: NaiveDate| d.and_hms_opt(0, 0, 0).map(|t| t.and_utc().timestamp().div_euclid(60));
        match (minute(from), to.and_then(minute)) {
            (Some(a), Some(b)) => When(Some((a, b - 1))),
            _ => When::UNKNOWN,
        }
    }

    /// Whether anything is known.
    pub fn is_known(self) -> bool {
        self.0.is_some()
    }

    /// The first minute at which it may have appeared.
    pub fn earliest(self) -> Option<i64> {
        self.0.map(|(a, _)| a)
    }

    /// How it lies to another.
    pub fn order(self, other: When) -> Order {
        match (self.0, other.0) {
            (Some((_, b)), Some((c, _))) if b < c => Order::Before,
            (Some((a, _)), Some((_, d))) if a > d => Order::After,
            _ => Order::Untold,
        }
    }

    /// Whole days from this one to a later one, at most.
    pub fn days_until(self, later: When) -> Option<i64> {
        let ((a, _), (c, _)) = (self.0?, later.0?);
        Some((c - a).div_euclid(DAY))
    }

    /// For putting reports in order: known dates first, earliest first.
    pub fn sort_key(self) -> (bool, i64, i64) {
        self.0.map_or((true, 0, 0), |(a, b)| (false, a, b))
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((a, b)) = self.0 else { return f.write_str("undated") };
        let day = |m: i64| DateTime::from_timestamp(m * 60, 0).map(|t| t.naive_utc());
        match (day(a), day(b)) {
            (Some(a), _) if self.0.is_some_and(|(x, y)| x == y) => write!(f, "{}", a.format("%Y-%m-%d %H:%M")),
            (Some(a), Some(b)) if b.date() == a.date() => write!(f, "{}", a.format("%Y-%m-%d")),
            (Some(a), Some(b)) => write!(f, "{} to {}", a.format("%Y-%m-%d"), b.format("%Y-%m-%d")),
            _ => f.write_str("undated"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_intervals() {
        let day = When::parse("2023-05-03");
        assert_eq!(day, When::parse("3 May 2023"));
        assert_eq!(day, When::parse("May 3, 2023"));
        assert_eq!(day.to_string(), "2023-05-03");
        assert_eq!(day.order(When::parse("2023-05-04")), Order::Before);
        assert_eq!(When::parse("2023-05-04T08:00:00Z").order(day), Order::After);
        assert_eq!(When::parse("2023-05-03T08:00:00Z").order(day), Order::Untold);
        assert_eq!(When::parse("2023-05").order(day), Order::Untold);
        assert_eq!(When::parse("2022").order(day), Order::Before);
        assert_eq!(day.order(When::UNKNOWN), Order::Untold);
        assert_eq!(day.days_until(When::parse("2023-05-05")), Some(2));
    }

    #[test]
    fn what_is_no_date_is_unknown() {
        for s in ["", "yesterday", "99", "2023-13-40", "20235", "May"] {
            assert!(!When::parse(s).is_known(), "{s}");
        }
    }
}
