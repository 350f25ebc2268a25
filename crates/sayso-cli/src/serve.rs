//! `sayso serve`.

use std::io::Write as _;

use anyhow::Result;
use sayso_serve::Options;

use crate::args::Serve;
use crate::output;

pub fn serve(args: &Serve) -> Result<u8> {
    let token = std::env::var("SAYSO_TOKEN").ok().filter(|t| !t.is_empty());
    let told = token.is_none();
    // the model takes a moment to load: the first story should not wait for it
    std::thread::spawn(sayso::Tagger::shared);
    let options = Options { port: args.port, token, ..Options::new(args.collection.clone()) };
    sayso_serve::serve(&options, |address, token| {
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "The reading room is open: http://{address}/");
        let _ = out.flush();
        if told {
            output::complain(&format!("programs that add stories need the header X-Sayso-Token: {token}"));
        }
        output::complain("Ctrl-C closes it");
    })?;
    output::complain("closed");
    Ok(0)
}
