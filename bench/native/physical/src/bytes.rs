//! Searches in bytes, and the two forms of a digest.

pub fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let found = bytes[from..].windows(wanted.len()).position(|window| window == wanted)?;
    Some(from + found)
}

pub fn all(bytes: &[u8], wanted: &[u8], from: usize) -> Vec<usize> {
    let found = bytes[from..].windows(wanted.len()).enumerate();
    found.filter(|(_, window)| *window == wanted).map(|(at, _)| from + at).collect()
}

pub fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}

pub fn until_quote(bytes: &[u8], from: usize) -> &[u8] {
    let length = bytes[from..].iter().position(|unit| *unit == b'"').expect("a string");
    &bytes[from..from + length]
}

pub fn text(bytes: &[u8], name: &str) -> String {
    let start = find(bytes, format!("\"{name}\":\"").as_bytes(), 0).expect(name) + name.len() + 4;
    String::from_utf8_lossy(until_quote(bytes, start)).into_owned()
}

/// The strings of an array, empty where it is not there.
pub fn list(bytes: &[u8], name: &str) -> Vec<String> {
    let named = format!("\"{name}\":[");
    let Some(start) = find(bytes, named.as_bytes(), 0) else { return Vec::new() };
    let rest = &bytes[start + named.len()..];
    let end = rest.iter().position(|unit| *unit == b']').expect("an end");
    let strings = String::from_utf8_lossy(&rest[..end]).into_owned();
    strings.split(',').map(|one| one.trim_matches('"').to_owned()).collect()
}

pub fn bytes_of(digits: &[u8]) -> Vec<u8> {
    let value = |unit: u8| if unit <= b'9' { unit - b'0' } else { (unit | 0x20) - b'a' + 10 };
    digits.chunks(2).map(|pair| value(pair[0]) << 4 | value(pair[1])).collect()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
