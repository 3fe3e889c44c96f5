use super::*;
use std::io::Read;

/// A server for a folder with `index.html`, `sub/a b.wasm`, and a file outside that must stay there.
fn site(name: &str) -> (Site, PathBuf) {
    let outside = std::env::temp_dir().join(format!("moescope-serve-{}-{name}", std::process::id()));
    let folder = outside.join("site");
    fs::create_dir_all(folder.join("sub")).unwrap();
    fs::write(outside.join("secret.txt"), "secret").unwrap();
    fs::write(folder.join("index.html"), "<html>").unwrap();
    fs::write(folder.join("sub/a b.wasm"), "wasm").unwrap();
    (Site::new(&folder), outside)
}

fn ask(site: Site, requests: &[&str]) -> Vec<String> {
    let listener = Site::listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || site.run(&listener));
    let one = |request: &&str| {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "{request} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    requests.iter().map(one).collect()
}

#[test]
fn answers_files_with_their_types() {
    let (site, folder) = site("files");
    let answers = ask(site, &["GET /?x=1", "GET /sub/a%20b.wasm", "HEAD /index.html", "GET /none", "POST /"]);
    assert!(
        answers[0].starts_with("HTTP/1.1 200") && answers[0].contains("text/html") && answers[0].ends_with("<html>")
    );
    assert!(answers[1].contains("Content-Type: application/wasm\r\n") && answers[1].ends_with("\r\n\r\nwasm"));
    assert!(answers[2].contains("Content-Length: 6\r\n") && answers[2].ends_with("\r\n\r\n"));
    assert!(answers[3].starts_with("HTTP/1.1 404") && answers[4].starts_with("HTTP/1.1 405"));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn never_leaves_the_folder() {
    let (site, folder) = site("climb");
    let climbs =
        ["GET /../secret.txt", "GET /%2e%2e/secret.txt", "GET /sub/../../secret.txt", "GET //etc/passwd", "GET /%"];
    for answer in ask(site, &climbs) {
        assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn serves_below_a_path_and_replaces_files() {
    let (mut site, folder) = site("mount");
    site.mount = "/some/where/".to_owned();
    site.instead.insert("index.html".to_owned(), None);
    site.instead.insert("sub/x.json".to_owned(), Some(b"{}".to_vec()));
    let answers =
        ask(site, &["GET /some/where/sub/a%20b.wasm", "GET /some/where/", "GET /some/where/sub/x.json", "GET /"]);
    let found: Vec<_> = answers.iter().map(|answer| answer.starts_with("HTTP/1.1 200")).collect();
    assert_eq!(found, [true, false, true, false]);
    fs::remove_dir_all(folder).unwrap();
}
