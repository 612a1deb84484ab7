//! `pes takes` and `pes gives` on the terminal.

use crate::desk::Desk;

#[test]
fn what_is_shown_is_told_chosen_and_undone() {
    let desk = Desk::with_node();
    let takes = |args: &[&str]| desk.told(&[&["takes"], args].concat());
    assert!(takes(&[]).1.contains("All that other networks publish is shown."));
    let chosen = ["--without-kind", "job", "--area", "department:06", "--without-network", "https://x.example/"];
    let (is_well, said) = takes(&chosen);
    assert!(is_well && said.contains("not shown: job\n") && said.contains("department:06"), "{said}");
    assert!(takes(&[]).1.contains("https://x.example\n"), "it is kept");
    for (wrong, why) in [
        (["--without-kind", "affiliation"], "these can: structure"),
        (["--theme", "nonsense"], "themes"),
        (["--area", "department:999"], "areas"),
        (["--without-network", "x"], "cannot be used as an origin"),
    ] {
        let (is_well, said) = takes(&wrong);
        assert!(!is_well && said.contains(why), "{wrong:?}: {said}");
    }
    assert!(takes(&[]).1.contains("not shown: job\n"), "what was wrong changed nothing");
    assert!(takes(&["--all"]).1.contains("All that other networks publish is shown."));
    assert!(!takes(&["--all", "--area", "department:06"]).0);
}

#[test]
fn for_whom_new_records_are_is_told_and_chosen() {
    let desk = Desk::with_node();
    let gives = |args: &[&str]| desk.told(&[&["gives"], args].concat());
    assert!(gives(&[]).1.contains("exchange\tpublic\n") && gives(&[]).1.contains("person\tnetwork\n"));
    assert!(
        gives(&["exchange=affiliates", "job=network"])
            .1
            .contains("exchange\taffiliates\nproduct\tpublic\njob\tnetwork\n")
    );
    for (wrong, why) in
        [("person=public", "person: network, private"), ("exchange", "as in"), ("affiliation=public", "no kind")]
    {
        let (is_well, said) = gives(&[wrong]);
        assert!(!is_well && said.contains(why), "{wrong}: {said}");
    }
    assert!(gives(&["exchange=public"]).1.contains("exchange\tpublic\nproduct\tpublic\njob\tnetwork\n"));
}
