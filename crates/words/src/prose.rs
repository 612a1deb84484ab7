//! The long texts of records. Their writers use CommonMark, and some of them are strangers: what is shown of it is text, emphasis,
//! headings, lists, quotations, code and links, and nothing a stranger could make a page do.
//!
//! The tags are written here, from the parser's events, and not by the parser: what is not named in [`Tag`]'s match has no way into a page.
//! A raw tag is shown as it was typed, a picture by its words.

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeStream};

/// The longest text that is read, in bytes: ten thousand characters, which is what a record may have, of four bytes each.
const LONGEST: usize = 40_000;
/// How deep quotations, lists and emphasis lie in each other at most. What lies deeper is shown without its tags.
const DEEPEST: usize = 12;
/// Search engines shall not follow a link that anybody may set, nor the other page know where one comes from.
const REL: &str = "nofollow noopener ugc";

/// A text as HTML, its headings below those of a page whose last heading is of this level.
pub fn html(text: &str, under: usize) -> String {
    let mut page = Page { html: String::new(), under, open: Vec::new(), headings: Vec::new(), is_linked: false };
    for event in events(text) {
        page.add(event);
    }
    page.html
}

/// A text without its signs, a line for each of its blocks: for cards, mails, feeds and search engines.
pub fn plain(text: &str) -> String {
    let mut lines = String::new();
    for event in events(text) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => lines += &text,
            Event::SoftBreak | Event::HardBreak | Event::Rule => lines.push('\n'),
            Event::End(end) if is_block(end) => lines.push('\n'),
            Event::Start(Tag::List(_)) => lines.push('\n'),
            _ => {}
        }
    }
    let lines: Vec<&str> = lines.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// What CommonMark says of a text, without any extension of it.
fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    let end = text.floor_char_boundary(LONGEST);
    TextMergeStream::new(Parser::new_ext(&text[..end], Options::empty()))
}

fn is_block(end: TagEnd) -> bool {
    !matches!(end, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image)
}

/// HTML being written.
struct Page {
    html: String,
    under: usize,
    /// What stands open, and how it is closed: nothing for what is not shown.
    open: Vec<&'static str>,
    /// The levels of the headings one is below, as they were typed.
    headings: Vec<HeadingLevel>,
    is_linked: bool,
}

impl Page {
    fn add(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.open(&tag),
            Event::End(end) => self.close(end),
            Event::Text(text) if self.is_linked || self.is_code() => self.text(&text),
            Event::Text(text) => self.linked(&text),
            Event::Code(text) => {
                self.html += "<code>";
                self.text(&text);
                self.html += "</code>";
            }
            Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            // Who writes into a form ends a line where one shall end.
            Event::SoftBreak | Event::HardBreak => self.html += "<br>\n",
            Event::Rule => self.html += "<hr>\n",
            _ => {}
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        let (start, end) = match tag {
            Tag::Paragraph | Tag::HtmlBlock => ("<p>".to_owned(), "</p>\n"),
            Tag::Heading { level, .. } => self.heading(*level),
            Tag::Link { dest_url, .. } => match target(dest_url).filter(|_| !self.is_linked) {
                Some(target) => {
                    self.is_linked = true;
                    (anchor(&target), "</a>")
                }
                None => (String::new(), ""),
            },
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => {
                ("<pre><code>".to_owned(), "</code></pre>\n")
            }
            _ if self.open.len() >= DEEPEST => (String::new(), ""),
            Tag::BlockQuote(_) => ("<blockquote>\n".to_owned(), "</blockquote>\n"),
            Tag::List(None) => ("<ul>\n".to_owned(), "</ul>\n"),
            Tag::List(Some(1)) => ("<ol>\n".to_owned(), "</ol>\n"),
            Tag::List(Some(first)) => (format!("<ol start=\"{first}\">\n"), "</ol>\n"),
            Tag::Item if self.open.last().is_some_and(|list| list.ends_with("l>\n")) => ("<li>".to_owned(), "</li>\n"),
            Tag::Emphasis => ("<em>".to_owned(), "</em>"),
            Tag::Strong => ("<strong>".to_owned(), "</strong>"),
            _ => (String::new(), ""),
        };
        self.html += &start;
        self.open.push(end);
    }

    fn close(&mut self, end: TagEnd) {
        let tag = self.open.pop().unwrap_or_default();
        self.html += tag;
        if end == TagEnd::Link && !tag.is_empty() {
            self.is_linked = false;
        }
    }

    /// The tags of a heading: below the page's own, and never two levels below the one before it, whatever was typed.
    fn heading(&mut self, level: HeadingLevel) -> (String, &'static str) {
        self.headings.retain(|above| *above < level);
        self.headings.push(level);
        let tags = [("<h2>", "</h2>\n"), ("<h3>", "</h3>\n"), ("<h4>", "</h4>\n"), ("<h5>", "</h5>\n")];
        let (start, end) = tags.get(self.under + self.headings.len() - 2).unwrap_or(&("<h6>", "</h6>\n"));
        ((*start).to_owned(), end)
    }

    fn is_code(&self) -> bool {
        self.open.iter().any(|end| end.starts_with("</code>"))
    }

    fn text(&mut self, text: &str) {
        for sign in text.chars() {
            match sign {
                '&' => self.html += "&amp;",
                '<' => self.html += "&lt;",
                '>' => self.html += "&gt;",
                '"' => self.html += "&quot;",
                '\'' => self.html += "&#x27;",
                other => self.html.push(other),
            }
        }
    }

    /// A text whose bare addresses become links.
    fn linked(&mut self, text: &str) {
        let mut finder = LinkFinder::new();
        finder.url_must_have_scheme(false);
        for span in finder.spans(text) {
            let found = match span.kind() {
                Some(LinkKind::Email) => target(&format!("mailto:{}", span.as_str())),
                Some(LinkKind::Url) if span.as_str().starts_with("www.") => {
                    target(&format!("https://{}", span.as_str()))
                }
                Some(LinkKind::Url) => target(span.as_str()),
                _ => None,
            };
            self.html += &found.as_deref().map(anchor).unwrap_or_default();
            self.text(span.as_str());
            self.html += if found.is_some() { "</a>" } else { "" };
        }
    }
}

/// The beginning of a link. What leads elsewhere says so in `rel`.
fn anchor(target: &str) -> String {
    let mut quoted = Page { html: String::new(), under: 1, open: Vec::new(), headings: Vec::new(), is_linked: true };
    quoted.text(target);
    format!("<a href=\"{}\" rel=\"{REL}\">", quoted.html)
}

/// Where a link leads, if that is a place of the web or a mail address: by the letters it begins with as a browser would see them. What a
/// browser would first take out of it – spaces, tabs, line ends – makes it none.
fn target(address: &str) -> Option<String> {
    let begins = |scheme: &str| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let is_known = ["http://", "https://", "mailto:"].into_iter().any(begins);
    let is_whole = !address.contains(|sign: char| sign.is_control() || sign.is_whitespace() || sign == '\\');
    (is_known && is_whole).then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn what_the_hint_names_is_shown() {
        let text = "# Titre\n\nDu **gras**, *un peu*,\nun [lien](https://exemple.example/a?b=1&c=2).\n\n- un\n- deux\n  - trois\n\n3. c\n4. d";
        let expected = "<h2>Titre</h2>\n<p>Du <strong>gras</strong>, <em>un peu</em>,<br>\nun \
            <a href=\"https://exemple.example/a?b=1&amp;c=2\" rel=\"nofollow noopener ugc\">lien</a>.</p>\n\
            <ul>\n<li>un</li>\n<li>deux<ul>\n<li>trois</li>\n</ul>\n</li>\n</ul>\n<ol start=\"3\">\n<li>c</li>\n<li>d</li>\n</ol>\n";
        assert_eq!(html(text, 1), expected);
        assert_eq!(plain(text), "Titre\nDu gras, un peu,\nun lien.\nun\ndeux\ntrois\nc\nd");
        assert_eq!(
            html("> dit\n\n`x<y`\n\n---\n\n    code & co", 1),
            "<blockquote>\n<p>dit</p>\n</blockquote>\n<p><code>x&lt;y</code></p>\n<hr>\n<pre><code>code &amp; co</code></pre>\n"
        );
    }

    #[test]
    fn a_text_without_signs_stays_what_it_is() {
        let text = "L’atelier, 5 * 3 m, à 2_000 € : « ouvert » !\n\nDès 9 h.";
        assert_eq!(html(text, 1), "<p>L’atelier, 5 * 3 m, à 2_000 € : « ouvert » !</p>\n<p>Dès 9 h.</p>\n");
        assert_eq!(plain(text), "L’atelier, 5 * 3 m, à 2_000 € : « ouvert » !\nDès 9 h.");
        assert_eq!((html("", 1), plain(" \n ")), (String::new(), String::new()));
    }

    #[test]
    fn headings_lie_below_the_page_s_and_skip_no_level() {
        let of = |text: &str, under| html(text, under).replace('\n', "");
        assert_eq!(of("### a\n\n###### b\n\n# c\n\n## d", 1), "<h2>a</h2><h3>b</h3><h2>c</h2><h3>d</h3>");
        assert_eq!(of("a\n===\n\nb\n---", 2), "<h3>a</h3><h4>b</h4>");
        assert_eq!(
            of("# a\n## b\n### c\n#### d\n##### e\n###### f", 3),
            "<h4>a</h4><h5>b</h5><h6>c</h6><h6>d</h6><h6>e</h6><h6>f</h6>"
        );
    }

    #[test]
    fn bare_addresses_are_linked_and_what_stands_behind_them_is_not() {
        let link = |href: &str, text: &str| format!("<a href=\"{href}\" rel=\"nofollow noopener ugc\">{text}</a>");
        let of = |text: &str| html(text, 1).trim_end().to_owned();
        let web = link("https://exemple.example/a_b_c", "https://exemple.example/a_b_c");
        assert_eq!(of("Voir https://exemple.example/a_b_c."), format!("<p>Voir {web}.</p>"));
        assert_eq!(
            of("(www.exemple.example)"),
            format!("<p>({})</p>", link("https://www.exemple.example", "www.exemple.example"))
        );
        assert_eq!(
            of("zoe@exemple.example !"),
            format!("<p>{} !</p>", link("mailto:zoe@exemple.example", "zoe@exemple.example"))
        );
        assert_eq!(
            of("<https://exemple.example/>"),
            format!("<p>{}</p>", link("https://exemple.example/", "https://exemple.example/"))
        );
        assert_eq!(
            of("<zoe@exemple.example>"),
            format!("<p>{}</p>", link("mailto:zoe@exemple.example", "zoe@exemple.example"))
        );
        assert_eq!(of("C’est bien.Merci, ftp://exemple.example"), "<p>C’est bien.Merci, ftp://exemple.example</p>");
        assert_eq!(of("`https://exemple.example`"), "<p><code>https://exemple.example</code></p>");
        assert_eq!(
            of("[voir https://a.example](https://b.example)"),
            format!("<p>{}</p>", link("https://b.example", "voir https://a.example"))
        );
    }

    /// All tags that may stand in a page; what a text turns into has no other, and no attribute but these.
    fn is_harmless(html: &str) -> bool {
        let allowed = [
            "p",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "blockquote",
            "ul",
            "ol",
            "li",
            "em",
            "strong",
            "code",
            "pre",
            "br",
            "hr",
            "a",
        ];
        let is_link = |tag: &str| {
            let target =
                tag.strip_prefix("a href=\"").and_then(|rest| rest.strip_suffix("\" rel=\"nofollow noopener ugc"));
            target.is_some_and(|target| {
                let is_known =
                    ["http://", "https://", "mailto:"].iter().any(|scheme| target.to_lowercase().starts_with(scheme));
                is_known && !target.contains(['"', '\'', '<', '>', ' ', '\n', '\t', '\\'])
            })
        };
        let is_start =
            |tag: &str| tag.strip_prefix("ol start=\"").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
        html.split('<').skip(1).all(|part| {
            let Some((tag, text)) = part.split_once('>') else { return false };
            let tag = tag.strip_suffix('"').unwrap_or(tag.strip_prefix('/').unwrap_or(tag));
            !text.contains('>') && (allowed.contains(&tag) || is_link(tag) || is_start(tag))
        })
    }

    #[test]
    fn no_text_makes_a_page_do_anything() {
        let attacks = [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<div onclick=\"alert(1)\">\n**a**\n</div>",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<!-- --><svg/onload=alert(1)>",
            "<![CDATA[ <b> ]]>",
            "<?php echo 1 ?>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](javascript&colon;alert(1))",
            "[x](&#106;avascript:alert(1))",
            "[x](&#x6A;&#x61;vascript:alert(1))",
            "[x](java&#9;script:alert(1))",
            "[x](java&#10;script:alert(1))",
            "[x](&#1;javascript:alert(1))",
            "[x](<  javascript:alert(1)>)",
            "[x](\\javascript:alert(1))",
            "[x](vbscript:msgbox(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](//exemple.example)",
            "[x](/mon-espace)",
            "[x](https:evil)",
            "[x](https:\\\\exemple.example)",
            "[x](https&#58;//a.example/&#34;onmouseover=alert&#40;1&#41;)",
            "[x](https://a.example/\"onmouseover=\"alert(1))",
            "[x](https://a.example \"\\\"onmouseover=alert(1)\")",
            "[x](https://a.example/'><script>alert(1)</script>)",
            "[x](<https://a.example/ onmouseover=alert(1)>)",
            "![x](javascript:alert(1))",
            "![x](https://a.example/x.png \"t\")",
            "![x\" onerror=\"alert(1)](https://a.example/x.png)",
            "[![x](javascript:a)](javascript:b)",
            "[![x](https://a.example)](https://b.example)",
            "<javascript:alert(1)>",
            "<data:text/html,x>",
            "<https://a.example/\"onclick=alert(1)>",
            "https://a.example/\"onclick=alert(1)",
            "https://a.example/<script>alert(1)</script>",
            "www.a.example/'onclick='alert(1)",
            "javascript://a.example/%0Aalert(1)",
            "[x][r]\n\n[r]: javascript:alert(1)",
            "[x][r]\n\n[r]: <data:text/html,x> 'titre'",
            "[r]\n\n[r]: https://a.example/\"onclick=alert(1)",
            "```html\"><script>alert(1)</script>\ncode\n```",
            "`</code><script>alert(1)</script>`",
            "> <iframe src=x>\n> - <b>\n",
            "[a](https://a.example/[b](javascript:alert(1)))",
            "[<script>alert(1)</script>](https://a.example)",
            "# <script>alert(1)</script>",
            "99999999999999999999. x",
            "\u{0}<script\u{0}>",
        ];
        for attack in attacks {
            let html = html(attack, 1);
            assert!(is_harmless(&html), "{attack}\n{html}");
            assert!(!html.contains("javascript:") || !html.contains("href=\"javascript"), "{attack}\n{html}");
        }
        assert!(
            !is_harmless("<p onclick=\"x\">")
                && !is_harmless("<a href=\"javascript:x\" rel=\"nofollow noopener ugc\">")
        );
        assert_eq!(html("<b>x</b>", 1), "<p>&lt;b&gt;x&lt;/b&gt;</p>\n", "raw tags are shown as they were typed");
        assert_eq!(html("![un chat](https://a.example/x.png)", 1), "<p>un chat</p>\n", "a picture is its words");
    }

    #[test]
    fn whatever_is_opened_is_closed() {
        let texts = [
            "> - **a *b [c](https://d.example) e* f**",
            "- > 1. x\n  > - y\n\n> z",
            &"> ".repeat(400),
            &"- ".repeat(400),
            &"**a *b ".repeat(400),
        ];
        for text in texts {
            let html = html(text, 1);
            for tag in ["p", "blockquote", "ul", "ol", "li", "em", "strong", "a"] {
                let starts = html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
                assert_eq!(starts, html.matches(&format!("</{tag}>")).count(), "{tag} in {html}");
            }
        }
    }

    #[test]
    fn no_text_takes_long_or_grows_without_end() {
        let ends = format!("{}{}", "[a](".repeat(12_500), "b)".repeat(25_000));
        let links = format!("[a]: https://a.example/{}\n\n{}", "x".repeat(20_000), "[a] ".repeat(20_000));
        let patterns = [
            "[",
            "[[",
            "![[",
            "*a_ ",
            "> ",
            "- ",
            "`",
            "<",
            "<!--",
            "&",
            "[a](",
            "](",
            "\n>",
            "1. ",
            "*",
            "_a*",
            "www.",
            "a@",
            "https://a.",
            "\\[",
            "# ",
            "~",
            "<a ",
        ];
        let mut texts: Vec<String> = patterns.map(|pattern| pattern.repeat(100_000 / pattern.len())).into();
        texts.extend([ends, links, "`a``b```c".repeat(11_000), (0..400).map(|n| "`".repeat(n) + " ").collect()]);
        for text in texts {
            let begun = Instant::now();
            let (html, plain) = (html(&text, 1), plain(&text));
            let took = begun.elapsed();
            assert!(took < Duration::from_millis(1_500), "{took:?} for {}", &text[..20]);
            assert!(html.len() < 20 * LONGEST && plain.len() <= LONGEST, "{} for {}", html.len(), &text[..20]);
            let deepest = html.split("</").map(|part| part.matches("<blockquote>").count()).max();
            assert!(deepest.is_some_and(|depth| depth <= DEEPEST), "{deepest:?}");
        }
    }
}
