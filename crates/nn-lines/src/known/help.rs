//! Help with reading that a person may give: the words that may occur, or a pattern that the text has.

/// Knowledge of a text beforehand.
#[derive(Clone, Debug, Default)]
pub enum Help {
    /// Nothing.
    #[default]
    None,
    /// Each word is one of these: in small letters, sorted.
    Words(Vec<String>),
    /// The text has this pattern: `None` stands for a digit, a space for a gap, all else for itself.
    Pattern(Vec<Option<char>>),
}

/// How far a text has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// The words that the current one may become, or the place in the pattern.
    from: usize,
    to: usize,
    /// The characters of the current word.
    length: usize,
}

/// The next character, as [`Help::then`] allows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// How far the text has come with it.
    pub progress: Reached,
    /// The character that stands there whatever the network reads: a sign of a pattern that it does not know.
    pub sign: Option<char>,
    /// True if a space stands before it.
    pub space: bool,
}

impl Help {
    /// The help of a list of words. Upper and lower case are the same.
    pub fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let words = words.into_iter().map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty());
        let mut words: Vec<String> = words.collect();
        words.sort();
        words.dedup();
        Self::Words(words)
    }

    /// The help of a pattern such as `ddd-dd`: `d` stands for a digit.
    pub fn pattern(pattern: &str) -> Self {
        Self::Pattern(pattern.chars().map(|c| Some(c).filter(|c| *c != 'd')).collect())
    }

    /// The help of a text that is known, as where a person copies it: it tells which strokes are which character.
    pub fn text(text: &str) -> Self {
        Self::Pattern(text.chars().map(Some).collect())
    }

    /// How far an empty text has come.
    pub fn start(&self) -> Reached {
        match self {
            Self::Words(words) => Reached { from: 0, to: words.len(), length: 0 },
            Self::None | Self::Pattern(_) => Reached::default(),
        }
    }

    /// Lets a class follow, before which a gap may stand; `None` where it cannot follow. `knows` tells whether the network
    /// has a class of a name.
    pub fn then(&self, at: Reached, class: &str, gap: bool, knows: impl Fn(&str) -> bool) -> Option<Next> {
        match self {
            Self::None => Some(Next { progress: at, sign: None, space: gap }),
            Self::Words(words) => {
                let at = if gap { self.finished(at).then(|| self.start())? } else { at };
                let (class, Reached { mut from, mut to, mut length }) = (class.to_lowercase(), at);
                for c in class.bytes() {
                    let letter = |word: &String| word.as_bytes().get(length).copied();
                    let range = &words[from..to];
                    let before = range.partition_point(|word| letter(word) < Some(c));
                    to = from + range.partition_point(|word| letter(word) <= Some(c));
                    from += before;
                    length += 1;
                }
                (from < to).then_some(Next { progress: Reached { from, to, length }, sign: None, space: gap })
            }
            Self::Pattern(pattern) => {
                let space = pattern.get(at.from) == Some(&Some(' '));
                let place = at.from + usize::from(space);
                let wanted = *pattern.get(place)?;
                let sign = wanted.filter(|wanted| !knows(&wanted.to_string()));
                let fits = match wanted {
                    None => class.len() == 1 && class.starts_with(|c: char| c.is_ascii_digit()),
                    Some(wanted) => sign.is_some() || class.chars().eq([wanted]),
                };
                fits.then_some(Next { progress: Reached { from: place + 1, ..at }, sign, space })
            }
        }
    }

    /// True if a text may end here.
    pub fn finished(&self, at: Reached) -> bool {
        match self {
            Self::None => true,
            Self::Words(words) => words[at.from..at.to].first().is_some_and(|word| word.len() == at.length),
            Self::Pattern(pattern) => at.from == pattern.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// True if the help allows a text.
    fn allows(help: &Help, text: &str) -> bool {
        let mut at = help.start();
        let mut gap = false;
        for c in text.chars() {
            if c == ' ' {
                gap = true;
                continue;
            }
            match help.then(at, &c.to_string(), gap, |class| class != "-") {
                Some(next) => at = next.progress,
                None => return false,
            }
            gap = false;
        }
        help.finished(at)
    }

    #[test]
    fn words_of_the_list_alone_are_allowed() {
        let help = Help::words(["can", "Cane", "dog", " ", "öl"]);
        assert!(["can", "CANE", "dog can", "öl"].iter().all(|text| allows(&help, text)));
        assert!(!["ca", "cans", "dogcan", "do g", ""].iter().any(|text| allows(&help, text)));
    }

    #[test]
    fn patterns_are_kept() {
        let help = Help::pattern("dd-dX");
        assert!(allows(&help, "12-3X") && !allows(&help, "12-3") && !allows(&help, "a2-3X") && !allows(&help, "12-3Y"));
        assert!(allows(&help, "12x3X"), "the network knows no -");
        let sign = help.then(Reached { from: 2, ..Reached::default() }, "l", false, |class| class != "-");
        assert_eq!(sign.and_then(|next| next.sign), Some('-'));
        let text = Help::text("dad");
        assert!(allows(&text, "dad") && !allows(&text, "1a1") && !allows(&text, "da"));
        let spaced = Help::pattern("d d").then(Reached { from: 1, ..Reached::default() }, "7", false, |_| true);
        assert!(spaced.is_some_and(|next| next.space));
    }
}
