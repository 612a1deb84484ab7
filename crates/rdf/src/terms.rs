//! The IRIs we use. What is not of `https://w3id.org/pes/ns#` is borrowed and keeps its meaning.

macro_rules! terms {
    ($($name:ident = $iri:literal;)*) => {
        $(pub(crate) const $name: &str = $iri;)*
        /// All of them.
        pub const ALL: &[&str] = &[$($iri),*];
    };
}

/// The vocabulary, in Turtle.
pub const ONTOLOGY: &str = include_str!("../../../ontology/pes.ttl");
/// Our namespace.
pub const PES: &str = "https://w3id.org/pes/ns#";
/// Prefixes for renderings.
pub const PREFIXES: &[(&str, &str)] = &[
    ("dcterms", "http://purl.org/dc/terms/"),
    ("essglobal", "http://purl.org/essglobal/vocab/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("geo", "http://www.w3.org/2003/01/geo/wgs84_pos#"),
    ("gsp", "http://www.opengis.net/ont/geosparql#"),
    ("igeo", "http://rdf.insee.fr/def/geo#"),
    ("locn", "http://www.w3.org/ns/locn#"),
    ("org", "http://www.w3.org/ns/org#"),
    ("pes", PES),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("rov", "http://www.w3.org/ns/regorg#"),
    ("schema", "http://schema.org/"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

terms! {
    TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
    VALUE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#value";
    LABEL = "http://www.w3.org/2000/01/rdf-schema#label";
    COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment";
    ABSTRACT = "http://purl.org/dc/terms/abstract";
    CREATED = "http://purl.org/dc/terms/created";
    DESCRIPTION = "http://purl.org/dc/terms/description";
    ISSUED = "http://purl.org/dc/terms/issued";
    MODIFIED = "http://purl.org/dc/terms/modified";
    REPLACES = "http://purl.org/dc/terms/replaces";
    SUBJECT = "http://purl.org/dc/terms/subject";
    SORT = "http://purl.org/dc/terms/type";
    PREF_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel";
    ALT_LABEL = "http://www.w3.org/2004/02/skos/core#altLabel";
    ORGANIZATION = "http://www.w3.org/ns/org#Organization";
    ORG_MEMBERSHIP = "http://www.w3.org/ns/org#Membership";
    ORG_SITE = "http://www.w3.org/ns/org#Site";
    ORG_HAS_SITE = "http://www.w3.org/ns/org#hasSite";
    ORG_SITE_ADDRESS = "http://www.w3.org/ns/org#siteAddress";
    ORG_MEMBER = "http://www.w3.org/ns/org#member";
    ORG_OF = "http://www.w3.org/ns/org#organization";
    ORG_ROLE = "http://www.w3.org/ns/org#role";
    REGISTERED = "http://www.w3.org/ns/regorg#RegisteredOrganization";
    LEGAL_NAME = "http://www.w3.org/ns/regorg#legalName";
    ORG_TYPE = "http://www.w3.org/ns/regorg#orgType";
    INITIATIVE = "http://purl.org/essglobal/vocab/SSEInitiative";
    FOAF_PERSON = "http://xmlns.com/foaf/0.1/Person";
    GIVEN_NAME = "http://xmlns.com/foaf/0.1/givenName";
    FAMILY_NAME = "http://xmlns.com/foaf/0.1/familyName";
    HOMEPAGE = "http://xmlns.com/foaf/0.1/homepage";
    ADDRESS = "http://www.w3.org/ns/locn#Address";
    THOROUGHFARE = "http://www.w3.org/ns/locn#thoroughfare";
    POST_CODE = "http://www.w3.org/ns/locn#postCode";
    INSEE_CODE = "http://rdf.insee.fr/def/geo#codeINSEE";
    INSEE_NAME = "http://rdf.insee.fr/def/geo#nom";
    LATITUDE = "http://www.w3.org/2003/01/geo/wgs84_pos#lat";
    LONGITUDE = "http://www.w3.org/2003/01/geo/wgs84_pos#long";
    AS_WKT = "http://www.opengis.net/ont/geosparql#asWKT";
    WKT_LITERAL = "http://www.opengis.net/ont/geosparql#wktLiteral";
    SCHEMA_ORGANIZATION = "http://schema.org/Organization";
    SCHEMA_PERSON = "http://schema.org/Person";
    SCHEMA_PLACE = "http://schema.org/Place";
    SCHEMA_OFFER = "http://schema.org/Offer";
    SCHEMA_DEMAND = "http://schema.org/Demand";
    SCHEMA_JOB = "http://schema.org/JobPosting";
    SCHEMA_CONTACT = "http://schema.org/ContactPoint";
    SCHEMA_NAME = "http://schema.org/name";
    SCHEMA_TITLE = "http://schema.org/title";
    SCHEMA_DESCRIPTION = "http://schema.org/description";
    SCHEMA_URL = "http://schema.org/url";
    ISO_6523 = "http://schema.org/iso6523Code";
    FOUNDING_DATE = "http://schema.org/foundingDate";
    OPENING_HOURS = "http://schema.org/openingHours";
    AREA_SERVED = "http://schema.org/areaServed";
    CONTACT_POINT = "http://schema.org/contactPoint";
    HOME_LOCATION = "http://schema.org/homeLocation";
    AVAILABLE_AT = "http://schema.org/availableAtOrFrom";
    OFFERED_BY = "http://schema.org/offeredBy";
    EMPLOYMENT_TYPE = "http://schema.org/employmentType";
    OCCUPATION = "http://schema.org/occupationalCategory";
    WORK_HOURS = "http://schema.org/workHours";
    JOB_LOCATION = "http://schema.org/jobLocation";
    HIRING = "http://schema.org/hiringOrganization";
    VALID_THROUGH = "http://schema.org/validThrough";
    START_DATE = "http://schema.org/startDate";
    END_DATE = "http://schema.org/endDate";
    SCHEMA_EVENT = "http://schema.org/Event";
    SCHEDULE = "http://schema.org/Schedule";
    EVENT_SCHEDULE = "http://schema.org/eventSchedule";
    EXCEPT_DATE = "http://schema.org/exceptDate";
    SCHEDULE_TIMEZONE = "http://schema.org/scheduleTimezone";
    LOCATION = "http://schema.org/location";
    ORGANIZER = "http://schema.org/organizer";
    NEWS_ARTICLE = "http://schema.org/NewsArticle";
    HEADLINE = "http://schema.org/headline";
    ARTICLE_BODY = "http://schema.org/articleBody";
    PUBLISHER = "http://schema.org/publisher";
    SCHEMA_PRODUCT = "http://schema.org/Product";
    PROVIDER = "http://schema.org/provider";
    CONTENT_URL = "http://schema.org/contentUrl";
    SHA_256 = "http://schema.org/sha256";
    ENCODING_FORMAT = "http://schema.org/encodingFormat";
    CONTENT_SIZE = "http://schema.org/contentSize";
    DIGITAL_DOCUMENT = "http://schema.org/DigitalDocument";
    ABOUT = "https://w3id.org/pes/ns#about";
    ACCORD = "https://w3id.org/pes/ns#Accord";
    AFFILIATION = "https://w3id.org/pes/ns#Affiliation";
    ALTERNATIVE_TEXT = "https://w3id.org/pes/ns#alternativeText";
    ANSWER = "https://w3id.org/pes/ns#answer";
    AUTHOR_NAME = "https://w3id.org/pes/ns#authorName";
    BEARER = "https://w3id.org/pes/ns#bearer";
    BUDGET = "https://w3id.org/pes/ns#budget";
    BY = "https://w3id.org/pes/ns#by";
    CALL = "https://w3id.org/pes/ns#Call";
    CATEGORY = "https://w3id.org/pes/ns#category";
    CONFIRMED = "https://w3id.org/pes/ns#confirmed";
    ESTIMATED = "https://w3id.org/pes/ns#isEstimated";
    EXCHANGE_METHOD = "https://w3id.org/pes/ns#exchangeMethod";
    EXPIRES = "https://w3id.org/pes/ns#expires";
    FILE = "https://w3id.org/pes/ns#file";
    HOLDS = "https://w3id.org/pes/ns#holds";
    INTEGRATION_TYPE = "https://w3id.org/pes/ns#integrationType";
    IS_COMPANY = "https://w3id.org/pes/ns#isCompany";
    IS_UNCLAIMED = "https://w3id.org/pes/ns#isUnclaimed";
    LABEL_HELD = "https://w3id.org/pes/ns#labelHeld";
    LOTS = "https://w3id.org/pes/ns#lots";
    MEANS = "https://w3id.org/pes/ns#means";
    MEDIUM = "https://w3id.org/pes/ns#medium";
    NAF = "https://w3id.org/pes/ns#naf";
    NODE_ID = "https://w3id.org/pes/ns#nodeId";
    NODE_ORIGIN = "https://w3id.org/pes/ns#origin";
    PAY = "https://w3id.org/pes/ns#pay";
    PICTURE = "https://w3id.org/pes/ns#picture";
    PRICE = "https://w3id.org/pes/ns#price";
    QUANTITY = "https://w3id.org/pes/ns#quantity";
    RADIUS = "https://w3id.org/pes/ns#radius";
    REACH = "https://w3id.org/pes/ns#reach";
    RECORD = "https://w3id.org/pes/ns#record";
    RECURRENCE_RULE = "https://w3id.org/pes/ns#recurrenceRule";
    RELATION = "https://w3id.org/pes/ns#Relation";
    RELATION_OBJECT = "https://w3id.org/pes/ns#relationObject";
    RELATION_SUBJECT = "https://w3id.org/pes/ns#relationSubject";
    REPLACES_NODE = "https://w3id.org/pes/ns#replacesNode";
    RNA = "https://w3id.org/pes/ns#rna";
    SALT = "https://w3id.org/pes/ns#salt";
    SECTOR = "https://w3id.org/pes/ns#sector";
    SHOWS_ACRONYM = "https://w3id.org/pes/ns#showsAcronym";
    SKILL = "https://w3id.org/pes/ns#skill";
    SOCIAL_CLAUSES = "https://w3id.org/pes/ns#socialClauses";
    STAGE = "https://w3id.org/pes/ns#stage";
    STATE = "https://w3id.org/pes/ns#state";
    TARGET_PUBLIC = "https://w3id.org/pes/ns#targetPublic";
    TEAM = "https://w3id.org/pes/ns#team";
    THRESHOLD = "https://w3id.org/pes/ns#threshold";
    UNIT = "https://w3id.org/pes/ns#unit";
    VENUE = "https://w3id.org/pes/ns#venue";
    WORKFORCE = "https://w3id.org/pes/ns#workforce";
    WORKFORCE_INTEGRATION = "https://w3id.org/pes/ns#workforceIntegration";
    WORKFORCE_PRODUCTION = "https://w3id.org/pes/ns#workforceProduction";
    WORKFORCE_SUPERVISION = "https://w3id.org/pes/ns#workforceSupervision";
    XSD_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean";
    XSD_DATE = "http://www.w3.org/2001/XMLSchema#date";
    XSD_DATE_TIME = "http://www.w3.org/2001/XMLSchema#dateTime";
    XSD_DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal";
    XSD_INTEGER = "http://www.w3.org/2001/XMLSchema#integer";
    XSD_STRING = "http://www.w3.org/2001/XMLSchema#string";
    XSD_YEAR = "http://www.w3.org/2001/XMLSchema#gYear";
}
