//! The program as an operator meets it on the terminal: what each command says, does, and refuses.

use crate::desk::{Desk, Said};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

#[test]
fn init_makes_a_node_and_tells_where_the_root_key_is() {
    let desk = Desk::new();
    let said = desk.pes(&["init", "--origin", "https://pes.example.org/", "--name", "Réseau d’essai"]);
    assert!(said.is_well, "{said:?}");
    assert!(said.out.contains("Its origin is https://pes.example.org; it cannot be changed."));
    // Not on a terminal: the key is in a file, and nowhere in what was said.
    let root = std::fs::read_to_string(desk.path().join("data/keys/root.key")).unwrap();
    assert!(said.out.contains("keys/root.key") && !said.out.contains(root.trim()));
}

#[test]
fn init_never_touches_a_node_that_is_there() {
    let desk = Desk::with_node();
    let before = std::fs::read(desk.path().join("data/keys/log.key")).unwrap();
    let said = desk.pes(&["init", "--origin", "https://other.example.org", "--name", "Autre"]);
    assert!(!said.is_well && said.err.contains("nothing was changed"), "{said:?}");
    assert_eq!(std::fs::read(desk.path().join("data/keys/log.key")).unwrap(), before);
}

#[test]
fn origins_that_are_none_are_refused_with_the_reason() {
    let desk = Desk::new();
    for (origin, reason) in [
        ("http://pes.example.org", "https"),
        ("ftp://pes.example.org", "does not begin"),
        ("https://pes.example.org/path", "malformed origin"),
        ("pes.example.org", "does not begin"),
        ("", "does not begin"),
        ("https://é.fr", "begins with xn--"),
    ] {
        let said = desk.pes(&["init", "--origin", origin, "--name", "x"]);
        assert!(!said.is_well && said.err.contains(reason), "{origin}: {said:?}");
        assert!(!desk.path().join("data").exists(), "{origin}");
    }
}

#[test]
fn without_a_node_every_command_says_how_to_make_one() {
    let desk = Desk::new();
    for args in [
        vec!["serve"],
        vec!["verify"],
        vec!["rebuild"],
        vec!["hub", "invite", "x"],
        vec!["join", "https://a.example", "c", "--yes"],
    ] {
        let said = desk.pes(&args);
        assert!(!said.is_well && said.err.contains("pes init --origin"), "{args:?}: {said:?}");
    }
}

#[test]
fn accounts_are_made_with_a_password_read_or_made_up() {
    let desk = Desk::with_node();
    let create = ["user", "create", "--email", "nora@exemple.example", "--name", "Nora", "--role", "administrator"];
    let said = desk.pes_with_input(&[create.as_slice(), &["--password-stdin"]].concat(), "une petite phrase\n");
    assert!(said.is_well && !said.out.contains("une petite phrase"), "{said:?}");
    let again = desk.pes(&create);
    assert!(!again.is_well && again.err.contains("taken"), "{again:?}");
    let made_up = desk.pes(&["user", "create", "--email", "ali@exemple.example", "--name", "Ali"]);
    assert!(made_up.is_well && made_up.out.contains("shown once"), "{made_up:?}");
    let short = desk.pes_with_input(&["user", "create", "--email", "x", "--name", "", "--password-stdin"], "court\n");
    for problem in ["the name is missing", "the email is no mail address", "the password has fewer than 10 characters"]
    {
        assert!(short.err.contains(problem), "{short:?}");
    }
}

#[test]
fn verify_and_rebuild_tell_what_they_did_and_find_damage() {
    let desk = Desk::with_node();
    let verified = desk.pes(&["verify"]);
    assert!(verified.is_well && verified.out.contains("change-sets: 1"), "{verified:?}");
    let rebuilt = desk.pes(&["rebuild"]);
    assert!(rebuilt.is_well && rebuilt.out.contains("come back from a backup only"), "{rebuilt:?}");
    let database = desk.path().join("data/pes.sqlite");
    let mut bytes = std::fs::read(&database).unwrap();
    let at = bytes
        .windows(10)
        .position(|window| window == b"proofValue")
        .or_else(|| bytes.windows(18).position(|window| window == b"DataIntegrityProof"));
    bytes[at.unwrap()] ^= 1;
    std::fs::write(&database, bytes).unwrap();
    let damaged = desk.pes(&["verify"]);
    assert!(!damaged.is_well && damaged.err.contains("does not verify at 0"), "{damaged:?}");
}

#[test]
fn a_hub_tells_who_its_members_are() {
    let desk = Desk::with_node();
    let nobody = desk.pes(&["hub", "members"]);
    assert!(nobody.is_well && nobody.out.contains("Nobody has joined"), "{nobody:?}");
    for command in ["suspend", "resume", "remove"] {
        let unknown = desk.pes(&["hub", command, "APEAS"]);
        assert!(!unknown.is_well && unknown.err.contains("`pes hub members` lists them"), "{unknown:?}");
    }
}

#[test]
fn keys_are_exchanged_with_the_root_key_in_the_hand() {
    let desk = Desk::with_node();
    let key = |name: &str| std::fs::read_to_string(desk.path().join("data/keys").join(name)).unwrap();
    let first = (key("log.key"), key("transport.key"));
    let rotated = desk.pes(&["keys", "rotate", "--next-root-key"]);
    assert!(rotated.is_well && rotated.out.contains("were exchanged"), "{rotated:?}");
    let next = rotated.out.lines().map(str::trim).find(|line| line.starts_with("z3u2")).unwrap();
    assert!(first.0 != key("log.key") && first.1 != key("transport.key"));
    // As on a machine from which the root key was taken away.
    std::fs::remove_file(desk.path().join("data/keys/root.key")).unwrap();
    let before = key("log.key");
    for (typed, why) in [(first.0.as_str(), "not the root key of this node"), ("nonsense", "this is no root key")] {
        let refused = desk.pes_with_input(&["keys", "new-epoch"], &format!("{}\n", typed.trim()));
        assert!(!refused.is_well && refused.err.contains(why), "{refused:?}");
        assert_eq!(key("log.key"), before);
    }
    let begun = desk.pes_with_input(&["keys", "new-epoch"], &format!("{next}\n"));
    assert!(begun.is_well && begun.out.contains("begin again with 0 change-sets"), "{begun:?}");
    let verified = desk.pes(&["verify"]);
    assert!(verified.is_well && verified.out.contains("change-sets: 3"), "{verified:?}");
    assert!(!desk.path().join("data/keys/log.key.new").exists());
}

#[test]
fn keys_that_are_not_this_node_s_are_refused() {
    let (desk, other) = (Desk::with_node(), Desk::with_node());
    std::fs::copy(other.path().join("data/keys/log.key"), desk.path().join("data/keys/log.key")).unwrap();
    let said = desk.pes(&["verify"]);
    assert!(!said.is_well && said.err.contains("put the right folder in place"), "{said:?}");
    std::fs::write(desk.path().join("data/keys/log.key"), "z3u2nonsense").unwrap();
    let said = desk.pes(&["verify"]);
    assert!(!said.is_well && said.err.contains("log.key"), "{said:?}");
}

#[test]
fn settings_are_checked_and_the_environment_outranks_the_file() {
    let desk = Desk::with_node();
    desk.settings("lisen = \"127.0.0.1:1\"\n");
    assert!(desk.pes(&["verify"]).err.contains("lisen"));
    desk.settings("data = \"elsewhere\"\n");
    let elsewhere = desk.pes(&["verify"]).err;
    let folder = desk.path().canonicalize().unwrap().join("elsewhere/pes.sqlite");
    assert!(elsewhere.contains(&format!("no node in {}", folder.display())), "{elsewhere}");
    assert!(elsewhere.contains("is this the right folder?"), "{elsewhere}");
    let over: Said = desk.command(&["verify"]).env("PES_DATA", "data").output().unwrap().into();
    assert!(over.is_well, "{over:?}");
    let named = desk.pes(&["--config", "missing.toml", "verify"]);
    assert!(!named.is_well && named.err.contains("missing.toml"), "{named:?}");
}

#[test]
fn the_example_of_the_settings_is_printed_and_is_one() {
    let desk = Desk::with_node();
    let example = desk.pes(&["config"]);
    assert!(example.is_well && example.out.contains("# listen = \"127.0.0.1:8080\""));
    desk.settings(&example.out);
    assert!(desk.pes(&["verify"]).is_well);
}

#[test]
fn joining_what_is_not_there_changes_nothing_and_says_why() {
    let desk = Desk::with_node();
    let private = desk.pes(&["join", "https://127.0.0.1", "code", "--yes"]);
    assert!(!private.is_well && private.err.contains("not public"), "{private:?}");
    assert!(private.out.contains("never leaves this machine"), "what will leave is said before");
    assert!(private.err.contains("allow_private_peers"), "the setting is named: {private:?}");
    let plain = desk.pes(&["join", "http://localhost:1", "code", "--yes"]);
    assert!(!plain.is_well && plain.err.contains("allow_private_peers = true"), "{plain:?}");
    desk.settings("allow_private_peers = true\n");
    let silent = desk.pes(&["join", "http://localhost:1", "code", "--yes"]);
    assert!(!silent.is_well && silent.err.contains("was not heard"), "{silent:?}");
}

#[test]
fn an_invitation_is_a_line_to_be_typed() {
    let desk = Desk::with_node();
    let said = desk.pes(&["hub", "invite", "Mesclun"]);
    let line = said.out.lines().find(|line| line.contains("pes join")).unwrap();
    assert!(line.trim().starts_with("pes join https://pes.example.org "), "{said:?}");
    let code = line.split_whitespace().last().unwrap();
    let database = std::fs::read(desk.path().join("data/pes.sqlite")).unwrap();
    assert!(!database.windows(code.len()).any(|window| window == code.as_bytes()), "the code itself is not kept");
}

/// A process that is stopped when its test ends.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn is_open(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// What is answered at an address of this machine.
fn asked(port: u16, path: &str) -> String {
    let mut socket = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    write!(socket, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn serve_serves_until_it_is_told_to_stop() {
    let desk = Desk::with_node();
    let free = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let (port, watched) = (free(), free());
    let settings = format!("listen = \"127.0.0.1:{port}\"\nmetrics_listen = \"127.0.0.1:{watched}\"\nlog = \"warn\"\n");
    desk.settings(&settings);
    let mut served = Served(desk.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let begun = Instant::now();
    while !is_open(watched) || !asked(watched, "/readyz").starts_with("HTTP/1.1 200") {
        assert!(begun.elapsed() < Duration::from_secs(20), "it is never ready");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(asked(watched, "/livez").ends_with("alive\n"));
    let metrics = asked(watched, "/metrics");
    let own = r#"pes_log_size{channel="keys",epoch="1",node="https://pes.example.org"} 1"#;
    assert!(metrics.contains(own) && metrics.contains("pes_payloads_missing 0"), "{metrics}");
    for secret in ["/metrics", "/readyz"] {
        assert!(asked(port, secret).starts_with("HTTP/1.1 404"), "it is not shown where everybody comes");
    }
    let taken = desk.pes(&["serve"]);
    assert!(!taken.is_well && taken.err.contains("another program may be using it"), "{taken:?}");
    let twice = desk
        .command(&["serve"])
        .env("PES_LISTEN", "127.0.0.1:0")
        .env("PES_METRICS_LISTEN", "127.0.0.1:0")
        .output()
        .unwrap();
    assert!(Said::from(twice).err.contains("runs already; stop it first"));
    let moved = desk.pes(&["migrate-database", "--to", "postgresql:///x?host=/nowhere"]);
    assert!(!moved.is_well && moved.err.contains("runs already; stop it first"), "{moved:?}");
    Command::new("kill").args(["-TERM", &served.0.id().to_string()]).status().unwrap();
    let status = served.0.wait().unwrap();
    assert!(status.success() && !is_open(port), "{status}");
}

#[test]
fn a_database_that_is_not_reached_is_named_without_its_password() {
    let desk = Desk::with_node();
    for address in ["postgresql://pes:geheim@localhost:1/pes", "postgresql://pes:geheim@localhost:1/pes?schema=Pes"] {
        let moved = desk.pes(&["migrate-database", "--to", address]);
        assert!(!moved.is_well && moved.err.contains("postgresql://localhost:1/pes"), "{moved:?}");
        assert!(!moved.err.contains("geheim"), "{moved:?}");
    }
    assert!(desk.pes(&["migrate-database", "--to", "other.sqlite"]).err.contains("from a SQLite file to a PostgreSQL"));
    assert!(desk.pes(&["verify"]).is_well, "the node stays where it is");
}

/// On a PostgreSQL, where there is one: the node is the same there, and the file no longer signs anything.
#[test]
fn a_node_moves_to_postgresql_and_is_the_same_there() {
    let Ok(url) = std::env::var("PES_TEST_DATABASE_URL") else { return };
    let desk = Desk::with_node();
    let user = ["user", "create", "--email", "marie@exemple.fr", "--name", "Marie L’Écuyer", "--role", "animator"];
    assert!(desk.pes(&user).is_well);
    let address = format!("{url}&schema=moved_{}", std::process::id());
    let moved = desk.pes(&["migrate-database", "--to", &address]);
    assert!(moved.is_well, "{moved:?}");
    let digests: Vec<&str> = moved.out.lines().filter_map(|line| line.rsplit_once(": ")).map(|(_, it)| it).collect();
    assert!(digests.len() >= 2 && digests[0] == digests[1] && digests[0].len() == 64, "{moved:?}");
    let left = desk.pes(&["verify"]);
    assert!(!left.is_well && left.err.contains("were moved to") && left.err.contains("set `database`"), "{left:?}");
    desk.settings(&format!("database = {address:?}\n"));
    assert!(desk.pes(&["verify"]).out.contains("change-sets: 1"));
    assert!(desk.pes(&["rebuild"]).is_well);
    let twice = desk.pes(&user);
    assert!(!twice.is_well, "the account is there: {twice:?}");
    let again = desk.pes(&["migrate-database", "--to", &address]);
    assert!(!again.is_well, "{again:?}");
}

#[test]
fn help_names_every_command() {
    let said = Desk::new().pes(&["--help"]);
    for command in
        ["init", "serve", "hub", "join", "user", "keys", "rebuild", "verify", "migrate-database", "config", "demo"]
    {
        assert!(said.out.contains(&format!("  {command} ")), "{command}");
    }
}

/// Whoever forgot their password gets a new one from the operator, and whoever used the old one is signed out.
#[test]
fn an_operator_looks_after_accounts() {
    let desk = Desk::with_node();
    let create = ["user", "create", "--email", "nora@exemple.example", "--name", "Nora", "--password-stdin"];
    assert!(desk.pes_with_input(&create, "une petite phrase\n").is_well);
    let email = ["--email", "Nora@Exemple.example"];
    let password = |more: &[&'static str]| [&["user", "password"][..], &email, more].concat();
    let made_up = desk.pes(&password(&[]));
    assert!(made_up.is_well && made_up.out.contains("shown once") && made_up.out.contains("sessions are ended"));
    let typed = desk.pes_with_input(&password(&["--password-stdin"]), "une autre phrase\n");
    assert!(typed.is_well && !typed.out.contains("une autre phrase") && !typed.out.contains("shown once"), "{typed:?}");
    let short = desk.pes_with_input(&password(&["--password-stdin"]), "court\n");
    assert!(!short.is_well && short.err.contains("has fewer than 10 characters"), "{short:?}");
    assert!(
        desk.pes(&[&["user", "role"][..], &email, &["--role", "animator"]].concat()).out.contains("is animator now")
    );
    assert_eq!(desk.pes(&["user", "list"]).out, "nora@exemple.example\tanimator\tmember\tNora\n");
    let delete = [&["user", "delete"][..], &email].concat();
    let unasked = desk.pes_with_input(&delete, "y\n");
    assert!(!unasked.is_well && unasked.err.contains("--yes"), "{unasked:?}");
    assert!(desk.pes(&[&delete[..], &["--yes"]].concat()).out.contains("It is erased."));
    assert_eq!(desk.pes(&["user", "list"]).out, "");
    for gone in [password(&[]), [&delete[..], &["--yes"]].concat()] {
        let said = desk.pes(&gone);
        assert!(!said.is_well && said.err.contains("no account has the address"), "{said:?}");
    }
}

/// Somebody who writes for the network is made one, and whoever keeps the node alone stays.
#[test]
fn roles_are_given_on_the_terminal_but_the_last_administrator_stays_one() {
    let desk = Desk::with_node();
    for (email, role) in [("ines@exemple.example", "editor"), ("ali@exemple.example", "administrator")] {
        assert!(desk.pes(&["user", "create", "--email", email, "--name", "X", "--role", role]).is_well);
    }
    let list = desk.pes(&["user", "list"]).out;
    assert!(list.contains("ines@exemple.example\teditor\tmember"), "{list}");
    let ali = ["--email", "ali@exemple.example"];
    for taken in [&["role", "--role", "editor"][..], &["delete", "--yes"]] {
        let said = desk.pes(&[&["user"], taken, &ali].concat());
        assert!(!said.is_well && said.err.contains("is the last administrator"), "{said:?}");
    }
    assert_eq!(desk.pes(&["user", "list"]).out, list, "nothing was changed");
    assert!(!desk.pes(&[&["user", "role", "--role", "king"][..], &ali].concat()).is_well);
    assert!(desk.pes(&["user", "role", "--email", "ines@exemple.example", "--role", "administrator"]).is_well);
    assert!(desk.pes(&[&["user", "role", "--role", "citizen"][..], &ali].concat()).is_well);
}

/// Without a terminal nobody can be asked, so nobody has agreed.
#[test]
fn joining_without_a_terminal_takes_a_word() {
    let desk = Desk::with_node();
    for answer in ["n\n", "y\n", ""] {
        let said = desk.pes_with_input(&["join", "https://hub.example", "code"], answer);
        assert!(!said.is_well && said.err.contains("add --yes"), "{answer:?}: {said:?}");
        assert!(said.err.contains("nothing was changed") && !said.err.contains("was not heard"));
    }
}

#[test]
fn a_name_is_needed_and_is_one_that_can_be_read() {
    let desk = Desk::new();
    let long = "x".repeat(101);
    for name in ["", "  ", "a\u{202e}b", &long] {
        let said = desk.pes(&["init", "--origin", "https://pes.example.org", "--name", name]);
        assert!(!said.is_well && said.err.contains("--name "), "{name:?}: {said:?}");
        assert!(!desk.path().join("data").exists());
    }
    let desk = Desk::with_node();
    let said = desk.pes(&["hub", "invite", ""]);
    assert!(!said.is_well && said.err.contains("the name of the network is empty"), "{said:?}");
}

/// Keys without their database would sign a second history; a node that could not be made leaves nothing behind.
#[test]
fn keys_and_database_belong_together() {
    let desk = Desk::with_node();
    std::fs::remove_file(desk.path().join("data/pes.sqlite")).unwrap();
    for command in [&["verify"][..], &["init", "--origin", "https://pes.example.org", "--name", "x"]] {
        let said = desk.pes(command);
        assert!(!said.is_well && said.err.contains("restore the database from a backup"), "{said:?}");
        assert!(
            said.err.contains("move the keys away") && said.err.contains(&*desk.path().to_string_lossy()),
            "{said:?}"
        );
    }
    let desk = Desk::new();
    desk.settings("database = \"/nowhere/pes.sqlite\"\n");
    let init = ["init", "--origin", "https://pes.example.org", "--name", "x"];
    let said = desk.pes(&init);
    assert!(!said.is_well && said.err.contains("/nowhere/pes.sqlite"), "{said:?}");
    assert!(!desk.path().join("data/keys").exists(), "no key is left of what was not made");
    desk.settings("");
    assert!(desk.pes(&init).is_well, "and the next try is free");
}

#[test]
fn serve_says_what_keeps_it_from_serving() {
    let desk = Desk::with_node();
    desk.settings("listen = \"192.0.2.1:8080\"\n");
    let nowhere = desk.pes(&["serve"]);
    assert!(!nowhere.is_well && nowhere.err.contains("this machine has no such address"), "{nowhere:?}");
    assert!(nowhere.err.contains("`listen`") && !nowhere.err.contains("another program"), "{nowhere:?}");
    let plain = Desk::new();
    plain.settings("allow_private_peers = true\nlisten = \"127.0.0.1:0\"\n");
    assert!(plain.pes(&["init", "--origin", "http://localhost:8080", "--name", "x"]).is_well);
    plain.settings("listen = \"127.0.0.1:0\"\n");
    let refused = plain.pes(&["serve"]);
    assert!(!refused.is_well && refused.err.contains("allow_private_peers = true"), "{refused:?}");
    let roots = Desk::with_node();
    roots.settings("extra_roots = [\"missing.pem\"]\n");
    assert!(roots.pes(&["verify"]).err.contains("`extra_roots`"));
    std::fs::write(roots.path().join("missing.pem"), "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n")
        .unwrap();
    assert!(roots.pes(&["verify"]).err.contains("`extra_roots`"));
}

#[test]
fn the_demonstration_says_which_ports_it_may_have() {
    let desk = Desk::new();
    for (port, hint) in [("65534", "65531"), ("0", "65531"), ("80", "--port"), ("78", "--port")] {
        let said = desk.pes(&["demo", "--port", port]);
        assert!(!said.is_well && said.err.contains("--port") && said.err.contains(hint), "{port}: {said:?}");
        assert!(!said.err.contains("panicked"), "{said:?}");
    }
    let first = five_ports();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, first)).unwrap();
    let said = desk.pes(&["demo", "--port", &first.to_string()]);
    drop(taken);
    assert!(!said.is_well && said.err.contains("another program") && said.err.contains("--port"), "{said:?}");
    assert!(desk.pes(&["demo", "--stay"]).err.contains("--story"));
}

/// Five free ports in a row, each time others. They lie below those that systems give to whoever asks for any, so that no other
/// test is given one of them.
fn five_ports() -> u16 {
    static NEXT: Mutex<u16> = Mutex::new(20_000);
    let mut next = NEXT.lock().unwrap();
    let is_free = |first: &u16| (*first..first + 5).all(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok());
    let first = (*next..32_000).step_by(5).find(is_free).unwrap();
    *next = first + 5;
    first
}

/// What the story prints can be checked by anybody, as long as its sites stay.
#[test]
fn a_story_that_stays_can_be_checked_by_hand() {
    use std::io::{BufRead as _, BufReader, Read as _};
    let (desk, port) = (Desk::new(), five_ports());
    let mut demo = desk.command(&["demo", "--story", "--stay", "--port", &port.to_string()]);
    let mut demo = Served(demo.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
    let said = BufReader::new(demo.0.stderr.take().unwrap()).lines().map_while(Result::ok);
    let told: Vec<String> = said.take_while(|line| !line.contains("Ctrl-C ends")).collect();
    assert!(told.iter().any(|line| line.contains("The sites go on serving")), "{told:?}");
    let mut out = demo.0.stdout.take().unwrap();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    stream.write_all(b"GET /annonces HTTP/1.0\r\nHost: localhost\r\n\r\n").unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    assert!(page.starts_with("HTTP/1.0 200") || page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.contains("Cherche un local à partager à Nice"));
    Command::new("kill").args(["-TERM", &demo.0.id().to_string()]).status().unwrap();
    let mut json = String::new();
    out.read_to_string(&mut json).unwrap();
    assert!(json.contains("\"chapters\"") && json.contains("\"late\"") && !is_open(port), "{json}");
}

/// Colours are for eyes: what goes into a file is plain.
#[test]
fn a_log_in_a_file_has_no_colours() {
    let desk = Desk::with_node();
    desk.settings("listen = \"127.0.0.1:0\"\nlog = \"info\"\n");
    let log = std::fs::File::create(desk.path().join("log")).unwrap();
    let mut served = Served(desk.command(&["serve"]).stdout(Stdio::null()).stderr(log).spawn().unwrap());
    let begun = Instant::now();
    let read = || std::fs::read_to_string(desk.path().join("log")).unwrap();
    while !read().contains("the node runs") {
        assert!(begun.elapsed() < Duration::from_secs(20), "{}", read());
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(served.0.kill());
    assert!(!read().contains('\u{1b}'), "{}", read());
}
