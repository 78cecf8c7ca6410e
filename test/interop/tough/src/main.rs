//! The command line of tuf-conformance over tough. The trusted root is kept apart from what the
//! repository sends.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use tough::{HttpTransportBuilder, Prefix, RepositoryLoader, TargetName};

type Outcome = Result<(), Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Outcome {
    let mut options: HashMap<String, Vec<String>> = HashMap::new();
    let mut words = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.strip_prefix("--") {
            Some(name) => {
                let value = args.next().ok_or(format!("--{name} needs a value"))?;
                options.entry(name.into()).or_default().push(value);
            }
            None => words.push(arg),
        }
    }
    let folder = Path::new(one(&options, "metadata-dir")?);
    // Not *.json: everything else of that name in the folder is metadata.
    let anchor = folder.join("anchor");
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["init", root] => {
            std::fs::copy(root, anchor)?;
            Ok(())
        }
        ["refresh"] | ["download"] => update(&options, folder, &std::fs::read(anchor)?).await,
        _ => Err("init ROOT, refresh or download".into()),
    }
}

async fn update(options: &HashMap<String, Vec<String>>, folder: &Path, root: &[u8]) -> Outcome {
    let metadata = one(options, "metadata-url")?;
    let targets = one(options, "target-base-url").unwrap_or(metadata);
    let repository = RepositoryLoader::new(&root, metadata.parse()?, targets.parse()?)
        .datastore(folder)
        // A server that fails is asked once: vectors count requests.
        .transport(HttpTransportBuilder::new().tries(1).build())
        .load()
        .await?;
    for name in options.get("target-name").into_iter().flatten() {
        let directory = one(options, "target-dir")?;
        repository
            .save_target(&TargetName::new(name)?, directory, Prefix::None)
            .await?;
    }
    Ok(())
}

fn one<'a>(options: &'a HashMap<String, Vec<String>>, name: &str) -> Result<&'a str, String> {
    match options.get(name).map(Vec::as_slice) {
        Some([value]) => Ok(value),
        _ => Err(format!("--{name} is needed once")),
    }
}
