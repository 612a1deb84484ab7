//! The settings: one TOML file, every key also from the environment. Origin and name are not among them: they are set
//! once, by `pes init`, and lie in the database.

use crate::{NodeError, schedule};
use figment::Figment;
use figment::error::Kind;
use figment::providers::{Env, Format, Serialized, Toml};
use pes_notify::Post;
use pes_store::Database;
use pes_web::Tiles;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

/// Writes the struct, its defaults, and what the example says of each key, from one list.
macro_rules! config {
    ($($(#[doc = $doc:literal])+ $key:ident: $type:ty = $default:expr;)+) => {
        /// The settings of a node.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Config { $($(#[doc = $doc])+ pub $key: $type,)+ }

        impl Default for Config {
            fn default() -> Self {
                Self { $($key: $default,)+ }
            }
        }

        /// All keys.
        const KEYS: &[&str] = &[$(stringify!($key)),+];

        fn described() -> Vec<(&'static str, Vec<&'static str>)> {
            vec![$((stringify!($key), vec![$($doc),+])),+]
        }
    };
}

config! {
    /// The folder of the database, and of the folder `keys`.
    data: PathBuf = "data".into();
    /// The database, if it is not the file pes.sqlite in that folder: "postgresql://user:password@host/name?schema=pes". It is reached
    /// without TLS: by a local socket ("postgresql:///name?host=/run/postgresql"), a private network or a tunnel.
    database: Option<String> = None;
    /// Where the program listens. Behind a proxy, an address that only the proxy reaches.
    listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 8080));
    /// Where /livez, /readyz and /metrics (Prometheus) are shown: an address that strangers do not reach, e.g. "127.0.0.1:9090".
    metrics_listen: Option<SocketAddr> = None;
    /// Certificate chain and private key in PEM, for TLS without a proxy. Both or neither.
    tls_certificate: Option<PathBuf> = None;
    /// The private key.
    tls_key: Option<PathBuf> = None;
    /// Addresses of proxies whose X-Forwarded-For is believed.
    trusted_proxies: Vec<IpAddr> = Vec::new();
    /// One sentence about the network, for its home page (in French).
    tagline: String = String::new();
    /// The mail server, e.g. "smtps://user:password@mail.example.org". Without it no mail goes out; notices are still on the pages.
    mail_server: Option<String> = None;
    /// The address mails come from; no person's.
    mail_from: String = "ne-pas-repondre@localhost".into();
    /// Whether other nodes can reach this one. If not, it asks its hubs every 30 seconds.
    reachable: bool = true;
    /// Allows http and private addresses between nodes. For demonstrations and tests only.
    allow_private_peers: bool = false;
    /// Certificates to trust beside the system's when asking other nodes, in PEM.
    extra_roots: Vec<PathBuf> = Vec::new();
    /// When heads are compared with all peers each day: second, minute, hour, day, month, weekday (UTC).
    reconcile_at: String = "0 30 2 * * *".into();
    /// When what was too much for one day goes out in one mail (UTC).
    fold_mails_at: String = "0 30 5 * * *".into();
    /// After how many days what somebody proposed is published by itself; 0 never.
    publish_after_days: u32 = 3;
    /// Where visitors' browsers get pictures for maps, e.g. "https://tiles.example.org/{z}/{x}/{y}.png". Without it, maps show outlines that
    /// this program brings along, and nothing is asked of others.
    tiles_url: Option<String> = None;
    /// Who made those pictures, to be named on maps.
    tiles_attribution: String = String::new();
    /// What is written to the log, e.g. "info" or "info,pes_sync=debug".
    log: String = "info,actix_server=warn,tokio_cron_scheduler=warn".into();
}

impl Config {
    /// Reads a file, and the environment over it: `PES_LISTEN` for `listen`, and so on. Without a file, `pes.toml` of the
    /// working folder, if it is there.
    ///
    /// # Errors
    /// [`NodeError::Config`] for unknown keys and values of another type; [`NodeError::Setting`] for values that mean nothing, and
    /// [`NodeError::Said`] where two keys do not fit.
    pub fn load(file: Option<&Path>) -> Result<Self, NodeError> {
        let usual = Some(Path::new("pes.toml")).filter(|file| file.exists());
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file.or(usual) {
            figment = figment.merge(Toml::file_exact(file));
        }
        let figment = figment.merge(Env::prefixed("PES_").only(KEYS));
        let config: Self = figment.extract().map_err(|error| NodeError::Config(explained(&figment, error)))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), NodeError> {
        if self.tls_certificate.is_some() != self.tls_key.is_some() {
            return Err(NodeError::Said("tls_certificate and tls_key are set both or neither".into()));
        }
        self.database().map_err(|error| match error {
            NodeError::Store(why) => self.wrong("database", &why.to_string()),
            other => other,
        })?;
        if let Some(server) = &self.mail_server {
            Post::check_server(server).map_err(|why| self.wrong("mail_server", &why))?;
        }
        Post::check_address(&self.mail_from).map_err(|why| self.wrong("mail_from", &why))?;
        if self.tiles().is_some_and(|tiles| !tiles.is_usable()) {
            return Err(self.wrong("tiles_url", "browsers are told to get pictures there and nowhere else"));
        }
        for (key, at) in [("reconcile_at", &self.reconcile_at), ("fold_mails_at", &self.fold_mails_at)] {
            schedule::check(at).map_err(|why| self.wrong(key, &why))?;
        }
        Ok(())
    }

    /// Tiles for maps, where there are any.
    pub fn tiles(&self) -> Option<Tiles> {
        let attribution = self.tiles_attribution.clone();
        self.tiles_url.clone().map(|url| Tiles { url, attribution })
    }

    /// A value of the right type that means nothing.
    fn wrong(&self, key: &'static str, why: &str) -> NodeError {
        let value =
            toml_of(self).into_iter().find(|(name, _)| name == key).map_or_else(String::new, |(_, value)| value);
        let why = format!(" ({why})");
        NodeError::Setting { key, value: without_password(&value), expected: expected(key), why }
    }

    /// An example file: every key with what it means and its default.
    pub fn example() -> String {
        let defaults = toml_of(&Self::default());
        let mut text = String::from(
            "# Settings of a node. Every key may also come from the environment: PES_LISTEN for listen, and so on.\n\
             # Paths are relative to the folder in which `pes` is started. Written by `pes config`; what is commented out is the default.\n",
        );
        for (key, lines) in described() {
            text.push('\n');
            for line in lines {
                let _ = writeln!(text, "#{line}");
            }
            let _ = match defaults.iter().find(|(name, _)| name == key) {
                Some((_, value)) => writeln!(text, "# {key} = {value}"),
                None => writeln!(text, "# {key} ="),
            };
        }
        text
    }

    /// Where the rows lie.
    ///
    /// # Errors
    /// [`NodeError::Store`], [`NodeError::Setting`] for an address that is none.
    pub fn database(&self) -> Result<Database, NodeError> {
        match &self.database {
            Some(address) if address.contains("://") && !address.starts_with("postgres") => {
                Err(self.wrong("database", "of databases with an address, only PostgreSQL is known"))
            }
            Some(address) => Ok(address.parse()?),
            None => Ok(Database::File(self.data.join("pes.sqlite"))),
        }
    }

    /// The folder of the keys.
    pub fn keys(&self) -> PathBuf {
        self.data.join("keys")
    }
}

/// What a value of a key is.
fn expected(key: &str) -> &'static str {
    match key {
        "listen" => "an address and a port, such as \"127.0.0.1:8080\"",
        "database" => "\"postgresql://user:password@host/name?schema=pes\", or left out for a file",
        "mail_server" => "an address such as \"smtps://user:password@mail.example.org\", or left out",
        "mail_from" => "a mail address, such as \"ne-pas-repondre@example.org\"",
        "reconcile_at" | "fold_mails_at" => {
            "six fields: second, minute, hour, day, month and weekday (UTC), such as \"0 30 2 * * *\""
        }
        "reachable" | "allow_private_peers" => "true or false",
        "tiles_url" => "an http or https address such as \"https://tiles.example.org/{z}/{x}/{y}.png\", or left out",
        "publish_after_days" => "a whole number of days, 0 for never",
        "trusted_proxies" => "a list of addresses without ports, such as [\"127.0.0.1\"]",
        "extra_roots" => "a list of files, such as [\"ca.pem\"]",
        _ => "a text in quotation marks",
    }
}

/// Each thing that is wrong with a file or the environment: the key, its value, what is expected, and where it stands.
fn explained(figment: &Figment, error: figment::Error) -> String {
    let one = |error: figment::Error| {
        let source = error.metadata.as_ref().and_then(|metadata| metadata.source.as_ref());
        let place = match source {
            Some(figment::Source::File(file)) => format!(" (in {})", file.display()),
            _ => String::new(),
        };
        // Of a list, the key is its name.
        let key = error.path.first().cloned().unwrap_or_default();
        match &error.kind {
            Kind::UnknownField(key, _) => format!("there is no key `{key}`{place}; `pes config` prints all there are"),
            kind if key.is_empty() => format!("{kind}{place}"),
            kind => {
                let value = figment.find_value(&key).ok().and_then(|value| serde_json::to_string(&value).ok());
                let value = without_password(&value.unwrap_or_default());
                format!("`{key}` is {value}{place}; it should be {} ({kind})", expected(&key))
            }
        }
    };
    error.into_iter().map(one).collect::<Vec<_>>().join("; ")
}

/// An address as it may be shown: what stands before the host is nobody's business.
fn without_password(address: &str) -> String {
    match address.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?.1))) {
        Some((scheme, host)) => format!("{scheme}://…@{host}"),
        None => address.to_owned(),
    }
}

/// The settings as TOML writes them; what is unset is left out.
fn toml_of(config: &Config) -> Vec<(String, String)> {
    let json = serde_json::to_value(config).unwrap_or_default();
    let fields = json.as_object().cloned().unwrap_or_default();
    // Texts, numbers, truths and empty lists look the same in JSON and TOML.
    fields.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key, value.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_that_of_the_struct() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/pes.example.toml");
        if std::env::var_os("PES_BLESS").is_some() {
            std::fs::write(&file, Config::example()).unwrap();
        }
        assert_eq!(std::fs::read_to_string(file).unwrap(), Config::example(), "run with PES_BLESS=1");
    }

    #[test]
    fn the_example_uncommented_is_the_default() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pes.toml");
        let is_setting = |line: &&str| line.starts_with("# ") && line.contains(" = ");
        let example = Config::example();
        let settings: Vec<&str> = example
            .lines()
            .filter(is_setting)
            .map(|line| &line[2..])
            .filter(|line| KEYS.iter().any(|key| line.starts_with(&format!("{key} ="))))
            .collect();
        std::fs::write(&file, settings.join("\n")).unwrap();
        assert!(settings.len() > 10);
        assert_eq!(Config::load(Some(&file)).unwrap(), Config::default());
    }

    #[test]
    fn an_unknown_key_and_a_value_of_another_type_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pes.toml");
        for wrong in ["lisen = \"127.0.0.1:1\"", "listen = \"nowhere\"", "reachable = 3", "tls_key = \"key.pem\""] {
            std::fs::write(&file, wrong).unwrap();
            assert!(Config::load(Some(&file)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn tiles_come_from_an_address_that_browsers_can_be_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pes.toml");
        let load = |url: &str| {
            std::fs::write(&file, format!("tiles_url = \"{url}\"\ntiles_attribution = \"La Carte\"")).unwrap();
            Config::load(Some(&file))
        };
        let tiles = load("https://tuiles.example.org/{z}/{x}/{y}.png").unwrap().tiles().unwrap();
        assert_eq!(tiles.attribution, "La Carte");
        assert_eq!(Config::default().tiles(), None);
        for wrong in ["tuiles", "https://tuiles.example.org/", "ftp://x/{z}/{x}/{y}", "https://a b/{z}/{x}/{y}"] {
            let why = load(wrong).unwrap_err().to_string();
            assert!(why.contains("`tiles_url`") && why.contains("https address"), "{wrong}: {why}");
        }
    }

    /// Who mistypes a setting is told which, what stands there, and what should; a password is never repeated.
    #[test]
    fn a_setting_that_means_nothing_is_named_with_what_it_should_be() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pes.toml");
        for (wrong, key, value, hint) in [
            ("lisen = \"127.0.0.1:1\"", "no key `lisen`", "pes.toml", "pes config"),
            ("listen = \"nowhere\"", "`listen`", "\"nowhere\"", "127.0.0.1:8080"),
            ("reachable = 3", "`reachable`", "3", "true or false"),
            ("extra_roots = \"ca.pem\"", "`extra_roots`", "\"ca.pem\"", "a list of files"),
            ("trusted_proxies = [\"proxy\"]", "`trusted_proxies`", "proxy", "without ports"),
            ("reconcile_at = \"foo\"", "`reconcile_at`", "\"foo\"", "six fields"),
            ("fold_mails_at = \"\"", "`fold_mails_at`", "\"\"", "six fields"),
            ("mail_server = \"foo\"", "`mail_server`", "\"foo\"", "smtps://"),
            ("mail_server = \"http://u:geheim@h\"", "`mail_server`", "http://…@h", "smtps://"),
            ("mail_from = \"foo\"", "`mail_from`", "\"foo\"", "a mail address"),
            ("database = \"mysql://u:geheim@h/x\"", "`database`", "mysql://…@h/x", "postgresql://"),
            ("database = \"postgresql:///x?schema=Pes\"", "`database`", "schema=Pes", "small letters"),
        ] {
            std::fs::write(&file, wrong).unwrap();
            let said = Config::load(Some(&file)).unwrap_err().to_string();
            assert!(said.contains(key) && said.contains(value) && said.contains(hint), "{wrong}: {said}");
            assert!(!said.contains("default.") && !said.contains("geheim"), "{said}");
        }
    }

    #[test]
    fn without_a_file_there_are_the_defaults_but_one_that_was_named_has_to_be_there() {
        assert_eq!(Config::load(None).unwrap(), Config::default());
        assert!(Config::load(Some(Path::new("/nowhere/pes.toml"))).is_err());
    }
}
