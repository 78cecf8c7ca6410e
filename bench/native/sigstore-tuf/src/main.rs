//! sigstore-tuf, as its users write it: a refresh and one search. Its argument is the task of
//! `bench/task.ts`.

use sigstore_tuf::cache::FileStore;
use sigstore_tuf::client::{HttpRepository, Updater};
use sigstore_tuf::transport::UpdaterConfig;

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
    let repository = HttpRepository::new(&text("metadataUrl")).expect("a URL");
    let mut updater = Updater::new(repository, &root)
        .expect("an updater")
        .with_config(config)
        .with_store(FileStore::new(text("store")));
    let now = jiff::Timestamp::now();
    updater.refresh(now).await.expect("a refresh");
    updater.get_target_info(&text("find"), now).await.expect("a search").expect("a target");
    report();
}

/// As `bench/usage.ts` does, of all threads.
fn report() {
    let mut cpu = 0.0;
    for task in std::fs::read_dir("/proc/self/task").expect("threads").flatten() {
        let spent = std::fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        cpu += spent.split(' ').next().and_then(|one| one.parse::<f64>().ok()).unwrap_or(0.0) / 1e6;
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    let kilobytes: String = peak.chars().filter(char::is_ascii_digit).collect();
    println!("{{\"cpu\":{cpu},\"peak\":{}}}", kilobytes.parse::<u64>().unwrap_or(0) * 1024);
}
