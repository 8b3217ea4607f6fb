//! Nothing lost and nothing let in: outputs in wrong places, kills, full disks, hostile files and names.

mod outputs;
