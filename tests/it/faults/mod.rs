//! Nothing lost and nothing let in: outputs in wrong places, kills, full disks, hostile files and names.

mod kills;
mod limits;
mod names;
mod outputs;
mod pipes;
