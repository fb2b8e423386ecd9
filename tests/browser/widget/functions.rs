//! The functions for data teams in a browser: sums on workers, and without what the browser may lack.

use serde_json::{Value, json};

use super::super::harness::{Page, run};
use super::opened;

/// Pages of calls in which the last call of each stands again in the next one, as where a new call came in between; the
/// functions from a place of their own; and a way to tell what came of something.
const PREPARE: &str = r#"
    window.pages = (count, size = 50) => Array.from({ length: count }, (_, page) => {
        const row = (_, at) => {
            const number = page * size + at - (page && at === 0 ? 1 : 0);
            return { callId: `call-${number}`, createdAt: new Date(1714521600000 + number * 137000).toISOString(),
                status: number % 7 ? "completed" : "no_answer", duration: number % 600, agentId: `agent-${number % 9}`,
                note: number % 11 ? "plain" : "naïve \"quoted\" \u0001" };
        };
        return new TextEncoder().encode(JSON.stringify({ data: { logs: Array.from({ length: size }, row) } }));
    });
    window.told = (act) => act.then((sum) => JSON.stringify(sum), ({ code, message }) => `${code}: ${message}`);
    window.zone = { timeZone: "Asia/Kolkata" };
"#;

async fn prepared(page: &Page) {
    page.run(PREPARE).await;
    page.run("return import('/callscope/functions.js').then((module) => { window.functions = module; });").await;
}

#[track_caller]
fn check_all_equal(told: &Value) {
    let told = told.as_array().unwrap();
    assert!(told.len() > 1 && told.iter().all(|one| *one == told[0]), "{told:?}");
}

#[test]
fn workers_sum_to_what_one_thread_does() {
    run(async {
        let (_server, page) = opened("two").await;
        prepared(&page).await;
        let told = page
            .run(
                "const ways = [{}, { workers: 1 }, { workers: 3 }, { workers: 2 }];
                 return Promise.all(ways.map((way) => told(functions.aggregateCalls(pages(1500), { ...zone, ...way }))));",
            )
            .await;
        check_all_equal(&told);
        let first: Value = serde_json::from_str(told[0].as_str().unwrap()).unwrap();
        // Of each page but the first, one call was in the page before.
        assert_eq!([&first["calls"], &first["refused"]], [1500 * 50 - 1499, 0]);
        assert_eq!(first["report"]["agents"].as_array().unwrap().len(), 9);
        let reused = page
            .run(
                "const same = (bytes) => async function* () { const all = pages(1500); const one = new Uint8Array(bytes);
                     for (const page of all) { one.fill(32); one.set(page); yield one; } };
                 const longest = Math.max(...pages(1500).map((page) => page.length));
                 const objects = async function* () { const one = {}; for (const page of pages(1500)) yield Object.assign(one, JSON.parse(new TextDecoder().decode(page))); };
                 return Promise.all([...[{}, { workers: 2 }].map((way) => told(functions.aggregateCalls(same(longest)(), { ...zone, ...way }))),
                     told(functions.aggregateCalls(objects(), { ...zone, workers: 2 }))]);",
            )
            .await;
        check_all_equal(&reused);
        assert_eq!(reused[0], told[0], "a source may use its buffer again");
        let left = page
            .run("const mine = pages(900); return functions.aggregateCalls(mine, { workers: 2 }).then(() => mine.map((page) => page.length).includes(0));")
            .await;
        assert_eq!(left, json!(false), "pages stay whose they are");
    });
}

#[test]
fn pages_of_every_size_and_kind_are_handed_on() {
    run(async {
        let (_server, page) = opened("two").await;
        prepared(&page).await;
        // One page is larger than what a worker is given at a time, twice; others are texts and objects.
        let told = page
            .run(
                "const text = (bytes) => new TextDecoder().decode(bytes);
                 const mixed = () => { const [one, two, three] = pages(3), [large] = pages(1, 20000); return [one.buffer, text(two), large,
                     JSON.parse(text(three)), new DataView(large.slice().buffer), ...pages(400).map(text), large]; };
                 const ways = [{}, { workers: 1 }, { workers: 2 }, { workers: 5 }];
                 return Promise.all(ways.map((way) => told(functions.aggregateCalls(mixed(), { ...zone, ...way }))));",
            )
            .await;
        check_all_equal(&told);
        let first: Value = serde_json::from_str(told[0].as_str().unwrap()).unwrap();
        assert!(first["calls"].as_u64().unwrap() > 40_000, "{}", first["calls"]);
    });
}

#[test]
fn the_first_fault_is_told_whoever_reads_it() {
    run(async {
        let (_server, page) = opened("two").await;
        prepared(&page).await;
        let told = page
            .run(
                "const bad = () => { const all = pages(900); all[500] = '[1'; all[40] = '{}'; all[899] = 'x'; return all; };
                 return Promise.all([{}, { workers: 2 }, { workers: 3 }].map((way) => told(functions.aggregateCalls(bad(), way))));",
            )
            .await;
        check_all_equal(&told);
        assert!(told[0].as_str().unwrap().starts_with("bad-shape: "), "{told}");
        let source = page
            .run(
                "async function* broken() { yield '{}'; yield* pages(3); throw new Error('the source'); }
                 const gone = new ArrayBuffer(8); structuredClone(gone, { transfer: [gone] });
                 return Promise.all([{}, { workers: 2 }].map((way) => told(functions.aggregateCalls(broken(), way)))
                     .concat([{}, { workers: 2 }].map((way) => told(functions.aggregateCalls([gone], way)))));",
            )
            .await;
        assert!(source[0].as_str().unwrap().starts_with("bad-shape: ") && source[0] == source[1], "{source}");
        assert!(source[2].as_str().unwrap().contains("detached") && source[2] == source[3], "{source}");
        // A source that never ends is left at its first fault, however short its pages are.
        let endless = page
            .run("function* endless() { for (;;) yield ''; } return told(functions.aggregateCalls(endless(), { workers: 2 }));")
            .await;
        assert!(endless.as_str().unwrap().starts_with("bad-"), "{endless}");
        // Those who failed are gone; others take their place.
        let again = page
            .run(
                "return Promise.all([{}, { workers: 2 }].map((way) => told(functions.aggregateCalls(pages(9), way))));",
            )
            .await;
        check_all_equal(&again);
    });
}

#[test]
fn without_workers_and_without_wide_instructions_the_figures_are_the_same() {
    run(async {
        let (_server, page) = opened("two").await;
        prepared(&page).await;
        let told = page
            .run(
                "return (async () => {
                     const figures = [await told(functions.aggregateCalls(pages(40), zone))];
                     const Real = Worker;
                     window.Worker = class { constructor() { throw new Error('refused'); } };
                     figures.push(await told(functions.aggregateCalls(pages(40), { ...zone, workers: 2 })));
                     window.Worker = class extends Real { constructor() { super('/no-such-script.js', { type: 'module' }); } };
                     figures.push(await told(functions.aggregateCalls(pages(40), { ...zone, workers: 2 })));
                     window.Worker = Real;
                     WebAssembly.validate = () => false;
                     const plain = await import('/callscope/functions.js?plain');
                     figures.push(await told(plain.aggregateCalls(pages(40), zone)));
                     figures.push(await told(plain.aggregateCalls(pages(40), { ...zone, workers: 2 })));
                     return figures;
                 })();",
            )
            .await;
        check_all_equal(&told);
        let loaded: Vec<String> =
            page.ask("performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.includes('functions-'))").await;
        let wide = loaded.iter().filter(|name| name.contains("functions-wide-")).count();
        assert!(
            wide == 1 && loaded.iter().any(|name| name.ends_with("_bg.wasm") && !name.contains("wide")),
            "{loaded:?}"
        );
    });
}
