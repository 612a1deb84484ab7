//! The tables, as the migrations make them.

diesel::table! {
    nodes (id) {
        id -> Text,
        origin -> Text,
        name -> Text,
        is_own -> Bool,
        root_key -> Text,
        log_key -> Text,
        transport_key -> Text,
        prefixes -> Text,
        pinned_at -> BigInt,
    }
}

diesel::table! {
    logs (id) {
        id -> BigInt,
        node -> Text,
        channel -> Text,
        epoch -> BigInt,
        size -> BigInt,
        frontier -> Text,
        checkpoint -> Nullable<Text>,
        pending -> Nullable<Text>,
    }
}

diesel::table! {
    entries (log, seq) {
        log -> BigInt,
        seq -> BigInt,
        arrival -> BigInt,
        leaf -> Text,
        text -> Text,
        urgent -> Nullable<BigInt>,
    }
}

diesel::table! {
    early (log, seq) {
        log -> BigInt,
        seq -> BigInt,
        arrival -> BigInt,
        leaf -> Text,
        text -> Text,
        is_urgent -> Bool,
    }
}

diesel::table! {
    snapshots (log) {
        log -> BigInt,
        seq -> BigInt,
        size -> BigInt,
    }
}

diesel::table! {
    snapshot_pages (log, page) {
        log -> BigInt,
        page -> BigInt,
        members -> Text,
    }
}

diesel::table! {
    payloads (log, seq) {
        log -> BigInt,
        seq -> BigInt,
        record -> Text,
        text -> Text,
    }
}

diesel::table! {
    states (record, channel) {
        record -> Text,
        channel -> Text,
        log -> BigInt,
        epoch -> BigInt,
        seq -> BigInt,
        operation -> Text,
        kind -> Text,
        version -> BigInt,
        commitment -> Text,
        leaf -> Text,
    }
}

diesel::table! {
    records (record, channel) {
        record -> Text,
        channel -> Text,
        node -> Text,
        kind -> Text,
        version -> BigInt,
        title -> Text,
        published -> BigInt,
        modified -> BigInt,
        expires -> Nullable<BigInt>,
        body -> Text,
        is_taken -> Bool,
        number -> BigInt,
    }
}

diesel::table! {
    facets (sheet, facet, value) {
        sheet -> BigInt,
        facet -> Text,
        value -> Text,
    }
}

diesel::table! {
    unreadable (record, channel) {
        record -> Text,
        channel -> Text,
        log -> BigInt,
        seq -> BigInt,
        reason -> Text,
    }
}

diesel::table! {
    own_records (record) {
        record -> Text,
        kind -> Text,
        moderation -> Text,
        author -> Nullable<Text>,
        version -> BigInt,
        modified -> BigInt,
        title -> Text,
        body -> Text,
        is_company -> Bool,
    }
}

diesel::table! {
    settings (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    accounts (id) {
        id -> Text,
        email -> Text,
        name -> Text,
        password -> Text,
        role -> Text,
        is_accepted -> Bool,
        wants_mail -> Bool,
        person -> Nullable<Text>,
        created -> BigInt,
        rhythm -> Text,
    }
}

diesel::table! {
    sessions (token_digest) {
        token_digest -> Text,
        account -> Text,
        csrf -> Text,
        created -> BigInt,
        expires -> BigInt,
    }
}

diesel::table! {
    rights (account, structure) {
        account -> Text,
        structure -> Text,
        is_confirmed -> Bool,
        may_edit -> Bool,
        wants_notices -> Bool,
    }
}

diesel::table! {
    notices (id) {
        id -> Text,
        account -> Text,
        record -> Text,
        structure -> Nullable<Text>,
        reason -> Text,
        created -> BigInt,
        is_read -> Bool,
        mail -> Text,
        mailed -> Nullable<BigInt>,
    }
}

diesel::table! {
    unclaimed (record, structure) {
        record -> Text,
        structure -> Text,
        reason -> Text,
        created -> BigInt,
    }
}

diesel::table! {
    conversations (id, side) {
        id -> Text,
        side -> Text,
        record -> Text,
        title -> Text,
        peer -> Text,
        account -> Nullable<Text>,
        name -> Text,
        email -> Nullable<Text>,
        token_digest -> Text,
        is_confirmed -> Bool,
        created -> BigInt,
        last_word -> BigInt,
    }
}

diesel::table! {
    messages (id, side) {
        id -> Text,
        conversation -> Text,
        side -> Text,
        is_ours -> Bool,
        author -> Text,
        body -> Text,
        created -> BigInt,
        is_due -> Bool,
        mail -> Text,
    }
}

diesel::table! {
    hidden (record) {
        record -> Text,
        reason -> Text,
        account -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    peers (node) {
        node -> Text,
        role -> Text,
        cursor -> BigInt,
        urgent -> BigInt,
        failures -> BigInt,
        next_try -> BigInt,
        last_success -> Nullable<BigInt>,
        last_failure -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        is_paused -> Bool,
        last_heard -> Nullable<BigInt>,
    }
}

diesel::table! {
    receipts (node, log) {
        node -> Text,
        log -> BigInt,
        size -> BigInt,
        signature -> Text,
        given -> BigInt,
    }
}

diesel::table! {
    erasures (node, change_set) {
        node -> Text,
        change_set -> Text,
        receipt -> Text,
        given -> BigInt,
    }
}

diesel::table! {
    outbox (id) {
        id -> Text,
        origin -> Text,
        body -> Text,
        created -> BigInt,
        failures -> BigInt,
        next_try -> BigInt,
        was_told -> Bool,
    }
}

diesel::table! {
    invitations (code_digest) {
        code_digest -> Text,
        name -> Text,
        created -> BigInt,
        used_by -> Nullable<Text>,
        replaces -> Nullable<Text>,
    }
}

diesel::table! {
    leavings (hub) {
        hub -> Text,
        since -> BigInt,
        withdraws_public -> Bool,
        letter -> Nullable<Text>,
    }
}

diesel::table! {
    replacements (old) {
        old -> Text,
        new -> Text,
        agreed -> BigInt,
    }
}

diesel::table! {
    refusals (node, cause) {
        node -> Text,
        cause -> Text,
        detail -> Text,
        count -> BigInt,
        last -> BigInt,
    }
}

diesel::table! {
    evidence (node) {
        node -> Text,
        text -> Text,
        found -> BigInt,
        lifted -> Nullable<BigInt>,
    }
}

diesel::table! {
    import_runs (id) {
        id -> BigInt,
        file -> Text,
        sha256 -> Text,
        layout -> Text,
        digest -> Text,
        started -> BigInt,
        finished -> Nullable<BigInt>,
        undone -> Nullable<BigInt>,
    }
}

diesel::table! {
    import_rows (run, line) {
        run -> BigInt,
        line -> BigInt,
        source -> Text,
        called -> Text,
        record -> Text,
        is_new -> Bool,
        before -> Nullable<Text>,
        after -> Text,
        filled -> Text,
    }
}

diesel::table! {
    own_changes (record) {
        record -> Text,
        number -> BigInt,
    }
}

diesel::table! {
    unindexed (record) {
        record -> Text,
        note -> Text,
    }
}

diesel::table! {
    remarks (record, number) {
        record -> Text,
        number -> BigInt,
        account -> Nullable<Text>,
        reader -> Nullable<Text>,
        decision -> Text,
        sentence -> Nullable<Text>,
        at -> BigInt,
        mail -> Text,
    }
}

diesel::table! {
    stood (record) {
        record -> Text,
        body -> Text,
    }
}

diesel::table! {
    reports (id) {
        id -> Text,
        record -> Text,
        reason -> Text,
        sentence -> Text,
        at -> BigInt,
        closed -> Nullable<BigInt>,
        answer -> Nullable<Text>,
        account -> Nullable<Text>,
    }
}

diesel::table! {
    claim_letters (id) {
        id -> Text,
        structure -> Text,
        campaign -> BigInt,
        address -> Text,
        created -> BigInt,
        standing -> Text,
        told -> Nullable<BigInt>,
        taken -> Nullable<BigInt>,
    }
}

diesel::table! {
    claim_refusals (address) {
        address -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    told_apart (one, other) {
        one -> Text,
        other -> Text,
        account -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    refused_moves (own, successor) {
        own -> Text,
        successor -> Text,
        account -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    aligned_tags (tag) {
        tag -> Text,
        concept -> Text,
        account -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    files (record, digest) {
        record -> Text,
        digest -> Text,
        address -> Text,
        media_type -> Text,
        size -> BigInt,
        file -> Nullable<Text>,
        small -> Nullable<Text>,
        width -> BigInt,
        height -> BigInt,
        failures -> BigInt,
        next_try -> BigInt,
        why -> Nullable<Text>,
        is_doubted -> Bool,
        uploaded -> Nullable<BigInt>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    nodes,
    logs,
    entries,
    early,
    payloads,
    states,
    records,
    facets,
    unreadable,
    hidden,
    own_records,
    files,
    rights
);
