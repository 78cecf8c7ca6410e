//! The physical floor: what no client in any language can leave out. It fetches the files of one
//! search over one connection, hashes each (SHA-256), looks at each byte once, and verifies every
//! Ed25519 signature. It writes nothing, believes everything, and reads only the compact files that
//! the benchmarks serve. Its argument is the task of `bench/task.ts`.

use ring::{digest, signature};
use std::io::{Read, Write};
use std::net::TcpStream;

fn main() {
    let path = std::env::args().nth(1).expect("a task");
    let task = std::fs::read(path).expect("the task");
    let url = text(&task, "metadataUrl");
    let target = text(&task, "find");
    let (host, base) = url["http://".len()..].split_once('/').expect("a URL");
    let mut server = Server { stream: TcpStream::connect(host).expect("a server"), host, base };

    let root = File::new(std::fs::read(text(&task, "root")).expect("a root"));
    root.verify(&root);
    server.get("2.root.json");
    let timestamp = server.file("timestamp.json");
    timestamp.verify(&root);
    let snapshot = server.file(&format!("{}.snapshot.json", timestamp.version_of("snapshot.json")));
    snapshot.verify(&root);
    let mut load = |server: &mut Server, name: &str, delegator: &File| {
        let version = snapshot.version_of(&format!("{name}.json"));
        let file = server.file(&format!("{version}.{name}.json"));
        file.verify(delegator);
        file
    };
    let targets = load(&mut server, "targets", &root);
    let bins = load(&mut server, "bins", &targets);
    let digest = hex(digest::digest(&digest::SHA256, target.as_bytes()).as_ref());
    let bin = load(&mut server, &bins.role_for(&digest), &bins);
    assert!(find(&bin.bytes, format!("\"{target}\":").as_bytes(), 0).is_some(), "not found");
    report();
}

struct Server<'a> {
    stream: TcpStream,
    host: &'a str,
    base: &'a str,
}

impl Server<'_> {
    fn file(&mut self, name: &str) -> File {
        File::new(self.get(name).expect(name))
    }

    /// `None`: not there.
    fn get(&mut self, name: &str) -> Option<Vec<u8>> {
        let request = format!("GET /{}{name} HTTP/1.1\r\nhost: {}\r\n\r\n", self.base, self.host);
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
        let mut whole = bytes[head..length].to_vec();
        let got = whole.len();
        whole.resize(body, 0);
        self.stream.read_exact(&mut whole[got..]).expect("a body");
        Some(whole)
    }
}

struct File {
    bytes: Vec<u8>,
    signed: (usize, usize),
}

impl File {
    fn new(bytes: Vec<u8>) -> File {
        std::hint::black_box(digest::digest(&digest::SHA256, &bytes));
        let signed = signed_part(&bytes);
        File { bytes, signed }
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
        let entry = find(&self.bytes, format!("\"{file}\":{{").as_bytes(), self.signed.0).expect(file);
        let version = find(&self.bytes, b"\"version\":", entry).expect("a version") + 10;
        let digits = self.bytes[version..].iter().take_while(|unit| unit.is_ascii_digit());
        digits.fold(0, |sum, digit| 10 * sum + u64::from(digit - b'0'))
    }

    fn role_for(&self, digest: &str) -> String {
        let prefixes = find(&self.bytes, b"\"path_hash_prefixes\":[\"", self.signed.0).expect("bins");
        let length = until_quote(&self.bytes, prefixes + 23).len();
        let wanted = format!("\"{}\"", &digest[..length]);
        let found = find(&self.bytes, wanted.as_bytes(), prefixes).expect("a bin");
        let name = rfind(&self.bytes[..found], b"\"name\":\"").expect("a name") + 8;
        String::from_utf8_lossy(until_quote(&self.bytes, name)).into_owned()
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

fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let found = bytes[from..].windows(wanted.len()).position(|window| window == wanted)?;
    Some(from + found)
}

fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}

fn until_quote(bytes: &[u8], from: usize) -> &[u8] {
    let length = bytes[from..].iter().position(|unit| *unit == b'"').expect("a string");
    &bytes[from..from + length]
}

fn text(bytes: &[u8], name: &str) -> String {
    let start = find(bytes, format!("\"{name}\":\"").as_bytes(), 0).expect(name) + name.len() + 4;
    String::from_utf8_lossy(until_quote(bytes, start)).into_owned()
}

fn bytes_of(digits: &[u8]) -> Vec<u8> {
    let value = |unit: u8| if unit <= b'9' { unit - b'0' } else { (unit | 0x20) - b'a' + 10 };
    digits.chunks(2).map(|pair| value(pair[0]) << 4 | value(pair[1])).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// As `bench/usage.ts` does: CPU milliseconds of this one thread, and the peak of its memory.
fn report() {
    let spent = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let cpu = spent.split(' ').next().and_then(|one| one.parse::<f64>().ok()).unwrap_or(0.0) / 1e6;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    let kilobytes: String = peak.chars().filter(char::is_ascii_digit).collect();
    println!("{{\"cpu\":{cpu},\"peak\":{}}}", kilobytes.parse::<u64>().unwrap_or(0) * 1024);
}
