//! sigstore-tuf, as its users write it: a refresh and one search; then downloads, if the task has any.
//! Its argument is the task of `bench/task.ts`.

use sigstore_tuf::cache::FileStore;
use sigstore_tuf::client::{HttpRepository, Updater};
use sigstore_tuf::transport::UpdaterConfig;
use std::time::Instant;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let path = std::env::args().nth(1).expect("a task");
    let task: serde_json::Value =
        serde_json::from_slice(&std::fs::read(path).expect("the task")).expect("JSON");
    let text = |name: &str| task[name].as_str().expect(name).to_owned();
    let root = std::fs::read(text("root")).expect("a root");
    let mut config = UpdaterConfig::default();
    config.targets_max_length = 64_000_000;
    config.snapshot_max_length = 16_000_000;
    config.target_max_length = 200_000_000;
    let repository = HttpRepository::new(&text("metadataUrl"))
        .and_then(|repository| repository.with_targets_base(&text("targetsUrl")))
        .expect("two URLs");
    let mut updater = Updater::new(repository, &root)
        .expect("an updater")
        .with_config(config)
        .with_store(FileStore::new(text("store")));
    let now = jiff::Timestamp::now();
    updater.refresh(now).await.expect("a refresh");
    updater.get_target_info(&text("find"), now).await.expect("a search").expect("a target");
    let download = &task["download"];
    let mut section = serde_json::Value::Null;
    if let Some(paths) = download["paths"].as_array() {
        let folder = download["folder"].as_str().expect("a folder");
        std::fs::create_dir(folder).expect("a folder");
        let (before, start) = (cpu(), Instant::now());
        for path in paths {
            let path = path.as_str().expect("a path");
            let target = updater.get_target_info(path, now).await.expect("a search").expect(path);
            let bytes = updater.download_target(&target, path).await.expect("a file");
            std::fs::write(format!("{folder}/{}", path.replace('/', "_")), bytes).expect("space");
        }
        let wall = 1e3 * start.elapsed().as_secs_f64();
        section = serde_json::json!({ "cpu": cpu() - before, "wall": wall, "calls": paths.len() });
    }
    report(section);
}

/// As `bench/usage.ts` does, of all threads.
fn report(section: serde_json::Value) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    let kilobytes: String = peak.chars().filter(char::is_ascii_digit).collect();
    let peak = kilobytes.parse::<u64>().unwrap_or(0) * 1024;
    let mut usage = serde_json::json!({ "cpu": cpu(), "peak": peak });
    if !section.is_null() {
        usage["section"] = section;
    }
    println!("{usage}");
}

fn cpu() -> f64 {
    let threads = std::fs::read_dir("/proc/self/task").expect("threads").flatten();
    threads.map(|thread| {
        let spent = std::fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        spent.split(' ').next().and_then(|one| one.parse::<f64>().ok()).unwrap_or(0.0) / 1e6
    }).sum()
}
