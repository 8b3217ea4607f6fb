//! The parts that the command lines of all programs share: flags with one meaning and one help text, the
//! places of outputs, threads, messages.
//!
//! ```
//! use clap::Parser;
//! use cli::data_flags::DataFlags;
//!
//! #[derive(Parser)]
//! struct Args {
//!     #[command(flatten)]
//!     data: DataFlags,
//! }
//! let args = Args::parse_from(["program", "--size", "20x30", "--skip-bad"]);
//! let options = args.data.options();
//! assert_eq!((options.preprocessing.width, options.preprocessing.height, options.skip_bad), (20, 30, true));
//! ```

pub mod data_flags;
pub mod memory;
pub mod numbers;
pub mod output;
pub mod pool;
pub mod say;
pub mod usage;
