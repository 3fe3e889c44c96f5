//! Files in one file: a ZIP archive without compression, so that any program can open what the lab exports
//! (PKWARE, .ZIP File Format Specification, version 6.3.10, sections 4.3 and 4.4).

use crate::messages::run;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A file's name and bytes.
pub type File = (String, Vec<u8>);

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// 1 January 1980: the same run gives the same archive.
const DATE: u16 = 0x21;

/// The archive of some files.
pub fn pack(files: &[File]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let at = out.len() as u32;
        let common = |out: &mut Vec<u8>| {
            // Version 2.0, names in UTF-8, stored, midnight.
            [20_u16, 1 << 11, 0, 0, DATE].iter().for_each(|word| out.extend(word.to_le_bytes()));
            [crc32(bytes), bytes.len() as u32, bytes.len() as u32].iter().for_each(|n| out.extend(n.to_le_bytes()));
            [name.len() as u16, 0].iter().for_each(|word| out.extend(word.to_le_bytes()));
        };
        out.extend(LOCAL.to_le_bytes());
        common(&mut out);
        out.extend(name.as_bytes());
        out.extend(bytes);
        directory.extend(CENTRAL.to_le_bytes());
        directory.extend(20_u16.to_le_bytes());
        common(&mut directory);
        [0_u16, 0, 0].iter().for_each(|word| directory.extend(word.to_le_bytes()));
        [0_u32, at].iter().for_each(|n| directory.extend(n.to_le_bytes()));
        directory.extend(name.as_bytes());
    }
    let (start, size, count) = (out.len() as u32, directory.len() as u32, files.len() as u16);
    out.extend(directory);
    out.extend(END.to_le_bytes());
    [0, 0, count, count].iter().for_each(|word: &u16| out.extend(word.to_le_bytes()));
    [size, start].iter().for_each(|n| out.extend(n.to_le_bytes()));
    out.extend(0_u16.to_le_bytes());
    out
}

/// Why an archive cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ArchiveFault {
    /// It is not a whole archive.
    Broken,
    /// A file in it is compressed.
    Compressed {
        /// Which.
        name: String,
    },
    /// A file in it has another checksum than it should.
    Damaged {
        /// Which.
        name: String,
    },
}

impl fmt::Display for ArchiveFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Broken => run::archive_broken().to_owned(),
            Self::Compressed { name } => run::archive_compressed(name),
            Self::Damaged { name } => run::archive_damaged(name),
        })
    }
}

impl std::error::Error for ArchiveFault {}

/// The files of an archive that [`pack`] made, or of another one without compression.
///
/// # Errors
/// If it is not whole, or compressed.
pub fn unpack(archive: &[u8]) -> Result<Vec<File>, ArchiveFault> {
    let word = |at: usize| archive.get(at..at + 2).map(|b| usize::from(u16::from_le_bytes([b[0], b[1]])));
    let number = |at: usize| archive.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let broken = || ArchiveFault::Broken;
    let signature = END.to_le_bytes();
    let end = archive.windows(4).rposition(|window| window == signature).ok_or_else(broken)?;
    if archive.len() < end + 22 {
        return Err(broken());
    }
    let (count, mut at) = (word(end + 10).ok_or_else(broken)?, number(end + 16).ok_or_else(broken)? as usize);
    let mut files = Vec::new();
    for _ in 0..count {
        if number(at) != Some(CENTRAL) {
            return Err(broken());
        }
        let field = |offset: usize| word(at + offset).ok_or_else(broken);
        let [method, name_len, extra, comment] = [field(10)?, field(28)?, field(30)?, field(32)?];
        let long = |offset: usize| number(at + offset).ok_or_else(broken);
        let (crc, size, local) = (long(16)?, long(24)? as usize, long(42)? as usize);
        let name = archive.get(at + 46..at + 46 + name_len).ok_or_else(broken)?;
        let name = String::from_utf8(name.to_vec()).map_err(|_| broken())?;
        if method != 0 {
            return Err(ArchiveFault::Compressed { name });
        }
        let (local_name, local_extra) = (word(local + 26).ok_or_else(broken)?, word(local + 28).ok_or_else(broken)?);
        let start = local + 30 + local_name + local_extra;
        let bytes = archive.get(start..start.checked_add(size).ok_or_else(broken)?).ok_or_else(broken)?;
        if crc32(bytes) != crc {
            return Err(ArchiveFault::Damaged { name });
        }
        files.push((name, bytes.to_vec()));
        at += 46 + name_len + extra + comment;
    }
    Ok(files)
}

/// CRC-32 as in ISO 3309, four bits at a time.
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 16] = {
        let mut table = [0; 16];
        let mut at = 0;
        while at < 16 {
            let mut value = at as u32;
            let mut bit = 0;
            while bit < 4 {
                value = if value & 1 == 1 { value >> 1 ^ 0xedb8_8320 } else { value >> 1 };
                bit += 1;
            }
            table[at] = value;
            at += 1;
        }
        table
    };
    let step = |crc: u32, nibble: u32| TABLE[((crc ^ nibble) & 15) as usize] ^ crc >> 4;
    let byte = |crc: u32, &byte: &u8| step(step(crc, u32::from(byte)), u32::from(byte >> 4));
    !bytes.iter().fold(!0, byte)
}

#[cfg(test)]
mod tests {
    use super::{crc32, pack, unpack};

    #[test]
    fn the_checksum_has_its_published_check_value() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn files_come_back_and_damage_is_noticed() {
        let files = vec![("a.txt".to_owned(), b"one".to_vec()), ("dir/b\u{fc}.bin".to_owned(), vec![0; 1000])];
        let archive = pack(&files);
        assert_eq!(unpack(&archive).unwrap(), files);
        assert_eq!(unpack(&pack(&[])).unwrap(), []);
        let mut damaged = archive.clone();
        damaged[36] ^= 1;
        assert!(unpack(&damaged).unwrap_err().to_string().contains("a.txt"));
        for cut in 0..archive.len() {
            assert!(unpack(&archive[..cut]).is_err(), "{cut}");
        }
        assert!(unpack(b"not an archive").is_err());
    }
}
