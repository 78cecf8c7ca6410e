//! The physical floor: what no client in any language can leave out. It fetches the files of one
//! search over one connection, hashes each (SHA-256), looks at each byte once, and verifies every
//! Ed25519 signature. It writes no metadata, believes everything, and reads only the compact files that
//! the benchmarks serve. A downloaded file is hashed and written, in pieces of 1 MiB. Its argument is
//! the task of `bench/task.ts`.

mod bytes;

use bytes::{all, bytes_of, find, hex, list, rfind, text, until_quote};
use ring::{digest, signature};
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

fn main() {
    let path = std::env::args().nth(1).expect("a task");
    let task = std::fs::read(path).expect("the task");
    let url = text(&task, "metadataUrl");
    let (host, base) = url["http://".len()..].split_once('/').expect("a URL");
    let stream = TcpStream::connect(host).expect("a server");
    let mut server = Server { stream, host: host.to_owned(), base: base.to_owned() };

    let root = File::new(std::fs::read(text(&task, "root")).expect("a root"));
    root.verify(&root);
    server.get("2.root.json");
    let timestamp = server.file("timestamp.json");
    timestamp.verify(&root);
    let snapshot = server.file(&format!("{}.snapshot.json", timestamp.version_of("snapshot.json")));
    snapshot.verify(&root);
    let targets = server.file(&format!("{}.targets.json", snapshot.version_of("targets.json")));
    targets.verify(&root);
    let bins = server.file(&format!("{}.bins.json", snapshot.version_of("bins.json")));
    bins.verify(&targets);
    let mut client = Client { server, snapshot, bins, known: HashMap::new() };
    client.digest_of(&text(&task, "find"));

    let then = list(&task, "then");
    let paths = list(&task, "paths");
    let section = if !then.is_empty() {
        Some(measured(then.len(), || {
            client.index();
            then.iter().for_each(|path| drop(client.digest_of(path)));
        }))
    } else if !paths.is_empty() {
        let folder = text(&task, "folder");
        std::fs::create_dir(&folder).expect("a folder");
        Some(measured(paths.len(), || {
            client.index();
            paths.iter().for_each(|path| client.download(path, &folder));
        }))
    } else {
        None
    };
    report(section);
}

struct Client {
    server: Server,
    snapshot: File,
    bins: File,
    known: HashMap<String, File>,
}

impl Client {
    fn index(&self) {
        self.bins.index_roles();
        self.snapshot.index_files();
    }

    /// The digest of a target in hexadecimal, from its bin.
    fn digest_of(&mut self, target: &str) -> String {
        let digest = hex(digest::digest(&digest::SHA256, target.as_bytes()).as_ref());
        let name = self.bins.role_for(&digest);
        if !self.known.contains_key(&name) {
            let version = self.snapshot.version_of(&format!("{name}.json"));
            let bin = self.server.file(&format!("{version}.{name}.json"));
            bin.verify(&self.bins);
            self.known.insert(name.clone(), bin);
        }
        let bin = &self.known[&name].bytes;
        let named = format!("\"{target}\":{{\"hashes\":{{\"sha256\":\"");
        let entry = find(bin, named.as_bytes(), 0).expect("not found");
        String::from_utf8_lossy(until_quote(bin, entry + named.len())).into_owned()
    }

    fn download(&mut self, target: &str, folder: &str) {
        let wanted = self.digest_of(target);
        let (parent, file) = target.rsplit_once('/').expect("a folder");
        let path = format!("targets/{parent}/{wanted}.{file}");
        let (mut piece, mut got, mut left) = self.server.ask(&path).expect("a file");
        piece.resize(1 << 20, 0);
        let mut hash = digest::Context::new(&digest::SHA256);
        let name = format!("{folder}/{}", target.replace('/', "_"));
        let mut written = std::fs::File::create(name).expect("a file");
        loop {
            while left > 0 && got < piece.len() {
                let most = left.min(piece.len() - got);
                let read = self.server.stream.read(&mut piece[got..got + most]).expect("a body");
                assert!(read > 0, "a body");
                got += read;
                left -= read;
            }
            hash.update(&piece[..got]);
            written.write_all(&piece[..got]).expect("space");
            got = 0;
            if left == 0 {
                break;
            }
        }
        assert_eq!(hex(hash.finish().as_ref()), wanted);
    }
}

struct Server {
    stream: TcpStream,
    host: String,
    base: String,
}

impl Server {
    fn file(&mut self, name: &str) -> File {
        File::new(self.get(name).expect(name))
    }

    /// `None`: not there.
    fn get(&mut self, name: &str) -> Option<Vec<u8>> {
        let (mut whole, got, left) = self.ask(&format!("{}{name}", self.base))?;
        whole.resize(got + left, 0);
        self.stream.read_exact(&mut whole[got..]).expect("a body");
        Some(whole)
    }

    /// The first bytes of a body, how many there are, and how many are to come.
    fn ask(&mut self, path: &str) -> Option<(Vec<u8>, usize, usize)> {
        let request = format!("GET /{path} HTTP/1.1\r\nhost: {}\r\n\r\n", self.host);
        self.stream.write_all(request.as_bytes()).expect("a request");
        let mut bytes = vec![0; 65_536];
        let mut length = 0;
        let head = loop {
            length += self.stream.read(&mut bytes[length..]).expect("an answer");
            if let Some(end) = find(&bytes[..length], b"\r\n\r\n", 0) {
                break end + 4;
            }
        };
        let lines = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
        if !lines.starts_with("http/1.1 200") {
            let chunked = lines.contains("transfer-encoding: chunked");
            while chunked && find(&bytes[..length], b"0\r\n\r\n", head).is_none() {
                length += self.stream.read(&mut bytes[length..]).expect("an answer");
            }
            return None;
        }
        let stated = lines.split("content-length: ").nth(1).expect("a length");
        let body: usize = stated.split("\r\n").next().unwrap().parse().expect("a length");
        let start = bytes[head..length].to_vec();
        let got = start.len();
        Some((start, got, body - got))
    }
}

struct File {
    bytes: Vec<u8>,
    signed: (usize, usize),
    /// Where each role starts to list its prefixes; they ascend.
    prefixes: std::cell::OnceCell<Vec<usize>>,
    /// Where the name of each file ends; they ascend.
    files: std::cell::OnceCell<Vec<usize>>,
}

impl File {
    fn new(bytes: Vec<u8>) -> File {
        std::hint::black_box(digest::digest(&digest::SHA256, &bytes));
        let signed = signed_part(&bytes);
        File { bytes, signed, prefixes: Default::default(), files: Default::default() }
    }

    /// By the keys that `delegator` declares; their order is that of the file.
    fn verify(&self, delegator: &File) {
        let mut at = 0;
        while let Some(found) = find(&self.bytes[..self.signed.0], b"{\"keyid\":\"", at) {
            let keyid = until_quote(&self.bytes, found + 10);
            let sig = until_quote(&self.bytes, found + 10 + keyid.len() + 9);
            let named = [b"\"", keyid, b"\":{\"keytype\":\"ed25519\",\"keyval\":{\"public\":\""].concat();
            let key = find(&delegator.bytes, &named, delegator.signed.0).expect("a key");
            let public = bytes_of(until_quote(&delegator.bytes, key + named.len()));
            signature::UnparsedPublicKey::new(&signature::ED25519, public)
                .verify(&self.bytes[self.signed.0..self.signed.1], &bytes_of(sig))
                .expect("a right signature");
            at = found + 1;
        }
    }

    fn version_of(&self, file: &str) -> u64 {
        let entry = match self.files.get() {
            None => find(&self.bytes, format!("\"{file}\":{{").as_bytes(), self.signed.0),
            Some(ends) => {
                let found = ends.binary_search_by(|end| self.name_at(*end).cmp(file.as_bytes()));
                found.ok().map(|at| ends[at])
            }
        };
        let version = find(&self.bytes, b"\"version\":", entry.expect(file)).expect("a version") + 10;
        let digits = self.bytes[version..].iter().take_while(|unit| unit.is_ascii_digit());
        digits.fold(0, |sum, digit| 10 * sum + u64::from(digit - b'0'))
    }

    fn role_for(&self, digest: &str) -> String {
        let named = b"\"path_hash_prefixes\":[\"";
        let prefix = |role: usize| until_quote(&self.bytes, role + named.len());
        let role = match self.prefixes.get() {
            None => {
                let first = find(&self.bytes, named, self.signed.0).expect("bins");
                let wanted = format!("\"{}\"", &digest[..prefix(first).len()]);
                find(&self.bytes, wanted.as_bytes(), first).expect("a bin")
            }
            Some(roles) => {
                roles[roles.partition_point(|role| prefix(*role) <= digest.as_bytes()) - 1]
            }
        };
        let name = rfind(&self.bytes[..role], b"\"name\":\"").expect("a name") + 8;
        String::from_utf8_lossy(until_quote(&self.bytes, name)).into_owned()
    }

    /// For many searches.
    fn index_roles(&self) {
        self.prefixes.get_or_init(|| all(&self.bytes, b"\"path_hash_prefixes\":[\"", self.signed.0));
    }

    fn index_files(&self) {
        self.files.get_or_init(|| {
            let ends = all(&self.bytes, b".json\":{", self.signed.0);
            ends.iter().map(|end| end + 5).collect()
        });
    }

    fn name_at(&self, end: usize) -> &[u8] {
        let start = self.bytes[..end].iter().rposition(|unit| *unit == b'"').expect("a name");
        &self.bytes[start + 1..end]
    }
}

/// One pass over the structure: where the member `signed` of the outermost object is.
fn signed_part(bytes: &[u8]) -> (usize, usize) {
    let (mut depth, mut at, mut start, mut name) = (0, 0, 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                let first = at + 1;
                at += 1;
                while bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                if depth == 1 {
                    name = first;
                }
            }
            b'{' | b'[' => {
                depth += 1;
                if depth == 2 {
                    start = at;
                }
            }
            b'}' | b']' => {
                depth -= 1;
                if depth == 1 && bytes[name..].starts_with(b"signed\"") {
                    return (start, at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    panic!("no member signed");
}

/// As `bench/usage.ts` does: CPU milliseconds of this one thread, and the peak of its memory.
fn report(section: Option<String>) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    let kilobytes: String = peak.chars().filter(char::is_ascii_digit).collect();
    let peak = kilobytes.parse::<u64>().unwrap_or(0) * 1024;
    let section = section.map(|one| format!(",\"section\":{one}")).unwrap_or_default();
    println!("{{\"cpu\":{},\"peak\":{peak}{section}}}", cpu());
}

fn measured(calls: usize, work: impl FnOnce()) -> String {
    let (before, start) = (cpu(), Instant::now());
    work();
    let (cpu, wall) = (cpu() - before, 1e3 * start.elapsed().as_secs_f64());
    format!("{{\"cpu\":{cpu},\"wall\":{wall},\"calls\":{calls}}}")
}

fn cpu() -> f64 {
    let spent = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    spent.split(' ').next().and_then(|one| one.parse::<f64>().ok()).unwrap_or(0.0) / 1e6
}
