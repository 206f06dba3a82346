//! Hostile strings, by a seed: what terminals, printers, spreadsheets and file systems obey, between plain words and
//! any character that there is.

/// What a string likes to hold.
const PIECES: &[&str] = &[
    // Terminals: colours, clearing, title, clipboard, hyperlink, notification, answerback, C1 forms, cut sequences.
    "\u{1b}[31m",
    "\u{1b}[2J",
    "\u{1b}]0;owned\u{7}",
    "\u{1b}]52;c;b3duZWQ=\u{7}",
    "\u{1b}]8;;http://x\u{1b}\\",
    "\u{1b}]9;x\u{1b}\\",
    "\u{1b}P$q\u{1b}\\",
    "\u{1b}[6n",
    "\u{9b}2J",
    "\u{9d}0;x\u{9c}",
    "\u{1b}",
    "\u{7}",
    "\u{8}",
    "\u{0}",
    "\u{5}",
    "\u{e}",
    "\u{18}",
    "\u{7f}",
    "\u{80}",
    "\u{85}",
    "\u{90}",
    "\r",
    "\n",
    "\r\n",
    "\t",
    "\u{b}",
    "\u{c}",
    "\u{2028}",
    "\u{2029}",
    // What turns or hides text.
    "\u{202e}",
    "\u{202a}",
    "\u{202c}",
    "\u{2066}",
    "\u{2069}",
    "\u{200e}",
    "\u{200f}",
    "\u{61c}",
    "\u{200b}",
    "\u{200c}",
    "\u{200d}",
    "\u{2060}",
    "\u{2064}",
    "\u{feff}",
    "\u{ad}",
    "\u{34f}",
    "\u{180e}",
    "\u{115f}",
    "\u{3164}",
    "\u{ffa0}",
    "\u{fe0f}",
    "\u{e0100}",
    "\u{e0041}",
    "\u{e007f}",
    "\u{fff9}",
    "\u{ffff}",
    "\u{1fffe}",
    "\u{1d173}",
    // Marks without end, wide and joined characters.
    "Z\u{351}\u{36b}\u{343}\u{36a}\u{302}\u{36b}\u{33d}\u{34f}",
    "e\u{301}",
    "漢字",
    "👩\u{200d}👩\u{200d}👧",
    "🇩🇪",
    "שלום",
    "ﷺ",
    "ﷺﷺ",
    // Label printers.
    "^XA",
    "^XZ",
    "^FS",
    "^FD",
    "^FS^XZ^XA^FO0,0",
    "~JR",
    "~JA",
    "^JUS",
    "~DGR:X.GRF,1,1,FF",
    "^XFR:X",
    "_5E",
    "_7E",
    "_",
    "^CC/",
    ">;",
    ">8",
    "\\&",
    "\u{10}",
    "\u{2}",
    "\u{3}",
    "\u{1e}",
    "N\nA50,50,0,1,1,1,N,\"X\"\nP1\n",
    "SIZE 1,1\r\n",
    // Pages.
    ") Tj ET /JavaScript (",
    "(",
    ")",
    "\\",
    "\\)",
    "endstream endobj",
    // Spreadsheets.
    "=cmd|' /C calc'!A0",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "\u{ff1d}1",
    "\"",
    "\"\"",
    ",",
    ";",
    "'",
    // File names.
    "../",
    "..",
    "/",
    "/etc/passwd",
    "\\..\\",
    "C:",
    "CON",
    "NUL",
    "COM1.zpl",
    ".",
    "-rf",
    "--option",
    "~",
    "$(id)",
    "`id`",
    "%s%n",
    "*",
    "?",
    // The log, and words.
    "2026-11-29T00:00:00.000000Z  INFO tapegun: forged",
    "{}",
    "null",
    "</script>",
    "&amp;",
    "Ada",
    "Mug red",
    "plain text ",
    "118 Larkspur Ln",
    "x",
    " ",
];

/// Strings by a seed.
pub(crate) struct Strings {
    state: u64,
    given: usize,
}

impl Strings {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            given: 0,
        }
    }

    /// How many were given.
    pub(crate) fn given(&self) -> usize {
        self.given
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 11).unwrap_or(0) % end
    }

    /// The next string.
    pub(crate) fn next(&mut self) -> String {
        self.given += 1;
        let mut text = String::new();
        for _ in 0..=self.below(5) {
            match self.below(8) {
                0 => text.push(self.any()),
                1 => {
                    let mark = ['\u{301}', '\u{334}', '\u{20dd}'][self.below(3)];
                    text.extend(std::iter::repeat_n(mark, self.below(40)));
                }
                _ => text.push_str(PIECES[self.below(PIECES.len())]),
            }
        }
        text
    }

    /// A string that is its own: with a number at its end.
    pub(crate) fn own(&mut self) -> String {
        let text = self.next();
        format!("{text}{}", self.given)
    }

    /// Any character.
    fn any(&mut self) -> char {
        let plane = [0x80, 0x300, 0x3000, 0x1_0000, 0x11_0000][self.below(5)];
        u32::try_from(self.below(plane))
            .ok()
            .and_then(char::from_u32)
            .unwrap_or('\u{202e}')
    }
}
