//! The memory that a program may take: what `--memory` says, or half of what there is.

use anyhow::{Result, ensure};
use nn_data::Memory;
use std::fs::read_to_string;

/// The help text of `--memory`.
pub const MEMORY: &str = "The most memory that data or a network may need, as 500M or 8G; what needs more is refused \
before it is taken [default: half of the machine's]";

/// Returns the amount of the flag, or half of the memory that this program can have (4 GiB where the system does not say).
pub fn limit(flag: Option<Memory>) -> Memory {
    flag.unwrap_or_else(|| available().map_or_else(Memory::default, |bytes| Memory { bytes: bytes / 2 }))
}

/// Settles that `what` may need `need` bytes; `remedy` says how it would need less.
///
/// # Errors
/// Where that is more than the limit.
pub fn check(need: u64, limit: Memory, what: &str, remedy: &str) -> Result<()> {
    let need = Memory { bytes: need };
    ensure!(
        need.bytes <= limit.bytes,
        "{what} needs {need} of memory, and {limit} may be taken; {remedy}, and --memory allows more"
    );
    Ok(())
}

/// The least of the machine's memory, the container's and the address space that the shell allows; on Linux.
fn available() -> Option<u64> {
    let number = |text: &str| text.split_whitespace().find_map(|word| word.parse::<u64>().ok());
    let line = |file: &str, name: &str| {
        let text = read_to_string(file).ok()?;
        text.lines().find_map(|line| number(line.strip_prefix(name)?))
    };
    let machine = line("/proc/meminfo", "MemTotal:").map(|kilobytes| kilobytes * 1024);
    let container = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    let containers = container.into_iter().map(|file| number(&read_to_string(file).ok()?));
    let address_space = line("/proc/self/limits", "Max address space");
    containers.chain([machine, address_space]).flatten().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_wins_and_the_default_is_a_part_of_what_there_is() {
        assert_eq!(limit(Some(Memory { bytes: 7 })).bytes, 7);
        let half = limit(None).bytes;
        assert!(half > 1 << 26 && available().is_none_or(|all| half == all / 2), "{half}");
    }
}
