//! A real call centre's month: figures that were counted by hand.

use super::harness::{Browser, Server, command, run, workspace};

#[test]
fn the_banks_month_shows_exactly_what_was_counted() {
    let data = workspace().join("../shared/data/bank_calls_1999_02.tsv.gz");
    if !data.is_file() {
        println!("skipped: {} is not there", data.display());
        return;
    }
    run(async {
        let server = Server::prepared(|database| {
            let map = workspace().join("tests/suite/bank/map.toml");
            command("import", database, &["--map", map.to_str().unwrap(), data.to_str().unwrap()], "");
            let who = ["--email", "teller@bank.example", "--name", "Teller", "--organisation", "Anonymous Bank"];
            command("user add", database, &who, "counting by hand\n");
        })
        .await;
        let page = Browser::start().await.page(&server.origin());
        page.sign_in(("teller@bank.example", "counting by hand")).await;
        page.open_usage("/?from=1999-02-01&to=1999-02-28").await;
        for (label, figure) in [
            ("Calls", "33,344"),
            ("Minutes", "79,835"),
            ("Resolution rate", "80.0"),
            ("Average duration", "2:24"),
            ("Active agents", "6"),
            ("Response time", "–"),
            ("Positive sentiment", "–"),
        ] {
            assert_eq!(page.tile(label).await, figure, "{label}");
        }
        let outcomes: Vec<(String, String)> = page
            .ask("[...document.querySelectorAll('.outcomes tbody tr')].map(row => [row.cells[0].textContent, row.cells[1].textContent])")
            .await;
        let outcomes: Vec<_> = outcomes.iter().map(|(name, calls)| (name.as_str(), calls.as_str())).collect();
        assert_eq!(outcomes, [("Resolved", "26,671"), ("Transferred", "0"), ("Abandoned", "5,904"), ("Other", "769")]);
        let insights: Vec<(String, String)> = page
            .ask("[...document.querySelectorAll('.insights div')].map(line => [line.querySelector('dt').firstChild.textContent, line.querySelector('dd').textContent.trim()])")
            .await;
        for name in [
            "Calls without a correction",
            "Tool-call success",
            "Transcript confidence",
            "Cached-token share",
            "Time to first token",
        ] {
            let figure = insights.iter().find(|line| line.0 == name).map(|line| line.1.as_str());
            assert!(figure.is_some_and(|figure| figure.starts_with('–')), "{name}: {figure:?}");
        }
        assert!(page.text(".context").await.contains("Asia/Jerusalem"));
        page.keep_picture("bank-month").await;
    });
}
