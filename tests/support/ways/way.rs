// SPDX-License-Identifier: BSD-2-Clause
// way.rs - the acts of way.c, by Rust's std.
//
//   way ACT A B [ACT A B]...
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::net::TcpStream;
use std::process::Command;

fn put(path: &str, options: &mut OpenOptions, place: u64) -> io::Result<()> {
    let mut f = options.write(true).open(path)?;
    f.seek(SeekFrom::Start(place))?;
    f.write_all(b"new")
}

fn run(path: &str, argument: &str) -> io::Result<()> {
    let status = Command::new(path).arg(argument).env_clear().env("OWN", "environment").status()?;
    if status.success() {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::Other, status.to_string()))
}

fn act(name: &str, a: &str, b: &str) -> Option<io::Result<()>> {
    Some(match name {
        "make" => put(a, OpenOptions::new().create_new(true), 0),
        "unlink" => fs::remove_file(a),
        "rename" => fs::rename(a, b),
        "truncate" => OpenOptions::new().write(true).open(a).and_then(|f| f.set_len(1)),
        "overwrite" => put(a, OpenOptions::new().truncate(true), 0),
        "inplace" => put(a, &mut OpenOptions::new(), 100),
        "creat" => File::create(a).and_then(|mut f| f.write_all(b"new")),
        "exec" => run(a, b),
        "connect" => TcpStream::connect(format!("{}:{}", a, b)).map(|_| ()),
        _ => return None,
    })
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    for step in args.chunks(3) {
        let said = match act(&step[0], &step[1], &step[2]) {
            None => "n/a".to_string(),
            Some(Ok(())) => "ok".to_string(),
            Some(Err(e)) => e.to_string(),
        };
        println!("= {} {}: {}", step[0], step[1], said);
    }
}
