//! Words a second, text in and sourcing out, on one thread: the whole way, each stage, and each set of instructions, in one
//! run so that they can be compared on a noisy machine. `SAYSO_BENCH_TEXTS` names a folder of other stories.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sayso::mark::Simd;
use sayso::{Tagger, grade, mark, resolve};
use sayso_read::Hint;
use sayso_text::Doc;

fn stories() -> Vec<Doc> {
    let folder = std::env::var("SAYSO_BENCH_TEXTS").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples").into());
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect();
    files.sort();
    files.iter().filter_map(|p| Some(sayso_read::read(&std::fs::read(p).ok()?, &Hint::default()).ok()?.value)).collect()
}

fn speed(c: &mut Criterion) {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().ok();
    let Some(one) = one else { return };
    let docs = stories();
    let words: usize = docs.iter().map(|d| d.text.split_whitespace().count()).sum();
    let mut group = c.benchmark_group("words");
    group.sample_size(10).throughput(Throughput::Elements(words as u64));
    for simd in Simd::available() {
        let Ok(tagger) = Tagger::on(simd) else { continue };
        group.bench_function(format!("text to story, {simd:?}"), |b| {
            b.iter(|| one.install(|| docs.iter().map(|d| sayso::read(black_box(d.clone()), &tagger).statements.len()).sum::<usize>()));
        });
    }
    let marked: Vec<_> = one.install(|| docs.iter().map(|d| mark(d.clone(), Tagger::shared())).collect());
    group.bench_function("resolve and grade", |b| {
        b.iter(|| marked.iter().map(|m| grade(resolve(black_box(m.clone()))).statements.len()).sum::<usize>());
    });
    group.finish();
}

criterion_group!(benches, speed);
criterion_main!(benches);
