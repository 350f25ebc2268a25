use sayso::Naming;

use crate::view::View;

/// "31 attributions from 14 sources: 8 named, 5 unnamed (1 reason given), 1 outlet".
pub fn summary(view: &View<'_>) -> String {
    let (n, sources) = (view.statements().count(), view.sources());
    let mut parts = Vec::new();
    for naming in Naming::ALL.into_iter().filter(|n| *n != Naming::None) {
        let of: Vec<usize> = sources.iter().map(|(i, _, _)| *i).filter(|i| view.story.sources[*i].naming == naming).collect();
        if of.is_empty() {
            continue;
        }
        let name = match (naming, of.len()) {
            (Naming::Document, 2..) => "documents",
            (Naming::Outlet, 2..) => "outlets",
            _ => naming.name(),
        };
        let mut part = format!("{} {name}", of.len());
        if naming == Naming::Unnamed {
            let reasons = of.iter().filter(|i| view.story.sources[**i].reason.is_some()).count();
            part += &match reasons {
                0 => " (no reason given)".to_string(),
                1 => " (1 reason given)".to_string(),
                n => format!(" ({n} reasons given)"),
            };
        }
        parts.push(part);
    }
    let nobody = view.statements().filter(|(_, s)| s.speaker.is_none()).count();
    if nobody > 0 {
        parts.push(format!("{nobody} from nobody stated"));
    }
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let head = format!("{n} attribution{} from {} source{}", plural(n), sources.len(), plural(sources.len()));
    if parts.is_empty() { head } else { format!("{head}: {}", parts.join(", ")) }
}
