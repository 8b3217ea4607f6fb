//! Which file may name which library or type.

use crate::tidy::file::{File, has_word, matches};
use crate::tidy::report::Report;

/// Words that the code of some files must not have.
struct Ban {
    words: &'static [&'static str],
    /// Patterns of the files that must not name them.
    files: &'static [&'static str],
    /// Patterns of the files among these that may.
    except: &'static [&'static str],
    reason: &'static str,
}

/// All bans. The words are spelt in two halves where they are names of libraries, since this file is checked too.
const BANS: [Ban; 5] = [
    Ban {
        words: &[concat!("fa", "er")],
        files: &["*.rs"],
        except: &["crates/nn-core/src/kernels/matrix.rs"],
        reason: "only nn-core's kernels/matrix.rs names the matrix library",
    },
    Ban {
        words: &[concat!("pu", "lp")],
        files: &["crates/nn-core/src/*.rs"],
        except: &["crates/nn-core/src/kernels/simd/mod.rs"],
        reason: "only nn-core's kernels/simd/mod.rs names the library of vector code",
    },
    Ban {
        words: &[concat!("ray", "on")],
        files: &["crates/nn-core/src/*.rs"],
        except: &["crates/nn-core/src/kernels/*.rs", "crates/nn-core/src/trainer/mod.rs"],
        reason: "in nn-core, kernels and the trainer know of threads; layers do not",
    },
    Ban {
        words: &["Layer", "Network", "Trainer"],
        files: &["crates/nn-core/src/kernels/*.rs"],
        except: &[],
        reason: "kernels take slices; they know no layer, network or trainer",
    },
    Ban {
        words: &["std::fs", "nn_train", "Preprocessing"],
        files: &[
            "apps/*/src/window/view*.rs",
            "apps/*/src/window/*/view.rs",
            "apps/*/src/window/answer*.rs",
            "crates/train-page/src/view/*.rs",
        ],
        except: &["crates/train-page/src/view/form.rs"], // lists presets and distortions
        reason: "a view shows what is there: it reads no file, trains nothing and preprocesses nothing",
    },
];

/// Reports every line of code that names a banned word.
pub fn check(files: &[File], report: &mut Report) {
    for file in files.iter().filter(|file| file.is_rust()) {
        let any = |patterns: &[&str]| patterns.iter().any(|pattern| matches(pattern, &file.path));
        for ban in BANS.iter().filter(|ban| any(ban.files) && !any(ban.except)) {
            for (number, line) in file.code() {
                if let Some(word) = ban.words.iter().find(|word| has_word(line, word)) {
                    report.add(&file.path, number, format!("`{word}`: {}", ban.reason));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    #[test]
    fn every_ban_holds_for_its_files_and_not_for_the_exceptions() {
        for ban in &BANS {
            let text = format!("//! {0}.\nuse {0}::x; // {0}\n", ban.words[0]);
            for pattern in ban.files {
                let path = pattern.replace('*', "x");
                assert_eq!(places(check, &[(&path, &text)]), [format!("{path}:2")], "{}", ban.reason);
            }
            for pattern in ban.except {
                let path = pattern.replace('*', "x");
                assert!(places(check, &[(&path, &text)]).is_empty(), "{path}");
            }
        }
    }
}
